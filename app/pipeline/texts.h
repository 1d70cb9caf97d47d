// Stage 8, metadata: what the post of a clip says, from the words of the clip. Never a fragment. Pure.
#pragma once

#include <string>
#include <vector>

#include "app/pipeline/material.h"
#include "app/pipeline/settings.h"

namespace asfs::pipeline {

struct ClipTexts {
  std::string title, caption;
  std::vector<std::string> hashtags;
};

/// `source`: the name of the video for people; `n`: the clip's number.
ClipTexts texts_of(const Measure& measure, Span span, const TextSettings& settings, const std::string& source,
                   int n);

}  // namespace asfs::pipeline
