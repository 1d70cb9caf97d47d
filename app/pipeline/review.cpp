#include "app/pipeline/review.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr std::string_view kDecisions[] = {"proposed", "accepted", "rejected"};
constexpr double kShortest = 1.0, kLongest = 600.0;  // seconds of a clip that a person asks for
constexpr double kSame = 0.05;

bool same(Span one, Span other) {
  return std::abs(one.start - other.start) < kSame && std::abs(one.end - other.end) < kSame;
}
bool over(Span one, Span other) {
  return one.start < other.end - kSame && other.start < one.end - kSame;
}

void put_in_order(Review& review) {
  std::ranges::stable_sort(review.clips, {}, [](const ReviewClip& clip) { return clip.span.start; });
}

Result<ReviewClip*> numbered(Review& review, int n) {
  const auto found = std::ranges::find(review.clips, n, &ReviewClip::n);
  if (found != review.clips.end()) return &*found;
  std::string known;
  for (const ReviewClip& clip : review.clips) known += fmt::format("{}{}", known.empty() ? "" : ", ", clip.n);
  return fail(Code::usage, fmt::format("there is no clip {} of this video; there are: {}", n, known));
}

Result<void> check_span(Span span, double duration) {
  const std::string asked = fmt::format("{}-{}", time_text(span.start), time_text(span.end));
  if (span.length() < kShortest) return fail(Code::usage, asked + ": a clip takes one second at least");
  if (span.length() > kLongest) return fail(Code::usage, asked + ": a clip takes ten minutes at most");
  if (span.start < 0 || span.end > duration + kSame)
    return fail(Code::usage, fmt::format("{}: the video ends at {}", asked, time_text(duration)));
  return {};
}

ReviewClip& add_clip(Review& review, Span span, Decision decision, bool changed) {
  review.clips.push_back(
      {.n = review.next++, .span = span, .decision = decision, .changed = changed, .title = {}});
  return review.clips.back();
}

Result<void> trim(Review& review, int n, Span span, double duration, const std::vector<int>& cut) {
  auto clip = numbered(review, n);
  if (!clip) return std::unexpected(clip.error());
  if (auto fits = check_span(span, duration); !fits) return fits;
  if (std::ranges::find(cut, n) == cut.end()) {
    (*clip)->span = span;
    (*clip)->changed = true;
    (*clip)->decision = Decision::accepted;
    return {};
  }
  const std::string title = (*clip)->title;
  (*clip)->decision = Decision::rejected;
  add_clip(review, span, Decision::accepted, true).title = title;
  return {};
}

Result<void> set_decisions(Review& review, const std::vector<int>& numbers, Decision decision) {
  for (const int n : numbers) {
    auto clip = numbered(review, n);
    if (!clip) return std::unexpected(clip.error());
    (*clip)->decision = decision;
  }
  return {};
}

}  // namespace

std::string_view name_of(Decision decision) {
  return kDecisions[static_cast<std::size_t>(decision)];
}

const ReviewClip* Review::find(int n) const {
  const auto found = std::ranges::find(clips, n, &ReviewClip::n);
  return found == clips.end() ? nullptr : &*found;
}

void propose(Review& review, const std::vector<Proposal>& proposals) {
  const auto proposed = [&](const ReviewClip& clip) {
    return std::ranges::any_of(proposals,
                               [&](const Proposal& one) { return same(one.clip.span, clip.span); });
  };
  std::erase_if(review.clips, [&](const ReviewClip& clip) {
    return clip.decision == Decision::proposed && !clip.changed && !proposed(clip);
  });
  for (const Proposal& one : proposals) {
    const bool known = std::ranges::any_of(
        review.clips, [&](const ReviewClip& clip) { return over(clip.span, one.clip.span); });
    if (!known) add_clip(review, one.clip.span, Decision::proposed, false);
  }
  put_in_order(review);
}

