// The limits by themselves: when the next post may be made, and how long a failed one pauses.
#include "registry/store/rate_limits.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "registry/base/pacific_time.h"

using namespace asfs;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNoon = TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + 12h;

PostTime next(const RateLimits& limits, std::vector<TimePoint> taken, TimePoint now = kNoon,
              std::optional<TimePoint> wait = std::nullopt) {
  return PostTimes(limits, std::move(taken), wait, now).next(now);
}

void check_slot(const PostTime& slot, TimePoint at, PostTime::Why why) {
  CHECK(slot.at == at);
  CHECK(static_cast<int>(slot.why) == static_cast<int>(why));
}

// No window of the posts made holds more than it may.
void check_kept(const RateLimits& limits, const std::vector<TimePoint>& posts) {
  const auto within = [&](int most, auto end_of_window) {
    for (std::size_t i = 0; most > 0 && i + static_cast<std::size_t>(most) < posts.size(); ++i)
      if (posts[i + static_cast<std::size_t>(most)] < end_of_window(posts[i])) return false;
    return true;
  };
  REQUIRE(std::ranges::is_sorted(posts));
  CHECK(within(1, [&](TimePoint at) { return at + limits.cooldown; }));
  CHECK(within(limits.max_per_hour, [](TimePoint at) { return at + 1h; }));
  CHECK(within(limits.max_per_day, [&](TimePoint at) {
    return limits.pacific_day ? next_pacific_midnight(at) : TimePoint(at + 24h);
  }));
}

}  // namespace

TEST_CASE("without earlier posts the next one may be made now") {
  check_slot(next({.cooldown = 1h, .max_per_hour = 1, .max_per_day = 1}, {}), kNoon, PostTime::Why::free);
}

TEST_CASE("the cooldown counts from the last post, the hour and the day from the first in their window") {
  const RateLimits limits{.cooldown = 10min, .max_per_hour = 2, .max_per_day = 3};
  check_slot(next(limits, {kNoon - 9min}), kNoon + 1min, PostTime::Why::cooldown);
  check_slot(next(limits, {kNoon - 10min}), kNoon, PostTime::Why::free);
  check_slot(next(limits, {kNoon - 20min, kNoon - 50min}), kNoon + 10min, PostTime::Why::hour);
  check_slot(next(limits, {kNoon - 20h, kNoon - 10h, kNoon - 5h}), kNoon + 4h, PostTime::Why::day);
}

TEST_CASE("a Pacific day ends at midnight in Los Angeles") {
  const RateLimits limits{.max_per_day = 1, .pacific_day = true};
  check_slot(next(limits, {kNoon - 1h}), next_pacific_midnight(kNoon), PostTime::Why::day);
  check_slot(next(limits, {kNoon - 5h}), kNoon, PostTime::Why::free);  // yesterday in Los Angeles
}

TEST_CASE("the platform's own word counts when it is later") {
  const RateLimits limits{.cooldown = 10min};
  check_slot(next(limits, {kNoon - 5min}, kNoon, kNoon + 2h), kNoon + 2h, PostTime::Why::platform);
  check_slot(next(limits, {kNoon - 5min}, kNoon, kNoon - 2h), kNoon + 5min, PostTime::Why::cooldown);
}

TEST_CASE("the platform's quota counts, with the posts made elsewhere until it would be asked again") {
  const auto next_of = [](Quota quota, std::vector<TimePoint> taken, TimePoint now = kNoon) {
    return PostTimes({}, std::move(taken), std::nullopt, now, quota).next(now);
  };
  const std::vector<TimePoint> two{kNoon - 10h, kNoon - 9h};
  check_slot(next_of({.total = 3, .used = 2, .asked_at = kNoon}, two), kNoon, PostTime::Why::free);
  check_slot(next_of({.total = 2, .used = 2, .asked_at = kNoon}, two), kNoon + 14h, PostTime::Why::quota);
  // One of them by a phone: whether its window is over is asked again in an hour.
  check_slot(next_of({.total = 3, .used = 3, .asked_at = kNoon}, two), kNoon + 1h, PostTime::Why::quota);
  check_slot(next_of({.total = 1, .used = 1, .asked_at = kNoon}, {}), kNoon + 1h, PostTime::Why::quota);
  check_slot(next_of({.total = 1, .used = 1, .asked_at = kNoon - 1h}, {}), kNoon, PostTime::Why::free);
}

