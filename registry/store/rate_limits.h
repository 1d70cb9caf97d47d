// How fast uploads may follow each other on one platform, and how long a failed one waits for its next try.
//
// The limits come from config/rate_limits.json (config.h). The times of earlier posts come from the ledger
// (post_times.h), so no restart and no second process forgets them. Pure; any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"

namespace asfs {

struct RateLimits {
  bool hold = true;  ///< false: nothing is ever too soon
  std::chrono::seconds cooldown{0};
  int max_per_hour = 0;  ///< 0: as many as wanted; so for a day
  int max_per_day = 0;
  bool pacific_day = false;  ///< a day ends at midnight in Los Angeles; else it is any 24 hours
  std::chrono::seconds retry_delay{0};
  std::chrono::seconds longest_retry_delay{0};
  int max_retries = 3;  ///< by itself, after the first failure
  int app_per_day = 0;  ///< of all accounts that are posted to by one app; 0: as many as wanted
  std::vector<std::string> app_shared = {};  ///< the other destinations that are posted to by it
};

/// What a platform said of an account: the posts it may make in 24 hours, and those it made, by any program.
struct Quota {
  int total = 0;  ///< 0: it told of no limit
  int used = 0;
  TimePoint asked_at;
};
/// A quota that is used up is asked for again after this.
inline constexpr std::chrono::hours kQuotaAgain{1};

/// No limit looks back further: a Pacific day has up to 25 hours.
inline constexpr std::chrono::hours kLongestWindow{25};

/// When the next post may be made, and what it waits for.
struct PostTime {
  enum class Why : std::uint8_t { free, cooldown, hour, day, quota, chosen, app, platform };
  TimePoint at;
  Why why = Why::free;
};
inline constexpr std::size_t kPostTimeReasons = static_cast<std::size_t>(PostTime::Why::platform) + 1;

/// The posts one platform took lately and may be taking now, and the time it asked us to wait for.
class PostTimes {
 public:
  /// `taken` need not be sorted; what lies after `now` (the clock was put back) counts as now.
  /// `by_app`: the posts that the same app made for others.
  PostTimes(const RateLimits& limits, std::vector<TimePoint> taken, std::optional<TimePoint> platform_wait,
            TimePoint now, const Quota& quota = {}, std::vector<TimePoint> by_app = {});

  /// The first time from `now` on at which no limit is broken. `now` is not before any slot taken.
  PostTime next(TimePoint now) const;
  /// How many more may be made within the day of `now`, and of how many; nullopt when there is no such limit.
  struct Left {
    int left = 0, of = 0;
  };
  std::optional<Left> left_today(TimePoint now) const;
  /// Whether a post at `at` leaves the times that people chose theirs: none of `chosen` (ascending, later
  /// than `at`) goes later than it would without that post.
  bool leaves_room(TimePoint at, std::span<const TimePoint> chosen) const;
  /// A post is made at `at`; later than all before.
  void take(TimePoint at) {
    if (limits_.hold) add(taken_, at);
    take_by_app(at);
  }
  /// So for a post that the same app makes for another account.
  void take_by_app(TimePoint at) {
    if (limits_.hold && limits_.app_per_day > 0) add(by_app_, at);
  }

 private:
  void add(std::vector<TimePoint>& taken, TimePoint at) const;
  static std::optional<TimePoint> filled(const std::vector<TimePoint>& taken, int count);
  int room(TimePoint at) const;
  TimePoint quota_wait(TimePoint at) const;

  const RateLimits limits_;
  std::vector<TimePoint> taken_;  ///< ascending; of old ones only as many as limits count, as the next
  std::vector<TimePoint>
      by_app_;  ///< those and the posts the app made for others, ascending; where that is limited
  std::optional<TimePoint> platform_wait_;
  Quota quota_;
  int others_ = 0;  ///< posts of the quota that were made elsewhere
};

/// `one upload every 60 minutes`, `10 uploads a day`, `the platform asked to wait`.
std::string reason_text(PostTime::Why why, const RateLimits& limits);

/// `YouTube takes the next upload at 2026-11-24 14:05 (one upload every 60 minutes)`.
std::string too_soon_text(std::string_view platform, const PostTime& slot, const RateLimits& limits);

/// The pause before the retry after failure number `failure` (from 1): retry_delay * 2^(failure - 1), up to a
/// quarter longer by `jitter` (0 to 1), capped.
Duration retry_pause(const RateLimits& limits, int failure, double jitter);

}  // namespace asfs
