#include "app/pipeline/captions.h"
