// The formats that a transcript is read from, once it is known which one it is. Pure.
#pragma once

#include <string_view>

#include "app/pipeline/transcript.h"

namespace asfs::pipeline {

/// SRT, WebVTT or ASS in valid UTF-8, without a BOM. Code::not_found: it is none of these.
Result<Transcript> transcript_of_subtitles(std::string_view content);

/// A transcript's own name of its language, as `en`: of `en-US`, `EN`; "" for `auto` and what is no name.
std::string plain_language(std::string_view name);

}  // namespace asfs::pipeline
