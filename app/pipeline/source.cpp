#include "app/pipeline/source.h"
