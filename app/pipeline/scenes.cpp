#include "app/pipeline/scenes.h"
