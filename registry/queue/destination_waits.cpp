#include "registry/queue/destination_waits.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "registry/base/local_time.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

using namespace std::chrono_literals;
using Why = DestinationWait::Why;

constexpr std::chrono::seconds kFirstPause{2}, kLongestOffline{60}, kLongestElse{15 * 60};
/// A connection that is back elsewhere is worth a try here, but not with every single upload.
constexpr std::chrono::seconds kBetweenHopes{10};
constexpr std::array<std::string_view, 3> kWhys{"offline", "sign_in", "account"};

Duration pause_after(Why why, int probes) {
  const auto longest = why == Why::offline ? kLongestOffline : kLongestElse;
  return std::min(kFirstPause * (1 << std::min(probes, 12)), longest);
}

DestinationWait read_wait(const Statement& row) {
  const auto found = std::ranges::find(kWhys, row.text_view(1));
  return {.why = found == kWhys.end() ? Why::offline : static_cast<Why>(found - kWhys.begin()),
          .since = from_unix_millis(row.integer(2)),
          .probe_at = from_unix_millis(row.integer(3)),
          .probes = static_cast<int>(row.integer(4)),
          .said = valid_utf8(row.text(5))};
}

DestinationWaitList load(Database& db) {
  DestinationWaitList waits;
  auto rows = db.prepare("SELECT platform, why, since, probe_at, probes, said FROM asfs_waits");
  while (rows->step()) waits.set(rows->text(0), read_wait(*rows));
  return waits;
}

void save(Database& db, std::string_view platform, const DestinationWait& wait) {
  db.prepare(
        "INSERT OR REPLACE INTO asfs_waits(platform, why, since, probe_at, probes, said)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      ->bind_all(platform, kWhys[static_cast<std::size_t>(wait.why)], unix_millis(wait.since),
                 unix_millis(wait.probe_at), wait.probes, wait.said)
      .run();
}

void remove(Database& db, std::string_view platform) {
  db.prepare("DELETE FROM asfs_waits WHERE platform = ?1")->bind_all(platform).run();
}

bool is_due(const DestinationWait& wait, TimePoint now) {
  // Beyond every pause: noted by a clock that was wrong.
  return wait.probe_at <= now || wait.probe_at > now + 2 * kLongestElse;
}

/// Whether another one is tried sooner because something got through.
bool hopes(DestinationWait& wait, TimePoint now) {
  const TimePoint last = wait.probe_at - pause_after(wait.why, wait.probes);
  const TimePoint sooner = std::max<TimePoint>(now, last + kBetweenHopes);
  if (wait.why != Why::offline || wait.probe_at <= sooner) return false;
  wait.probe_at = sooner;
  return true;
}

}  // namespace

std::string reason_text(const DestinationWait& wait) {
  switch (wait.why) {
    case Why::offline:
      return "offline since " + short_time(local_timestamp(wait.since));
    case Why::sign_in:
      return "waits for a sign-in";
    case Why::account:
      return wait.said;
  }
  std::unreachable();
}

std::string told_text(std::string_view platform, const DestinationWait& wait) {
  switch (wait.why) {
    case Why::offline:
      return fmt::format("{} is {}; it goes on by itself ({})", platform, reason_text(wait), wait.said);
    case Why::sign_in:
      return fmt::format("{} waits for a sign-in, and goes on after it: {}", platform, wait.said);
    case Why::account:
      return fmt::format("{} waits, and is tried again by itself: {}", platform, wait.said);
  }
  std::unreachable();
}

Result<DestinationWaitList> DestinationWaits::list() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<DestinationWaitList> { return load(db); });
}

Result<void> DestinationWaits::begin(std::string_view platform, Why why, std::string_view said) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    Transaction transaction(db);
    const TimePoint now = registry_.clock().now();
    const auto waits = load(db);
    const DestinationWait* known = waits.find(platform);
    DestinationWait wait =
        known && known->why == why ? *known : DestinationWait{.why = why, .since = now, .probe_at = now};
    wait.said = said;
    // The pause begins when a try has ended, however long it took.
    wait.probe_at = std::max<TimePoint>(wait.probe_at, now + pause_after(why, wait.probes));
    save(db, platform, wait);
    transaction.commit();
    return {};
  });
}

Result<void> DestinationWaits::answered(std::string_view platform, bool works) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    if (load(db).empty()) return {};  // as a rule: nothing is written
    Transaction transaction(db);
    const TimePoint now = registry_.clock().now();
    for (auto [name, wait] : load(db)) {
      if (name != platform) {
        if (hopes(wait, now)) save(db, name, wait);
      } else if (works || wait.why == Why::offline) {
        remove(db, platform);
      }
    }
    transaction.commit();
    return {};
  });
}

Result<bool> DestinationWaits::take_probe(std::string_view platform) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<bool> {
    Transaction transaction(db);
    const TimePoint now = registry_.clock().now();
    const auto waits = load(db);
    const DestinationWait* known = waits.find(platform);
    if (!known) return true;
    if (!is_due(*known, now)) return false;
    DestinationWait wait = *known;
    ++wait.probes;
    wait.probe_at = now + pause_after(wait.why, wait.probes);
    save(db, platform, wait);
    transaction.commit();
    return true;
  });
}

Result<void> DestinationWaits::probe_now(std::string_view platform) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare("UPDATE asfs_waits SET probe_at = min(probe_at, ?2), probes = 0 WHERE platform = ?1")
        ->bind_all(platform, unix_millis(registry_.clock().now()))
        .run();
    return {};
  });
}

}  // namespace asfs