Result<void> decide(Review& review, const Wishes& wishes, double duration, const std::vector<int>& cut) {
  Review changed = review;  // all of it, or nothing
  for (const auto& [n, span] : wishes.trim)
    if (auto done = trim(changed, n, span, duration, cut); !done) return done;
  if (auto done = set_decisions(changed, wishes.reject, Decision::rejected); !done) return done;
  if (auto done = set_decisions(changed, wishes.accept, Decision::accepted); !done) return done;
  for (const Span& span : wishes.add) {
    if (auto fits = check_span(span, duration); !fits) return fits;
    add_clip(changed, span, Decision::accepted, true);
  }
  if (wishes.accept_all)
    for (ReviewClip& clip : changed.clips)
      if (clip.decision == Decision::proposed) clip.decision = Decision::accepted;
  put_in_order(changed);
  review = std::move(changed);
  return {};
}

Json to_json(const Review& review) {
  Json clips = Json::array();
  for (const ReviewClip& clip : review.clips) {
    Json one{{"n", clip.n},
             {"start", clip.span.start},
             {"end", clip.span.end},
             {"decision", name_of(clip.decision)},
             {"changed", clip.changed}};
    if (!clip.title.empty()) one["title"] = clip.title;
    if (clip.crop_x >= 0) one["crop_x"] = clip.crop_x;
    clips.push_back(std::move(one));
  }
  return Json{{"next", review.next}, {"more", review.more}, {"clips", std::move(clips)}};
}

Result<Review> review_of(const Json& json) {
  Review review;
  review.next = static_cast<int>(std::min<std::uint64_t>(count_at(json, "next").value_or(1), 1'000'000));
  review.more = std::min<std::uint64_t>(count_at(json, "more").value_or(0), 1'000);
  for (const auto& one : child_at(json, "clips")) {
    ReviewClip clip{
        .n = static_cast<int>(number_at(one, "n").value_or(0)), .span = {}, .title = text_at(one, "title")};
    const auto decision = std::ranges::find(kDecisions, text_at(one, "decision"));
    const auto start = real_at(one, "start"), end = real_at(one, "end"), crop = real_at(one, "crop_x");
    if (clip.n < 1 || decision == std::end(kDecisions) || !start || !end)
      return fail(Code::failed,
                  fmt::format("review.json: a clip takes n, start, end and a decision, one of {}: {}",
                              fmt::join(kDecisions, ", "), one_line(dumped(one), 80)));
    clip.decision = static_cast<Decision>(decision - std::begin(kDecisions));
    clip.span = {*start, *end};
    clip.changed = flag_at(one, "changed");
    if (crop) clip.crop_x = std::clamp(*crop, 0.0, 1.0);
    review.next = std::max(review.next, clip.n + 1);
    review.clips.push_back(std::move(clip));
  }
  return review;
}

Result<double> time_of(std::string_view text) {
  double seconds = 0.0;
  std::string_view left = text;
  for (int parts = 0; parts < 3; ++parts) {
    const std::size_t colon = left.find(':');
    const std::string_view part = left.substr(0, colon);
    double value = 0.0;
    const auto [end, error] =
        std::from_chars(part.data(), part.data() + part.size(), value, std::chars_format::fixed);
    if (error != std::errc() || end != part.data() + part.size() || value < 0 || value > 1e6) break;
    seconds = 60 * seconds + value;
    if (colon == left.npos) return seconds;
    left.remove_prefix(colon + 1);
  }
  return fail(Code::usage,
              fmt::format("{}: give a time such as 12:31, 12:31.4 or 1:02:03", one_line(text, 40)));
}

Result<Span> span_of(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == text.npos)
    return fail(Code::usage, fmt::format("{}: give a stretch such as 12:31-13:10", one_line(text, 40)));
  const auto start = time_of(text.substr(0, dash)), end = time_of(text.substr(dash + 1));
  if (!start) return std::unexpected(start.error());
  if (!end) return std::unexpected(end.error());
  return Span{*start, *end};
}

std::string time_text(double seconds) {
  const auto tenths = static_cast<long>(std::lround(std::max(0.0, seconds) * 10));
  const std::string tail = fmt::format("{:02}.{}", tenths / 10 % 60, tenths % 10);
  return tenths < 36000 ? fmt::format("{}:{}", tenths / 600, tail)
                        : fmt::format("{}:{:02}:{}", tenths / 36000, tenths / 600 % 60, tail);
}

}  // namespace asfs::pipeline
