#include "app/pipeline/candidates.h"

#include <algorithm>
#include <cmath>

namespace asfs::pipeline {
namespace {

constexpr double kBefore = 0.35, kAfter = 0.45;  // an "s" at the end of a word is quiet and long
constexpr double kNearest = 0.2;                 // edges of less apart are one
constexpr double kGrid = 5.0;
constexpr std::size_t kFew = 3;

double lead_in(const std::vector<Word>& words, std::size_t word) {
  const double before = word == 0 ? 0.0 : words[word - 1].end;
  return std::max(0.0, words[word].start - std::min(kBefore, std::max(0.0, words[word].start - before) / 2));
}

double lead_out(const std::vector<Word>& words, std::size_t word, double duration) {
  const double after = word + 1 == words.size() ? duration : words[word + 1].start;
  return std::min(duration, words[word].end + std::min(kAfter, std::max(0.0, after - words[word].end) / 2));
}

/// Sound may go on when the pictures have ended: nothing is cut there.
void put_in_order(std::vector<double>& edges, double duration) {
  std::erase_if(edges, [&](double edge) { return edge > duration; });
  std::ranges::sort(edges);
  const auto same = [](double a, double b) { return b - a < kNearest; };
  edges.erase(std::unique(edges.begin(), edges.end(), same), edges.end());
}

struct Edges {
  std::vector<double> starts, ends;
};

Edges edges_of(const Measure& measure) {
  const Material& all = measure.material();
  const auto& words = all.transcript.words;
  Edges edges;
  for (const Sentence& sentence : all.transcript.sentences) {
    edges.starts.push_back(lead_in(words, sentence.first));
    edges.ends.push_back(lead_out(words, sentence.first + sentence.count - 1, all.source.duration));
  }
  if (words.empty()) {
    // Somebody may speak whom nobody wrote down: a tenth of a second of the pause stays.
    for (const Span& silence : all.sound.silences) {
      edges.starts.push_back(std::max(silence.start, silence.end - 0.1));
      edges.ends.push_back(std::min(silence.end, silence.start + 0.3));
    }
    if (!all.sound.there) edges.starts = edges.ends = all.scenes;
  }
  for (const double cut : all.scenes)
    if (measure.is_silent(cut)) {
      edges.starts.push_back(cut);
      edges.ends.push_back(cut);
    }
  return edges;
}

std::vector<Span> pairs(const Edges& edges, const Lengths& lengths) {
  std::vector<Span> found;
  for (const double start : edges.starts) {
    auto end = std::ranges::lower_bound(edges.ends, start + lengths.least);
    for (; end != edges.ends.end() && *end <= start + lengths.most; ++end) found.push_back({start, *end});
  }
  return found;
}

}  // namespace

std::vector<Span> find_candidates(const Measure& measure, const Lengths& lengths) {
  const double duration = measure.material().source.duration;
  Edges edges = edges_of(measure);
  for (auto* side : {&edges.starts, &edges.ends}) put_in_order(*side, duration);
  auto found = pairs(edges, lengths);
  if (found.size() >= kFew) return found;
  for (double at = 0.0; at < duration; at += kGrid) edges.starts.push_back(at), edges.ends.push_back(at);
  edges.ends.push_back(duration);
  for (auto* side : {&edges.starts, &edges.ends}) put_in_order(*side, duration);
  return pairs(edges, lengths);
}

Span around_words(const Measure& measure, Span span) {
  const auto [first, end] = measure.words_in(span);
  if (first == end) return span;
  const auto& words = measure.material().transcript.words;
  return {lead_in(words, first), lead_out(words, end - 1, measure.material().source.duration)};
}

}  // namespace asfs::pipeline
