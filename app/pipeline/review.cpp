#include "app/pipeline/review.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "app/pipeline/captions.h"
#include "app/pipeline/section.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr std::string_view kDecisions[] = {"proposed", "accepted", "rejected"};
constexpr double kShortest = 1.0, kLongest = 600.0;  // seconds of a clip that a person asks for
constexpr double kSame = 0.05;
constexpr int kMostClips = 1'000'000;
constexpr std::size_t kLongestWords = 10'000;  // bytes of captions that a person writes

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
  if (span.length() > kLongest + kSame)
    return fail(Code::usage, asked + ": a clip takes ten minutes at most");
  if (span.start < 0 || span.end > duration + kSame)
    return fail(Code::usage, fmt::format("{}: the video ends at {}", asked, time_text(duration)));
  return {};
}

ReviewClip& add_clip(Review& review, Span span, Decision decision, bool changed) {
  review.clips.push_back(
      {.n = review.next++, .span = span, .decision = decision, .changed = changed, .title = {}});
  return review.clips.back();
}

Result<void> trim(Review& review, int n, Span span, const Transcript& transcript, double duration,
                  const std::vector<int>& cut) {
  auto found = numbered(review, n);
  if (!found) return std::unexpected(found.error());
  if (auto fits = check_span(span, duration); !fits) return fits;
  ReviewClip trimmed = **found;
  if (!trimmed.words.empty()) trimmed.words = moved_words(trimmed.words, transcript, trimmed.span, span);
  trimmed.span = span;
  trimmed.changed = true;
  trimmed.decision = Decision::accepted;
  if (std::ranges::find(cut, n) == cut.end()) {
    **found = std::move(trimmed);
    return {};
  }
  (*found)->decision = Decision::rejected;
  trimmed.n = review.next++;
  review.clips.push_back(std::move(trimmed));
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

/// `review.json: clip 3`, or where no number can be read its place in the list.
std::string place_of(const Json& clip, std::size_t place) {
  const auto n = number_at(clip, "n");
  return n ? fmt::format("review.json: clip {}", *n) : fmt::format("review.json: number {} of clips", place);
}

/// true, false, or what they are to show.
void read_captions(Section& section, ReviewClip& clip) {
  const Json& captions = section.value("captions");
  if (captions.is_null()) return;
  if (captions.is_string()) clip.words = trimmed(captions.get<std::string>());
  const bool fits = captions.is_boolean() || (!clip.words.empty() && clip.words.size() <= kLongestWords);
  if (!fits)
    return section.refuse(
        "captions", fmt::format("true, false, or the words that they show, at most {} bytes", kLongestWords));
  clip.captions = captions.is_string() || captions.get<bool>();
}

Result<ReviewClip> clip_of(const Json& json, const std::string& where, double duration) {
  if (!json.is_object()) return fail(Code::failed, where + ": give an object, as the others are");
  ReviewClip clip{.span = {}, .title = {}};
  for (const char* key : {"n", "start", "end", "decision"})
    if (child_at(json, key).is_null())
      return fail(Code::failed, fmt::format("{}: {} is missing", where, key));
  Section section(json, where, Code::failed);
  section.whole("n", 1, kMostClips - 1, clip.n);
  section.number("start", 0, 1e9, clip.span.start);
  section.number("end", 0, 1e9, clip.span.end);
  section.one_of("decision", kDecisions, clip.decision);
  section.flag("changed", clip.changed);
  section.text("title", clip.title);
  clip.title = std::string(trimmed(clip.title));
  section.number("crop_x", 0, 1, clip.crop_x);
  read_captions(section, clip);
  if (auto wrong = section.error()) return std::unexpected(*std::move(wrong));
  const auto fits = check_span(clip.span, duration);
  if (!fits) return fail(Code::failed, fmt::format("{}: start and end: {}", where, fits.error().message));
  return clip;
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
    return clip.decision == Decision::proposed && !clip.is_edited() && !proposed(clip);
  });
  for (const Proposal& one : proposals) {
    const bool known = std::ranges::any_of(
        review.clips, [&](const ReviewClip& clip) { return over(clip.span, one.clip.span); });
    if (!known) add_clip(review, one.clip.span, Decision::proposed, false);
  }
  put_in_order(review);
}

Result<void> decide(Review& review, const Wishes& wishes, const Transcript& transcript, double duration,
                    const std::vector<int>& cut) {
  Review changed = review;  // all of it, or nothing
  for (const auto& [n, span] : wishes.trim)
    if (auto done = trim(changed, n, span, transcript, duration, cut); !done) return done;
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
    if (clip.captions) one["captions"] = captions_json(clip);
    clips.push_back(std::move(one));
  }
  return Json{{"next", review.next}, {"more", review.more}, {"clips", std::move(clips)}};
}

Json captions_json(const ReviewClip& clip) {
  if (!clip.words.empty()) return clip.words;
  return clip.captions ? Json(*clip.captions) : Json();
}

Result<Review> review_of(const Json& json, double duration) {
  Review review;
  Section all(json, "review.json", Code::failed);
  all.whole("next", 1, kMostClips, review.next);
  all.whole("more", 0, 1000, review.more);
  const Json& clips = all.value("clips");
  if (!clips.is_null() && !clips.is_array()) all.refuse("clips", "a list of clips");
  if (auto wrong = all.error()) return std::unexpected(*std::move(wrong));
  for (const Json& one : clips) {
    const std::string where = place_of(one, review.clips.size() + 1);
    auto clip = clip_of(one, where, duration);
    if (!clip) return std::unexpected(clip.error());
    if (review.find(clip->n) != nullptr)
      return fail(Code::failed, fmt::format("{}: n: is there twice; give each clip its own", where));
    review.next = std::max(review.next, clip->n + 1);
    review.clips.push_back(*std::move(clip));
  }
  put_in_order(review);
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
