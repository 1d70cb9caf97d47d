// Stage 5, ai_scoring: what speaks for a stretch of a source as a clip: a sum of features, each with its raw
// value and a sentence. The same input gives the same numbers. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/pipeline/candidates.h"
#include "app/pipeline/word_lists.h"

namespace asfs::pipeline {

enum class FeatureKind { hook, completeness, edges, pace, energy, dead_air, length, picture };
inline constexpr std::size_t kFeatureKinds = 8;
std::string_view name_of(FeatureKind kind);

struct Feature {
  FeatureKind kind = FeatureKind::hook;
  double value = 0.0;   ///< 0..100
  double raw = 0.0;     ///< what was measured, in its own unit; see `why`
  double weight = 0.0;  ///< its part of the sum
  std::string why;      ///< one sentence
};

struct ScoreSettings {
  std::array<double, kFeatureKinds> weights{30, 20, 30, 12, 13, 10, 10, 5};  ///< by FeatureKind
  Lengths lengths;
  double best_least = 20.0, best_most = 45.0;  ///< seconds of a clip that platforms like best
};

struct Score {
  double total = 0.0;  ///< 0..100, to a tenth
  std::vector<Feature>
      features;  ///< those that could be measured: hook and completeness need words, edges none
};

/// Scores stretches of one source; keeps references to what it is made of.
class Scorer {
 public:
  Scorer(const Measure& measure, const ScoreSettings& settings);

  Score score(Span span) const;
  /// Null: there are no word lists for what is spoken.
  const WordList* words() const { return words_; }

 private:
  Feature hook(Span span, std::size_t first, std::size_t end) const;
  Feature completeness(Span span, std::size_t first, std::size_t end) const;
  Feature edges(Span span) const;
  std::optional<Feature> pace(std::size_t first, std::size_t end) const;
  std::optional<Feature> energy(Span span) const;
  Feature dead_air(Span span) const;
  Feature length(Span span) const;
  Feature picture(Span span) const;
  void add(Score& score, std::optional<Feature> feature) const;

  const Measure& measure_;
  const ScoreSettings& settings_;
  const WordList* words_;
};

struct Scored {
  Span span;
  Score score;
  std::optional<double> external;  ///< what somebody else's program said, 0..100
  std::string external_why;
  double total() const;  ///< ours, or 0.6 of theirs and 0.4 of ours; to a tenth
};

/// For each start the best end; the best first, by total and then by start. At most `most`.
std::vector<Scored> best_of(const Scorer& scorer, const std::vector<Span>& candidates,
                            std::size_t most = 2000);

/// `2` of 1.96: one digit behind the point.
double to_tenth(double value);

}  // namespace asfs::pipeline
