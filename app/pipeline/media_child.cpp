// A child that tells how far it is.
#include "app/pipeline/media_child.h"
