#include "app/pipeline/choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace asfs::pipeline {
namespace {

constexpr double kSameWords = 0.7;
constexpr double kSameTenth = 5.0;  // points
constexpr std::size_t kAtLeast = 3;
constexpr double kLongEnough = 180.0;  // seconds of a source that has so many

std::set<std::string> words_of(const Measure& measure, Span span) {
  const auto [first, end] = measure.words_in(span);
  std::set<std::string> words;
  for (std::size_t i = first; i < end; ++i) words.insert(folded(measure.material().transcript.words[i].text));
  return words;
}

bool overlap(Span one, Span other) {
  return one.start < other.end && other.start < one.end;
}

class Choice {
 public:
  Choice(const Measure& measure, double duration) : measure_(measure), duration_(duration) {}

  bool fits(const Scored& one) const {
    return std::ranges::none_of(taken_, [&](const Proposal& other) {
      return overlap(one.span, other.clip.span) ||
             likeness(measure_, one.span, other.clip.span) >= kSameWords;
    });
  }
  double worth(const Scored& one) const { return one.total() - kSameTenth * tenths_[tenth_of(one)]; }
  void take(const Scored& one, bool weak) {
    ++tenths_[tenth_of(one)];
    taken_.push_back({one, weak});
  }
  std::size_t size() const { return taken_.size(); }

  /// The widest stretch between those that are taken.
  Span widest_gap() const {
    auto spans = std::vector<Span>{{0, 0}, {duration_, duration_}};
    for (const Proposal& one : taken_) spans.push_back(one.clip.span);
    std::ranges::sort(spans, {}, &Span::start);
    Span widest;
    for (std::size_t i = 1; i < spans.size(); ++i) {
      const Span gap{spans[i - 1].end, spans[i].start};
      if (gap.length() > widest.length()) widest = gap;
    }
    return widest;
  }
  std::vector<Proposal> in_order() && {
    std::ranges::sort(taken_, {}, [](const Proposal& one) { return one.clip.span.start; });
    return std::move(taken_);
  }

 private:
  std::size_t tenth_of(const Scored& one) const {
    return std::min<std::size_t>(9,
                                 static_cast<std::size_t>(10.0 * one.span.start / std::max(1.0, duration_)));
  }

  const Measure& measure_;
  const double duration_;
  std::vector<Proposal> taken_;
  std::array<double, 10> tenths_{};
};

const Scored* best_left(const Choice& choice, const std::vector<Scored>& best) {
  const Scored* found = nullptr;
  for (const Scored& one : best)
    if ((found == nullptr || choice.worth(one) > choice.worth(*found)) && choice.fits(one)) found = &one;
  return found;
}

}  // namespace

double likeness(const Measure& measure, Span one, Span other) {
  const auto a = words_of(measure, one), b = words_of(measure, other);
  if (a.size() < 8 || b.size() < 8) return 0.0;
  const auto shared =
      static_cast<double>(std::ranges::count_if(a, [&](const auto& word) { return b.contains(word); }));
  return shared / (static_cast<double>(a.size() + b.size()) - shared);
}

std::vector<Proposal> choose(const Scorer& scorer, const Measure& measure, const std::vector<Scored>& best,
                             const ScoreSettings& scoring, const ChoiceSettings& settings) {
  const double duration = measure.material().source.duration;
  const std::size_t least = duration >= kLongEnough ? kAtLeast : 1;
  const auto by_length = static_cast<std::size_t>(std::clamp(duration / 360.0, 3.0, 10.0));
  const std::size_t wanted = settings.most > 0 ? settings.most : by_length;
  const std::size_t most = wanted + settings.more;
  Choice choice(measure, duration);
  while (choice.size() < most) {
    const Scored* next = best_left(choice, best);
    if (next == nullptr) break;
    const bool weak = next->total() < settings.min_score;
    if (weak && choice.size() >= least && settings.more == 0) break;
    choice.take(*next, weak);
  }
  while (choice.size() < std::min(least, most)) {
    Span gap = choice.widest_gap();
    if (gap.length() < scoring.lengths.least) break;
    gap.end = std::min(gap.end, gap.start + std::max(scoring.lengths.least, scoring.best_most));
    choice.take({gap, scorer.score(gap), {}, {}}, true);
  }
  return std::move(choice).in_order();
}

}  // namespace asfs::pipeline
