#include "app/pipeline/sound.h"
