// Stage 8, metadata: what the post of a clip says, from the words of the clip. Never a fragment. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/pipeline/material.h"
#include "app/pipeline/settings.h"

namespace asfs::pipeline {

struct ClipTexts {
  std::string title, caption;
  std::string description = {};  ///< YouTube's own, where it is not the caption; "": it is
  std::vector<std::string> hashtags = {};
  /// For people, where each comes from: `what is said`, `words.csv, line 3`.
  std::string title_from = {}, caption_from = {}, hashtags_from = {};
};

/// `source`: the name of the video for people; `n`: the clip's number.
ClipTexts texts_of(const Measure& measure, Span span, const TextSettings& settings, const std::string& source,
                   int n);

/// What the row says takes the place of what the clip says; the library's own hashtags stay.
void take_row(ClipTexts& texts, const PoolRow& row, const TextSettings& settings);

/// As the document beside a clip's file (metadata_document.h); what is "" is not in it.
std::string document_of(const ClipTexts& texts);
/// What a document beside the file says, and the texts do not: somebody wrote it there, and it holds. `name`:
/// of the document, for people.
void take_document(ClipTexts& texts, std::string_view document, const std::string& name);

}  // namespace asfs::pipeline
