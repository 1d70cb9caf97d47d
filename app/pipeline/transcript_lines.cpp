// The texts that hold a transcript: SRT, WebVTT, ASS.
#include "app/pipeline/transcript.h"
