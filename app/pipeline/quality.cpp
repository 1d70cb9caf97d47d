#include "app/pipeline/quality.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr double kEnough = 0.6, kEnoughCovered = 0.5;
constexpr double kLongGap = 5.0, kLongOverlap = 0.5;  // seconds
constexpr double kBridged = 1.0;                      ///< so long a pause between words counts as said

double continuity_of(const std::vector<Sentence>& sentences) {
  if (sentences.empty()) return 0;
  double breaks = 0;
  for (std::size_t i = 1; i < sentences.size(); ++i) {
    const double gap = sentences[i].start - sentences[i - 1].end;
    if (gap > kLongGap || gap < -kLongOverlap) ++breaks;
  }
  return sentences.size() == 1 ? 1 : 1 - breaks / static_cast<double>(sentences.size() - 1);
}

/// As fast as people talk?
double density_of(const Transcript& transcript) {
  double spoken = 0;
  for (const Sentence& sentence : transcript.sentences) spoken += sentence.end - sentence.start;
  const double each_second = spoken > 0 ? static_cast<double>(transcript.words.size()) / spoken : 0;
  if (each_second < 0.5) return 0;
  if (each_second > 6) return 0.5;
  return each_second >= 1.5 && each_second <= 4 ? 1 : 0.7;
}

bool is_filler(std::string_view word) {
  constexpr std::string_view kFillers[] = {"um",       "uh",        "er",        "ah", "like",
                                           "actually", "basically", "literally", "so", "well"};
  while (!word.empty() && std::string_view(".,!?;:\"'").find(word.back()) != word.npos) word.remove_suffix(1);
  return word.size() <= 9 && std::ranges::find(kFillers, fold_case(word)) != std::end(kFillers);
}

/// 1 up to a twentieth of the words, 0.5 from a fifth on.
double fillers_of(const std::vector<Word>& words) {
  if (words.empty()) return 0;
  const auto count = std::ranges::count_if(words, [](const Word& word) { return is_filler(word.text); });
  const double share = static_cast<double>(count) / static_cast<double>(words.size());
  return 1 - 0.5 * std::clamp((share - 0.05) / 0.15, 0.0, 1.0);
}

/// Seconds of start..end that are not silent.
double sounding_seconds(const std::vector<Span>& silences, double start, double end) {
  double seconds = end - start;
  auto silence = std::ranges::upper_bound(silences, start, {}, &Span::end);
  for (; silence != silences.end() && silence->start < end; ++silence)
    seconds -= std::min(silence->end, end) - std::max(silence->start, start);
  return std::max(0.0, seconds);
}

double coverage_of(const std::vector<Word>& words, const std::vector<Span>& silences, double duration) {
  const double all = sounding_seconds(silences, 0, duration);
  double said = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool bridged = i + 1 < words.size() && words[i + 1].start - words[i].end <= kBridged;
    said += sounding_seconds(silences, words[i].start, bridged ? words[i + 1].start : words[i].end);
  }
  return all > 0 ? std::clamp(said / all, 0.0, 1.0) : 0;
}

double rounded(double share) {
  return std::round(share * 1000) / 1000;
}

}  // namespace

Quality check_quality(const Transcript& transcript, const Sound& sound, double duration) {
  Quality quality;
  quality.continuity = continuity_of(transcript.sentences);
  quality.density = density_of(transcript);
  quality.fillers = fillers_of(transcript.words);
  quality.coverage = coverage_of(transcript.words, sound.silences, duration);
  quality.score = 0.3 * quality.continuity + 0.3 * quality.density + 0.2 * quality.fillers;
  if (transcript.language_probability > 0)
    quality.score += 0.2 * transcript.language_probability;
  else
    quality.score /= 0.8;
  quality.passed = quality.score >= kEnough && quality.coverage >= kEnoughCovered;
  return quality;
}

Json to_json(const Quality& quality) {
  return {{"score", rounded(quality.score)},       {"continuity", rounded(quality.continuity)},
          {"density", rounded(quality.density)},   {"fillers", rounded(quality.fillers)},
          {"coverage", rounded(quality.coverage)}, {"passed", quality.passed}};
}

}  // namespace asfs::pipeline