TEST_CASE("what is left of a day is the smaller of our limit and the platform's quota") {
  const auto left = [](const RateLimits& limits, Quota quota) {
    return PostTimes(limits, {kNoon - 2h}, std::nullopt, kNoon, quota).left_today(kNoon);
  };
  CHECK_FALSE(left({}, {}));
  CHECK(left({.max_per_day = 10}, {})->left == 9);
  const auto few = left({.max_per_day = 10}, {.total = 5, .used = 3, .asked_at = kNoon});
  CHECK(few->left == 2);
  CHECK(few->of == 5);
  CHECK(left({.max_per_day = 2}, {.total = 50, .used = 3, .asked_at = kNoon})->left == 1);
}

TEST_CASE("0 means no limit, and limits that do not hold are none") {
  const std::vector<TimePoint> many(50, kNoon - 1s);
  check_slot(next({}, many), kNoon, PostTime::Why::free);
  check_slot(next({.hold = false, .cooldown = 1h, .max_per_hour = 1}, many, kNoon, kNoon + 1h), kNoon,
             PostTime::Why::free);
}

TEST_CASE("a post noted in the future, by a clock that was wrong, counts as made now") {
  check_slot(next({.cooldown = 10min}, {kNoon + 24h * 365}), kNoon + 10min, PostTime::Why::cooldown);
}

TEST_CASE("a refusal names the time to the second and the limit") {
  const RateLimits limits{.cooldown = 1h, .max_per_hour = 2, .max_per_day = 1};
  const std::string text = too_soon_text("TikTok", {kNoon, PostTime::Why::cooldown}, limits);
  CHECK(text.starts_with("TikTok takes the next upload at 2026-11-24 "));
  CHECK(text.ends_with(":00 (one upload every 60 minutes)"));
  CHECK(reason_text(PostTime::Why::hour, limits) == "2 uploads an hour");
  CHECK(reason_text(PostTime::Why::day, limits) == "1 upload a day");
}

TEST_CASE("the pause doubles with every failure, grows by up to a quarter, and is capped") {
  const RateLimits limits{.retry_delay = 300s, .longest_retry_delay = 6h};
  CHECK(retry_pause(limits, 1, 0) == 300s);
  CHECK(retry_pause(limits, 2, 0) == 600s);
  CHECK(retry_pause(limits, 3, 0) == 1200s);
  CHECK(retry_pause(limits, 1, 1) == 375s);
  CHECK(retry_pause(limits, 60, 0) == 6h);
  CHECK(retry_pause(limits, 0, 0) == 300s);
}

TEST_CASE("over a year of random wishes no window is ever exceeded, and every free slot is taken") {
  for (const bool pacific : {false, true}) {
    std::mt19937 random(pacific ? 7 : 8);
    for (int round = 0; round < 20; ++round) {
      const auto pick = [&](int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random);
      };
      const RateLimits limits{.cooldown = std::chrono::minutes(pick(0, 90)),
                              .max_per_hour = pick(0, 4),
                              .max_per_day = pick(0, 12),
                              .pacific_day = pacific};
      PostTimes book(limits, {}, std::nullopt, kNoon);
      std::vector<TimePoint> posts;
      for (TimePoint now = kNoon; now < kNoon + 24h * 365; now += std::chrono::minutes(pick(1, 200))) {
        const PostTime slot = book.next(now);
        REQUIRE(slot.at >= now);
        // Never longer than the longest window, or something would starve.
        REQUIRE(slot.at <= now + 25h);
        if (slot.at > now && pick(0, 1)) now = slot.at;  // somebody waits for it
        if (book.next(now).at > now) continue;
        book.take(now);
        posts.push_back(now);
      }
      check_kept(limits, posts);
      CHECK(posts.size() > 300);
    }
  }
}

TEST_CASE("a book that has gone through many posts says what one that was made of them says") {
  std::mt19937 random(7);
  const RateLimits limits{
      .cooldown = 10min, .max_per_hour = 3, .max_per_day = 9, .app_per_day = 12, .app_shared = {}};
  const Quota quota{.total = 8, .used = 2, .asked_at = kNoon};
  PostTimes grown(limits, {}, std::nullopt, kNoon, quota);
  std::vector<TimePoint> all, by_others;
  for (TimePoint now = kNoon; all.size() < 200;) {
    now = grown.next(now + std::chrono::minutes(random() % 90)).at;
    const bool ours = random() % 3 > 0;
    (ours ? all : by_others).push_back(now);
    ours ? grown.take(now) : grown.take_by_app(now);
    const PostTimes made(limits, all, std::nullopt, now, quota, by_others);
    check_slot(grown.next(now), made.next(now).at, made.next(now).why);
    CHECK(grown.left_today(now)->left == made.left_today(now)->left);
  }
}
