// The JSON that holds a transcript: of ASFS, whisper.cpp, openai-whisper and whisperx.
#include "app/pipeline/transcript.h"
