// Stage 3, quality_check: how far a transcript can be trusted. Pure.
#pragma once

#include "app/pipeline/transcript.h"

namespace asfs::pipeline {

/// Each 0..1. As the Python program scores, and coverage.
struct Quality {
  double score = 0.0;  ///< 0.3 continuity + 0.3 density + 0.2 fillers + 0.2 language probability;
                       ///< where that is not known, the others make up the whole
  double continuity = 0.0, density = 0.0, fillers = 0.0;
  double coverage = 0.0;  ///< seconds with words of those that are not silent
  bool passed = false;    ///< score of 0.6 and coverage of 0.5: else what is said counts half
};

Quality check_quality(const Transcript& transcript, const Sound& sound, double duration);

Json to_json(const Quality& quality);

}  // namespace asfs::pipeline
