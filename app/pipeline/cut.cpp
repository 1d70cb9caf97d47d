#include "app/pipeline/cut.h"
