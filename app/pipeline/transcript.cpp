#include "app/pipeline/transcript.h"
