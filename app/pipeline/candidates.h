// Stage 4, segmentation: every stretch of a source that could be a clip. What is scored is what is cut: a
// stretch begins a little before its first word and ends a little after its last one. Pure.
#pragma once

#include <vector>

#include "app/pipeline/material.h"

namespace asfs::pipeline {

struct Lengths {
  double least = 15.0, most = 60.0;  ///< seconds of a clip
};

/// In order of start, then of end. Starts are beginnings of sentences, ends of silences and scene cuts in a
/// silence; ends likewise. Where fewer than three of them fit, as in music, every five seconds is an edge,
/// too. Never none for a source that is longer than `least`.
std::vector<Span> find_candidates(const Measure& measure, const Lengths& lengths);

/// From the span's first word, at most 0.35 s earlier and not over half the gap, to its last one, at most
/// 0.45 s later; the span itself where nobody speaks in it.
Span around_words(const Measure& measure, Span span);

}  // namespace asfs::pipeline
