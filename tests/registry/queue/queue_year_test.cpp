// A year of the queue over the ledger: random uploads, failures, crashes, restarts, nights asleep, clocks put
// back, and a person who pauses it, or some of it, and lets it go.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "registry/ledger/upload_ledger.h"
#include "registry/queue/upload_queue.h"
#include "tests/support/test_library.h"
#include "tests/support/zone.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

const RateLimits kLimits{.cooldown = 2h,
                         .max_per_hour = 1,
                         .max_per_day = 5,
                         .retry_delay = 5min,
                         .longest_retry_delay = 6h,
                         .max_retries = 100};
constexpr std::string_view kPlatform = "TikTok";

/// The world in which a program works the queue off, as the runner does.
struct Year {
  TestLibrary test;
  std::mt19937 random{2026};
  std::optional<VideoRegistry> registry = test.open();
  Duration put_back{0};                     ///< how far the clock lags behind the true time by now
  std::vector<TimePoint> posts;             ///< in true time
  std::map<std::string, TimePoint> waited;  ///< by the clock: not before
  std::set<std::string> held;               ///< by a person
  bool all_held = false;
  int made = 0, pauses = 0;

  TimePoint now() const { return test.clock.now(); }
  TimePoint true_now() const { return now() + put_back; }
  int pick(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); }
  UploadQueue queue() { return UploadQueue(*registry); }

  void ask_for_more() {
    std::vector<QueueItem> items;
    const int count = pick(1, 30);
    for (int i = 0; i < count; ++i) {
      const std::string id = "clip_" + std::to_string(made++);
      REQUIRE(registry->register_video({.id = id, .file_path = "x.mp4"}));
      items.push_back({.video_id = id, .platform = std::string(kPlatform)});
      waited[id] = now() - 24h * 365;
      if (all_held) held.insert(id);
    }
    if (pick(0, 2) == 0) {  // one a day, or each some hours
      const std::chrono::seconds every = pick(0, 1) ? 24h : std::chrono::hours(pick(1, 9));
      const auto times = slots_of(now() + std::chrono::hours(pick(1, 100)), every, 30min, items.size(),
                                  [&] { return pick(0, 100) / 100.0; });
      const auto missed = pick(0, 1) ? Schedule::IfMissed::next : Schedule::IfMissed::now;
      for (std::size_t i = 0; i < items.size(); ++i) {
        items[i].schedule = Schedule{times[i], missed, every};
        waited[items[i].video_id] = times[i];
      }
    }
    REQUIRE(queue().add(items));
  }

  /// What happens between two uploads.
  void let_happen() {
    const int what = pick(0, 99);
    if (what < 3 && waited.size() < 60) ask_for_more();
    if (what == 3) test.clock.advance(std::chrono::hours(pick(1, 60)));  // asleep
    if (what == 4) {
      const auto by = std::chrono::minutes(pick(1, 300));
      test.clock.advance(-by);
      put_back += by;
    }
    if (what == 5) hold_one();
    if (what == 6) hold_all(pick(0, 2) == 0);
    if (what < 20) registry = test.open();  // restarted
  }

  void hold_one() {
    if (waited.empty()) return;
    const std::string id = std::next(waited.begin(), pick(0, static_cast<int>(waited.size()) - 1))->first;
    REQUIRE(queue().hold(id, kPlatform, true).value());
    held.insert(id);
  }

  void hold_all(bool now_held) {
    all_held = now_held;
    pauses += now_held;
    REQUIRE(queue().hold_all(now_held));
    held.clear();
    if (now_held)
      for (const auto& [id, time] : waited) held.insert(id);
  }

  void finish(const std::string& id, std::int64_t attempt, AttemptState state,
              std::optional<TimePoint> again) {
    REQUIRE(UploadLedger(*registry).finish(attempt, {.state = state, .retry_at = again, .max_retries = 100}));
    if (again) {
      waited[id] = *again;
      REQUIRE(queue().put_back(id, kPlatform, *again));
      return;
    }
    posts.push_back(true_now());
    waited.erase(id);
    REQUIRE(queue().remove(id, kPlatform));
  }

  void upload(const std::string& id) {
    const auto claim = UploadLedger(*registry).claim(
        {.video_id = id, .platform = std::string(kPlatform), .limits = kLimits});
    if (!claim) {  // of a crashed try whose lease is not over yet, or the clock was put back
      REQUIRE(queue().put_back(id, kPlatform, now() + 5min));
      return;
    }
    test.clock.advance(std::chrono::seconds(pick(1, 40)));
    const int fate = pick(0, 9);
    if (fate == 9) return;  // it crashes: the item stays lent
    if (fate == 8) return finish(id, claim->attempt_id, AttemptState::rate_limited, now() + 3h);
    if (fate >= 6)
      return finish(id, claim->attempt_id, AttemptState::failed,
                    now() + retry_pause(kLimits, pick(1, 4), 0.5));
    finish(id, claim->attempt_id, fate == 5 ? AttemptState::unconfirmed : AttemptState::succeeded,
           std::nullopt);
  }

  /// True when there was something to do.
  bool step() {
    const auto ready = queue().next_ready(kPlatform).value();
    if (!ready && !held.empty()) test.clock.advance(1h);
    if (!ready) return !held.empty();
    const auto slot = UploadLedger(*registry).next_post_time(kPlatform, kLimits).value();
    REQUIRE(slot.at < now() + 25h);  // longer than any window, or something would starve
    const TimePoint at = std::max(*ready, slot.at);
    if (at > now()) {
      test.clock.advance(std::min<Duration>(at - now() + 1ms, std::chrono::minutes(pick(1, 600))));
      return true;
    }
    const auto item = queue().take(kPlatform).value();
    if (!item) {
      test.clock.advance(1min);
      return true;
    }
    REQUIRE(waited.contains(item->video_id));
    REQUIRE_FALSE(held.contains(item->video_id));
    if (item->schedule) CHECK(now() >= item->schedule->at - 1ms);
    upload(item->video_id);
    return true;
  }

  int most_within(Duration window) const {
    int most = 0;
    for (std::size_t first = 0, i = 0; i < posts.size(); ++i) {
      while (posts[i] - posts[first] >= window) ++first;
      most = std::max(most, static_cast<int>(i - first + 1));
    }
    return most;
  }
};

}  // namespace

TEST_CASE(
    "in a year of crashes, restarts, sleep and clocks put back no window is exceeded and nothing starves") {
  const Zone zone(kBerlin);
  Year year;
  const TimePoint end = year.true_now() + 24h * 365;
  year.ask_for_more();
  while (year.true_now() < end) {
    year.let_happen();
    if (!year.step()) year.ask_for_more();
  }
  // Nothing new any more, and nothing paused: what waits is done after a while.
  year.hold_all(false);
  for (int i = 0; i < 20'000 && year.step(); ++i) {
  }
  CHECK(year.waited.empty());
  CHECK(year.posts.size() > 700);
  CHECK(year.put_back > 24h);
  CHECK(year.pauses > 10);
  CHECK(year.most_within(kLimits.cooldown) == 1);
  CHECK(year.most_within(24h) <= kLimits.max_per_day);
}
