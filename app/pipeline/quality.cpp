#include "app/pipeline/quality.h"
