#include "app/pipeline/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/pipeline/spoken.h"

namespace asfs::pipeline {
namespace {

constexpr std::string_view kNames[] = {"hook",   "completeness", "edges",  "pace",
                                       "energy", "dead_air",     "length", "picture"};
static_assert(std::size(kNames) == kFeatureKinds);

/// From 100 at `full` to 0 at `none`.
double falling(double value, double full, double none) {
  return std::clamp(100.0 * (none - value) / (none - full), 0.0, 100.0);
}

/// The words `a, b and c`; `otherwise` of none.
std::string listed(const std::vector<std::string>& said, std::string_view otherwise) {
  if (said.empty()) return std::string(otherwise);
  std::string text = said.front();
  for (std::size_t i = 1; i < said.size(); ++i) text += (i + 1 == said.size() ? " and " : ", ") + said[i];
  return text;
}

/// Points that signs give, and what they are called.
struct Points {
  double points = 0.0, possible = 0.0;
  std::vector<std::string> said;
  void give(bool is_so, double worth, std::string_view words) {
    possible += std::max(0.0, worth);
    if (!is_so) return;
    points += worth;
    said.emplace_back(words);
  }
};

bool needs_words(FeatureKind kind) {
  return kind == FeatureKind::hook || kind == FeatureKind::completeness || kind == FeatureKind::pace;
}

}  // namespace

std::string_view name_of(FeatureKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

double to_tenth(double value) {
  return std::round(value * 10.0) / 10.0;
}

Scorer::Scorer(const Measure& measure, const ScoreSettings& settings)
    : measure_(measure), settings_(settings), words_(words_for(measure.material().transcript)) {}

Feature Scorer::hook(Span span, std::size_t first, std::size_t end) const {
  const Opening opening = opening_of(measure_, words_, span, first, end);
  Points points;
  points.give(opening.question, 25, "asks a question");
  points.give(opening.number, 15, "says a number");
  if (words_ != nullptr) {
    points.give(opening.second_person, 10, "speaks to the viewer");
    points.give(opening.contrast, 20, "sets against");
  }
  const double possible = 40 + points.possible;
  if (words_ != nullptr) points.give(opening.connector, -20, "begins with a linking word");
  points.give(opening.pause > 0.4, -20, "begins with a pause");
  double value = std::clamp(40 + points.points, 0.0, 100.0);
  if (words_ == nullptr) value = std::clamp(100 * (40 + points.points) / possible, 0.0, 100.0);
  if (opening.greeting) {
    value = std::min(value, 20.0);
    points.said.emplace_back("greets before it says anything");
  }
  return {
      FeatureKind::hook, value, static_cast<double>(opening.words), 0,
      fmt::format("its first {} words: {}", opening.words, listed(points.said, "nothing that stands out"))};
}

Feature Scorer::completeness(Span span, std::size_t first, std::size_t end) const {
  const auto& words = measure_.material().transcript.words;
  const std::string opener = folded(words[first].text);
  const double after = end < words.size() ? words[end].start - words[end - 1].end
                                          : measure_.material().source.duration - words[end - 1].end;
  Points points;
  points.give(measure_.begins_sentence(first), 35, "begins with a sentence");
  points.give(measure_.ends_sentence(end - 1), 35, "ends with one");
  points.give(
      words_ == nullptr || !(words_->connectors.contains(opener) || words_->pronouns.contains(opener)), 10,
      "needs nothing said before");
  points.give(after >= 0.3, 10, "pauses after it");
  points.give(words[end - 1].text.find('?') == std::string::npos, 10, "leaves no question open");
  return {FeatureKind::completeness, points.points, span.length(), 0,
          points.points >= 100 ? "whole sentences that need nothing before or after"
                               : listed(points.said, "begins and ends inside sentences")};
}

Feature Scorer::edges(Span span) const {
  double loudest = -70.0;
  for (const float frame : measure_.loud_frames({span.start, span.start + 2}))
    loudest = std::max<double>(loudest, frame);
  const double rise = loudest - measure_.level(span.start);
  Points points;
  points.give(measure_.silent_seconds({span.start - 0.8, span.start + 0.2}) >= 0.5, 25, "a pause before it");
  points.give(measure_.silent_seconds({span.end - 0.2, span.end + 0.8}) >= 0.5, 25, "a pause after it");
  points.give(measure_.nearest_cut(span.start) <= 0.5 || measure_.nearest_cut(span.end) <= 0.5, 25,
              "an edge at a scene cut");
  points.give(rise >= 6.0, 25, "a beginning that rises");
  return {FeatureKind::edges, points.points, to_tenth(rise), 0,
          listed(points.said, "its edges are nowhere in particular")};
}

std::optional<Feature> Scorer::pace(std::size_t first, std::size_t end) const {
  const double seconds = measure_.spoken_seconds(first, end), usual = measure_.usual_pace();
  if (end - first < 3 || seconds <= 0.0 || usual <= 0.0) return std::nullopt;
  const auto& words = measure_.material().transcript.words;
  const double pace = static_cast<double>(end - first) / (words[end - 1].end - words[first].start);
  const double ratio = pace / usual;
  const double value = ratio < 1.0 ? 100.0 - falling(ratio, 0.4, 1.0) : falling(ratio, 1.4, 2.2);
  return Feature{FeatureKind::pace, value, to_tenth(pace), 0,
                 fmt::format("{:.1f} words a second, {:.0f} % of the usual pace", pace, 100 * ratio)};
}

std::optional<Feature> Scorer::energy(Span span) const {
  auto frames = measure_.loud_frames(span);
  if (frames.size() < 10) return std::nullopt;
  double sum = 0.0;
  for (const float frame : frames) sum += frame;
  const double above = sum / static_cast<double>(frames.size()) - measure_.material().sound.loudness;
  std::ranges::sort(frames);
  const double range = frames[frames.size() * 95 / 100] - frames[frames.size() / 10];
  const double base = above >= 0 ? 50 + above * 50 / 3 : 50 + above * 10;
  const double value =
      std::clamp(std::clamp(base, 0.0, 100.0) + std::clamp(range - 8.0, 0.0, 1.0) * 10, 0.0, 100.0);
  return Feature{FeatureKind::energy, value, to_tenth(above), 0,
                 fmt::format("{:.1f} LU {} the whole video, in a range of {:.0f} LU", std::abs(above),
                             above < 0 ? "quieter than" : "louder than", range)};
}

Feature Scorer::dead_air(Span span) const {
  const double share = 100.0 * measure_.silent_seconds(span) / std::max(0.1, span.length());
  return {FeatureKind::dead_air, std::clamp(100.0 - 4.0 * std::max(0.0, share - 8.0), 0.0, 100.0),
          to_tenth(share), 0, fmt::format("{:.0f} % of it is silent", share)};
}

Feature Scorer::length(Span span) const {
  const double seconds = span.length();
  double value = 100.0;
  if (seconds < settings_.best_least)
    value = 100.0 - falling(seconds, std::min(settings_.lengths.least, settings_.best_least - 1),
                            settings_.best_least);
  else if (seconds > settings_.best_most)
    value = 60.0 + 0.4 * falling(seconds, settings_.best_most,
                                 std::max(settings_.lengths.most, settings_.best_most + 1));
  return {FeatureKind::length, value, to_tenth(seconds), 0,
          fmt::format("{:.0f} s long; {:.0f} to {:.0f} s do best", seconds, settings_.best_least,
                      settings_.best_most)};
}

Feature Scorer::picture(Span span) const {
  const double pace = 60.0 * static_cast<double>(measure_.cuts_in(span)) / std::max(1.0, span.length());
  return {FeatureKind::picture, falling(std::max(pace, 12.0), 12.0, 60.0), to_tenth(pace), 0,
          fmt::format("{:.0f} scene cuts a minute", pace)};
}

void Scorer::add(Score& score, std::optional<Feature> feature) const {
  if (!feature) return;
  feature->value = to_tenth(feature->value);
  feature->weight = settings_.weights[static_cast<std::size_t>(feature->kind)];
  if (needs_words(feature->kind) && !measure_.material().quality.passed) feature->weight /= 2;
  score.features.push_back(*std::move(feature));
}

Score Scorer::score(Span span) const {
  const auto [first, end] = measure_.words_in(span);
  Score score;
  if (measure_.material().transcript.words.empty()) {
    add(score, edges(span));
  } else if (first < end) {
    add(score, hook(span, first, end));
    add(score, completeness(span, first, end));
    add(score, pace(first, end));
  } else {  // nobody speaks there
    add(score, Feature{FeatureKind::hook, 0, 0, 0, "nothing is said"});
    add(score, Feature{FeatureKind::completeness, 0, 0, 0, "nothing is said"});
  }
  add(score, energy(span));
  if (measure_.material().sound.there) add(score, dead_air(span));
  add(score, length(span));
  add(score, picture(span));
  double sum = 0.0, weights = 0.0;
  for (const Feature& feature : score.features)
    sum += feature.weight * feature.value, weights += feature.weight;
  score.total = weights > 0.0 ? to_tenth(sum / weights) : 0.0;
  return score;
}

double Scored::total() const {
  return external ? to_tenth(0.6 * *external + 0.4 * score.total) : score.total;
}

std::vector<Scored> best_of(const Scorer& scorer, const std::vector<Span>& candidates, std::size_t most) {
  std::vector<Scored> best;
  for (const Span& span : candidates) {
    Scored one{span, scorer.score(span), {}, {}};
    if (best.empty() || best.back().span.start != span.start)
      best.push_back(std::move(one));
    else if (one.score.total > best.back().score.total)
      best.back() = std::move(one);
  }
  std::ranges::stable_sort(best, std::greater{}, [](const Scored& one) { return one.score.total; });
  if (best.size() > most) best.resize(most);
  return best;
}

}  // namespace asfs::pipeline
