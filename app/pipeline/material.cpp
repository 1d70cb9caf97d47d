#include "app/pipeline/material.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace asfs::pipeline {

namespace {

constexpr double kRounding = 0.05;  // seconds by which a word may stand over the edge of what it belongs to

double middle_pace(const Transcript& transcript) {
  std::vector<double> paces;
  for (const Sentence& sentence : transcript.sentences)
    if (sentence.count >= 3 && sentence.end > sentence.start)
      paces.push_back(static_cast<double>(sentence.count) / (sentence.end - sentence.start));
  if (paces.empty()) return 0.0;
  const auto middle = paces.begin() + static_cast<long>(paces.size() / 2);
  std::ranges::nth_element(paces, middle);
  return *middle;
}

}  // namespace

Measure::Measure(const Material& material)
    : material_(material),
      begins_(material.transcript.words.size()),
      ends_(material.transcript.words.size()),
      spoken_{0.0},
      silent_{0.0},
      usual_pace_(middle_pace(material.transcript)) {
  for (const Sentence& sentence : material.transcript.sentences) {
    if (sentence.count == 0 || sentence.first + sentence.count > begins_.size()) continue;
    begins_[sentence.first] = true;
    ends_[sentence.first + sentence.count - 1] = true;
  }
  for (const Word& word : material.transcript.words)
    spoken_.push_back(spoken_.back() + (word.end - word.start));
  for (const Span& silence : material.sound.silences) silent_.push_back(silent_.back() + silence.length());
}

std::pair<std::size_t, std::size_t> Measure::words_in(Span span) const {
  const auto& words = material_.transcript.words;
  const auto first = std::ranges::lower_bound(words, span.start - kRounding, {}, &Word::start);
  const auto end = std::ranges::upper_bound(words, span.end + kRounding, {}, &Word::end);
  const auto from = static_cast<std::size_t>(first - words.begin());
  return {from, std::max(from, static_cast<std::size_t>(end - words.begin()))};
}

double Measure::silent_before(double at) const {
  const auto& silences = material_.sound.silences;
  const auto next = std::ranges::lower_bound(silences, at, {}, &Span::start);
  if (next == silences.begin()) return 0.0;
  const auto before = static_cast<std::size_t>(next - silences.begin()) - 1;
  return silent_[before] + std::min(silences[before].end, at) - silences[before].start;
}

double Measure::silent_seconds(Span span) const {
  return std::max(0.0, silent_before(span.end) - silent_before(span.start));
}

bool Measure::is_silent(double at) const {
  const auto& silences = material_.sound.silences;
  const auto next = std::ranges::upper_bound(silences, at, {}, &Span::start);
  return next != silences.begin() && std::prev(next)->end >= at;
}

std::vector<float> Measure::loud_frames(Span span) const {
  const auto& frames = material_.sound.momentary;
  const auto place = [&](double at) {
    return std::min(frames.size(), static_cast<std::size_t>(std::max(0.0, at / Sound::kStep)));
  };
  std::vector<float> loud;
  for (std::size_t i = place(span.start), end = place(span.end); i < end; ++i)
    if (!is_silent((static_cast<double>(i) + 0.5) * Sound::kStep)) loud.push_back(frames[i]);
  return loud;
}

double Measure::level(double at) const {
  const auto& frames = material_.sound.momentary;
  const auto place = static_cast<std::size_t>(std::max(0.0, at / Sound::kStep));
  return place < frames.size() ? static_cast<double>(frames[place]) : -70.0;
}

std::size_t Measure::cuts_in(Span span) const {
  const auto& cuts = material_.scenes;
  return static_cast<std::size_t>(std::ranges::lower_bound(cuts, span.end) -
                                  std::ranges::upper_bound(cuts, span.start));
}

double Measure::nearest_cut(double at) const {
  const auto& cuts = material_.scenes;
  double nearest = std::numeric_limits<double>::infinity();
  const auto next = std::ranges::lower_bound(cuts, at);
  if (next != cuts.end()) nearest = *next - at;
  if (next != cuts.begin()) nearest = std::min(nearest, at - *std::prev(next));
  return nearest;
}

}  // namespace asfs::pipeline
