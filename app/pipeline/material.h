// What stages 0 to 3 found out about a source, and what can be asked about any part of it in no time. Pure.
#pragma once

#include <vector>

#include "app/pipeline/quality.h"
#include "app/pipeline/source.h"
#include "app/pipeline/transcript.h"

namespace asfs::pipeline {

struct Material {
  SourceFacts source;
  Sound sound;
  Transcript transcript;
  Quality quality;
  std::vector<double> scenes;  ///< times of scene cuts
};

/// Answers from sums that are made once. Keeps a reference to the material.
class Measure {
 public:
  explicit Measure(const Material& material);

  const Material& material() const { return material_; }
  /// Words that lie wholly in the span: places in Transcript::words, the second one behind the last.
  std::pair<std::size_t, std::size_t> words_in(Span span) const;
  bool begins_sentence(std::size_t word) const { return begins_[word]; }
  bool ends_sentence(std::size_t word) const { return ends_[word]; }
  double silent_seconds(Span span) const;
  /// Seconds of words.
  double spoken_seconds(std::size_t first, std::size_t end) const { return spoken_[end] - spoken_[first]; }
  /// LUFS values of the span's frames that are not silent, in order of time.
  std::vector<float> loud_frames(Span span) const;
  /// LUFS at a time; -70 where there is no sound.
  double level(double at) const;
  std::size_t cuts_in(Span span) const;
  /// How far the next scene cut is from a time.
  double nearest_cut(double at) const;
  /// Words a second of the source's sentence in the middle.
  double usual_pace() const { return usual_pace_; }
  bool is_silent(double at) const;

 private:
  double silent_before(double at) const;

  const Material& material_;
  std::vector<bool> begins_, ends_;  // by word
  std::vector<double> spoken_;       // by word: seconds of those before it
  std::vector<double> silent_;       // by silence: seconds of those before it
  double usual_pace_ = 0.0;
};

}  // namespace asfs::pipeline
