#include "registry/store/rate_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "registry/base/local_time.h"
#include "registry/base/pacific_time.h"

namespace asfs {
namespace {

using namespace std::chrono;

std::string span_text(seconds span) {
  if (span >= 2h && span % 1h == 0s) return fmt::format("{} hours", span / 1h);
  if (span >= 2min && span % 1min == 0s) return fmt::format("{} minutes", span / 1min);
  return fmt::format("{} second{}", span.count(), span == 1s ? "" : "s");
}

std::string count_text(int count, std::string_view per) {
  return fmt::format("{} upload{} {}", count, count == 1 ? "" : "s", per);
}

}  // namespace

PostTimes::PostTimes(const RateLimits& limits, std::vector<TimePoint> taken,
                     std::optional<TimePoint> platform_wait, TimePoint now, const Quota& quota,
                     std::vector<TimePoint> by_app)
    : limits_(limits),
      taken_(std::move(taken)),
      by_app_(std::move(by_app)),
      platform_wait_(platform_wait),
      quota_(quota) {
  for (TimePoint& at : taken_) at = std::min(at, now);
  std::ranges::sort(taken_);
  if (limits_.app_per_day > 0) by_app_.insert(by_app_.end(), taken_.begin(), taken_.end());
  for (TimePoint& at : by_app_) at = std::min(at, now);
  std::ranges::sort(by_app_);
  quota_.asked_at = std::min(quota_.asked_at, now);
  const auto counted = [&](TimePoint at) { return at > quota_.asked_at - 24h && at <= quota_.asked_at; };
  others_ = std::max(0, quota_.used - static_cast<int>(std::ranges::count_if(taken_, counted)));
}

/// Older ones than any limit counts go, so that a book of many posts is quickly copied.
void PostTimes::add(std::vector<TimePoint>& taken, TimePoint at) const {
  const int counted =
      std::max({limits_.max_per_hour, limits_.max_per_day, limits_.app_per_day, quota_.total, 1});
  const auto most = static_cast<std::size_t>(counted);
  if (taken.size() >= 2 * most) taken.erase(taken.begin(), taken.end() - counted);
  taken.push_back(at);
}

/// With so many posts since this one, the next one must leave its window.
std::optional<TimePoint> PostTimes::filled(const std::vector<TimePoint>& taken, int count) {
  if (count <= 0 || taken.size() < static_cast<std::size_t>(count)) return std::nullopt;
  return taken[taken.size() - static_cast<std::size_t>(count)];
}

/// Of the quota, for our own posts. When those made elsewhere leave their window is not known: they stand
/// until the platform would be asked again.
int PostTimes::room(TimePoint at) const {
  return at < quota_.asked_at + kQuotaAgain ? std::max(0, quota_.total - others_) : quota_.total;
}

TimePoint PostTimes::quota_wait(TimePoint at) const {
  const auto wait = [&](TimePoint from) {
    const auto first = filled(taken_, room(from));
    return first ? std::max<TimePoint>(from, *first + 24h) : from;
  };
  const TimePoint without_others = wait(std::max<TimePoint>(at, quota_.asked_at + kQuotaAgain));
  return room(at) == 0 ? without_others : std::min(wait(at), without_others);
}

PostTime PostTimes::next(TimePoint now) const {
  PostTime slot{now};
  if (!limits_.hold) return slot;
  const auto not_before = [&](TimePoint at, PostTime::Why why) {
    if (at > slot.at) slot = {at, why};
  };
  if (!taken_.empty()) not_before(taken_.back() + limits_.cooldown, PostTime::Why::cooldown);
  if (const auto first = filled(taken_, limits_.max_per_hour)) not_before(*first + 1h, PostTime::Why::hour);
  if (const auto first = filled(taken_, limits_.max_per_day))
    not_before(limits_.pacific_day ? next_pacific_midnight(*first) : *first + 24h, PostTime::Why::day);
  if (const auto first = filled(by_app_, limits_.app_per_day))
    not_before(limits_.pacific_day ? next_pacific_midnight(*first) : *first + 24h, PostTime::Why::app);
  if (quota_.total > 0) not_before(quota_wait(slot.at), PostTime::Why::quota);
  if (platform_wait_) not_before(*platform_wait_, PostTime::Why::platform);
  return slot;
}

bool PostTimes::leaves_room(TimePoint at, std::span<const TimePoint> chosen) const {
  if (!limits_.hold || chosen.empty()) return true;
  PostTimes with = *this, without = *this;
  with.take(at);
  TimePoint later = at, sooner = at;
  for (const TimePoint time : chosen) {
    later = with.next(std::max(later, time)).at;
    sooner = without.next(std::max(sooner, time)).at;
    if (later > sooner) return false;
    with.take(later);
    without.take(sooner);
  }
  return true;
}

std::optional<PostTimes::Left> PostTimes::left_today(TimePoint now) const {
  if (!limits_.hold) return std::nullopt;
  const auto over = [&](TimePoint at) {
    return (limits_.pacific_day ? next_pacific_midnight(at) : TimePoint(at + 24h)) <= now;
  };
  const auto made = [&](const std::vector<TimePoint>& at) {
    return static_cast<int>(at.end() - std::ranges::partition_point(at, over));
  };
  std::optional<Left> left;
  const auto at_most = [&](int room, int of) {
    if (of > 0 && (!left || room < left->left)) left = {std::max(0, room), of};
  };
  at_most(limits_.max_per_day - made(taken_), limits_.max_per_day);
  at_most(room(now) - made(taken_), quota_.total);
  at_most(limits_.app_per_day - made(by_app_), limits_.app_per_day);
  return left;
}

std::string reason_text(PostTime::Why why, const RateLimits& limits) {
  switch (why) {
    case PostTime::Why::cooldown:
      return "one upload every " + span_text(limits.cooldown);
    case PostTime::Why::hour:
      return count_text(limits.max_per_hour, "an hour");
    case PostTime::Why::day:
      return count_text(limits.max_per_day, "a day");
    case PostTime::Why::quota:
      return "the posts the platform allows the account in 24 hours are used up";
    case PostTime::Why::chosen:
      return "kept for a time that was chosen";
    case PostTime::Why::app:
      return count_text(limits.app_per_day, "a day with one app");
    case PostTime::Why::platform:
      return "the platform asked to wait";
    case PostTime::Why::free:
      return "now";
  }
  std::unreachable();
}

std::string too_soon_text(std::string_view platform, const PostTime& slot, const RateLimits& limits) {
  return fmt::format("{} takes the next upload at {} ({})", platform, time_text(slot.at),
                     reason_text(slot.why, limits));
}

Duration retry_pause(const RateLimits& limits, int failure, double jitter) {
  const double longest = static_cast<double>(limits.longest_retry_delay.count());
  const double base = static_cast<double>(limits.retry_delay.count()) * std::exp2(std::max(failure, 1) - 1);
  const double pause = std::min(base, longest) * (1.0 + 0.25 * std::clamp(jitter, 0.0, 1.0));
  return duration_cast<Duration>(duration<double>(pause));
}

}  // namespace asfs
