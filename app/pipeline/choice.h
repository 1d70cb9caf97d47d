// Stage 6, validation: which of the scored stretches are proposed. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "app/pipeline/score.h"

namespace asfs::pipeline {

struct ChoiceSettings {
  std::size_t most = 0;     ///< clips; 0: one for each six minutes, 3 to 10
  std::size_t more = 0;     ///< a person asked for so many more, weak or not
  double min_score = 40.0;  ///< below it a proposal is weak
};

struct Proposal {
  Scored clip;
  bool weak = false;
};

/// The best first of `best` (as best_of() orders them), none over another and none with the words of a better
/// one; each further one out of the same tenth of the source counts five points less. At least three for a
/// source of three minutes and more, and one for any, weak ones marked: what is left is taken from between
/// the others. In order of time.
std::vector<Proposal> choose(const Scorer& scorer, const Measure& measure, const std::vector<Scored>& best,
                             const ScoreSettings& scoring, const ChoiceSettings& settings);

/// What two stretches say in common: shared words of all of both, 0..1; 0 when one has fewer than eight.
double likeness(const Measure& measure, Span one, Span other);

}  // namespace asfs::pipeline
