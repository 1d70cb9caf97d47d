#include "registry/queue/upload_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <utility>

#include "registry/base/local_time.h"
#include "registry/base/process_identity.h"
#include "registry/base/text.h"
#include "registry/store/platform_names.h"

namespace asfs {
namespace {

using std::chrono::seconds;

/// Longer than any pause we set; a time beyond it was noted by a clock that was wrong.
constexpr std::chrono::hours kLongestPause{26};

constexpr std::string_view kItemColumns =
    "video_id, platform, metadata, scheduled_at, every_s, if_missed, place, ready_at, held, by_hand, session";

constexpr std::string_view kChosenDue = "ready_at > 0 AND ready_at <= ?3 AND scheduled_at IS NOT NULL";

std::string run_text(std::int64_t run) {
  const ProcessIdentity process = this_process();
  return fmt::format("{} {} {} {}", process.pid, process.started, run, process.boot);
}

ProcessIdentity process_of(const std::string& owner) {
  long long pid = 0, started = 0, run = 0;
  int length = 0;
  if (std::sscanf(owner.c_str(), "%lld %lld %lld %n", &pid, &started, &run, &length) < 3) return {};
  return {owner.substr(static_cast<std::size_t>(length)), pid, started};
}

QueuedUpload read_item(const Statement& row, const std::string& mine) {
  QueuedUpload item;
  item.video_id = row.text(0);
  item.platform = row.text(1);
  item.metadata_json = row.text(2);
  if (!row.is_null(3)) {
    using IfMissed = Schedule::IfMissed;
    item.schedule = Schedule{from_unix_millis(row.integer(3)),
                             row.text(5) == "next" ? IfMissed::next : IfMissed::now, seconds(row.integer(4))};
  }
  item.place = row.integer(6);
  if (row.integer(7) > 0) item.not_before = from_unix_millis(row.integer(7));
  item.held = row.integer(8) != 0;
  item.by_hand = row.integer(9) != 0;
  const std::string_view owner = row.text_view(10);
  item.of_another_run = !owner.empty() && owner != mine;
  return item;
}

std::optional<QueuedUpload> first_of(CachedStatement& rows, const std::string& mine) {
  if (!rows->step()) return std::nullopt;
  return read_item(*rows, mine);
}

/// Moves every series of the platform of which a slot was slept through, so that its first open item has the
/// next slot and the others keep their distances. What has been tried once goes by its own time.
void move_missed(Database& db, std::string_view platform, TimePoint now) {
  struct Late {
    std::int64_t series, first, every;
  };
  std::vector<Late> late;
  {
    auto rows = db.prepare(
        "SELECT series, min(scheduled_at), max(every_s) FROM asfs_queue WHERE platform = ?1 AND"
        " held = 0 AND if_missed = 'next' AND ready_at = scheduled_at AND ready_at <= ?2 "
        "GROUP BY series");
    rows->bind_all(platform, unix_millis(now - kMissedAfter));
    while (rows->step()) late.push_back({rows->integer(0), rows->integer(1), rows->integer(2)});
  }
  for (const Late& one : late) {
    const TimePoint first = from_unix_millis(one.first);
    const TimePoint next = next_slot_after(first, seconds(one.every), now);
    db.prepare(
          "UPDATE asfs_queue SET scheduled_at = scheduled_at + ?3, ready_at = scheduled_at + ?3"
          " WHERE platform = ?1 AND series = ?2 AND if_missed = 'next' AND ready_at = scheduled_at")
        ->bind_all(platform, one.series, unix_millis(next) - one.first)
        .run();
  }
}

void put(Database& db, const QueueItem& item, std::int64_t place, std::int64_t series,
         const std::string& owner) {
  std::optional<std::int64_t> at;
  const Schedule schedule = item.schedule.value_or(Schedule{});
  if (item.schedule) at = unix_millis(schedule.at);
  db.prepare(
        "INSERT INTO asfs_queue(video_id, platform, place, ready_at, metadata, scheduled_at, every_s, series,"
        " if_missed, session, by_hand, held)"
        " VALUES (?1, ?2, ?3, ifnull(?5, 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
        " EXISTS (SELECT 1 FROM asfs_settings WHERE name = 'queue_held'))"
        " ON CONFLICT(video_id, platform) DO UPDATE SET"
        " metadata = CASE excluded.metadata WHEN '{}' THEN metadata ELSE excluded.metadata END,"
        " by_hand = max(by_hand, excluded.by_hand), session = CASE excluded.session WHEN '' THEN '' ELSE "
        "session END,"
        " ready_at = ifnull(?5, ready_at), scheduled_at = ifnull(?5, scheduled_at),"
        " every_s = CASE WHEN ?5 IS NULL THEN every_s ELSE ?6 END,"
        " series = CASE WHEN ?5 IS NULL THEN series ELSE ?7 END,"
        " if_missed = CASE WHEN ?5 IS NULL THEN if_missed ELSE ?8 END")
      ->bind_all(item.video_id, item.platform, place, item.metadata_json, at, schedule.every.count(), series,
                 schedule.if_missed == Schedule::IfMissed::next ? "next" : "now", owner, item.by_hand)
      .run();
}

void lend(Database& db, const QueueItem& item, TimePoint until, const std::string& owner) {
  db.prepare("UPDATE asfs_queue SET ready_at = ?3 WHERE video_id = ?1 AND platform = ?2")
      ->bind_all(item.video_id, item.platform, unix_millis(until))
      .run();
  db.prepare("INSERT OR REPLACE INTO asfs_queue_loans(video_id, platform, owner) VALUES (?1, ?2, ?3)")
      ->bind_all(item.video_id, item.platform, owner)
      .run();
}

/// Of the owners that `query` finds: processes that have ended.
std::vector<std::string> gone_owners(Database& db, std::string_view query) {
  std::vector<std::string> gone;
  auto rows = db.prepare(query);
  while (rows->step())
    if (std::string owner = rows->text(0); is_gone(process_of(owner))) gone.push_back(std::move(owner));
  return gone;
}

/// What belongs to the run `mine`, and to processes that have ended.
int clear_runs(Database& db, const std::string& mine) {
  auto over = gone_owners(db, "SELECT DISTINCT session FROM asfs_queue WHERE session <> ''");
  over.push_back(mine);
  int removed = 0;
  for (const std::string& owner : over) {
    db.prepare("DELETE FROM asfs_queue WHERE session = ?1")->bind_all(owner).run();
    removed += static_cast<int>(db.changes());
  }
  return removed;
}

}  // namespace

Result<int> UploadQueue::add(std::span<const QueueItem> items, For whom) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<int> {
    Transaction transaction(db);
    if (whom == For::this_run) clear_runs(db, run_text(run_));
    const std::int64_t before = db.query_int("SELECT count(*) FROM asfs_queue");
    const std::int64_t series = db.query_int("SELECT ifnull(max(series), 0) + 1 FROM asfs_queue");
    std::int64_t place = db.query_int("SELECT ifnull(max(place), 0) FROM asfs_queue");
    const std::string owner = whom == For::everybody ? "" : run_text(run_);
    for (const QueueItem& item : items) put(db, item, ++place, series, owner);
    const std::int64_t after = db.query_int("SELECT count(*) FROM asfs_queue");
    transaction.commit();
    return static_cast<int>(after - before);
  });
}

Result<std::optional<QueuedUpload>> UploadQueue::take(std::string_view platform, Which which) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::optional<QueuedUpload>> {
    Transaction transaction(db);
    const TimePoint now = registry_.clock().now();
    const std::string mine = run_text(run_);
    move_missed(db, platform, now);
    const auto due = [&](std::string_view when) {
      std::optional<QueuedUpload> first;
      for (const std::string_view owner : {std::string_view(), std::string_view(mine)}) {
        auto rows = db.prepare(
            fmt::format("SELECT {} FROM asfs_queue WHERE platform = ?1 AND held = 0 AND session = ?2"
                        " AND {} AND ?3 > 0 ORDER BY ready_at, place LIMIT 1",
                        kItemColumns, when));
        rows->bind_all(platform, owner, unix_millis(now));
        auto found = first_of(rows, mine);
        if (found && (!first || std::pair(found->not_before, found->place) <
                                    std::pair(first->not_before, first->place)))
          first = std::move(found);
      }
      return first;
    };
    auto item = due(kChosenDue);
    const bool any = !item && which == Which::any;
    if (any) item = due("ready_at > 0 AND ready_at <= ?3");
    if (any && !item) item = due("ready_at = 0");
    if (item) lend(db, *item, now + kLent, mine);
    transaction.commit();
    return item;
  });
}

Result<int> UploadQueue::take_back_lent() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<int> {
    const auto gone = gone_owners(db, "SELECT DISTINCT owner FROM asfs_queue_loans");
    if (gone.empty()) return 0;
    Transaction transaction(db);
    int back = 0;
    for (const std::string& owner : gone) {
      db.prepare(
            "UPDATE asfs_queue SET ready_at = ifnull(scheduled_at, 0) WHERE (video_id, platform) IN"
            " (SELECT video_id, platform FROM asfs_queue_loans WHERE owner = ?1)")
          ->bind_all(owner)
          .run();
      back += static_cast<int>(db.changes());
    }
    transaction.commit();
    return back;
  });
}

Result<void> UploadQueue::mend_pauses() {
  Database& db = registry_.database();
  const TimePoint now = registry_.clock().now();
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare("UPDATE asfs_queue SET ready_at = ?1 WHERE ready_at > ?2 AND scheduled_at IS NULL")
        ->bind_all(unix_millis(now), unix_millis(now + kLongestPause))
        .run();
    return {};
  });
}

Result<std::optional<TimePoint>> UploadQueue::next_ready(std::string_view platform) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::optional<TimePoint>> {
    auto found = db.prepare(
        "SELECT min(at) FROM (SELECT min(ready_at) AS at FROM asfs_queue"
        " WHERE platform = ?1 AND held = 0 AND session = ''"
        " UNION ALL SELECT min(ready_at) FROM asfs_queue"
        " WHERE platform = ?1 AND held = 0 AND session = ?2)");
    found->bind_all(platform, run_text(run_));
    if (!found->step() || found->is_null(0)) return std::nullopt;
    return from_unix_millis(found->integer(0));
  });
}

Result<std::vector<TimePoint>> UploadQueue::chosen_times(std::string_view platform, TimePoint until) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::vector<TimePoint>> {
    std::vector<TimePoint> times;
    for (const std::string& owner : {std::string(), run_text(run_)}) {
      auto rows = db.prepare(
          "SELECT ready_at FROM asfs_queue WHERE platform = ?1 AND held = 0 AND session = ?2"
          " AND ready_at > ?3 AND ready_at <= ?4 AND ready_at = scheduled_at");
      rows->bind_all(platform, owner, unix_millis(registry_.clock().now()), unix_millis(until));
      while (rows->step()) times.push_back(from_unix_millis(rows->integer(0)));
    }
    std::ranges::sort(times);
    return times;
  });
}

Result<bool> UploadQueue::is_chosen_due(std::string_view platform) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<bool> {
    for (const std::string& owner : {std::string(), run_text(run_)}) {
      auto row =
          db.prepare(fmt::format("SELECT 1 FROM asfs_queue WHERE platform = ?1 AND held = 0 AND session = ?2"
                                 " AND {} LIMIT 1",
                                 kChosenDue));
      row->bind_all(platform, owner, unix_millis(registry_.clock().now()));
      if (row->step()) return true;
    }
    return false;
  });
}

Result<void> UploadQueue::put_back(std::string_view video_id, std::string_view platform,
                                   std::optional<TimePoint> until) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare(
          "UPDATE asfs_queue SET ready_at = coalesce(?3, scheduled_at, 0)"
          " WHERE video_id = ?1 AND platform = ?2")
        ->bind_all(video_id, platform, until ? std::optional(unix_millis(*until)) : std::nullopt)
        .run();
    return {};
  });
}

Result<bool> UploadQueue::remove(std::string_view video_id, std::string_view platform) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<bool> {
    db.prepare("DELETE FROM asfs_queue WHERE video_id = ?1 AND platform = ?2")
        ->bind_all(video_id, platform)
        .run();
    return db.changes() > 0;
  });
}

Result<int> UploadQueue::remove(std::span<const std::string> video_ids) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<int> {
    Transaction transaction(db);
    int removed = 0;
    for (const std::string& id : video_ids) {
      db.prepare("DELETE FROM asfs_queue WHERE video_id = ?1")->bind_all(id).run();
      removed += static_cast<int>(db.changes());
    }
    transaction.commit();
    return removed;
  });
}

Result<int> UploadQueue::remove_all() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<int> {
    db.prepare("DELETE FROM asfs_queue")->run();
    return static_cast<int>(db.changes());
  });
}

Result<int> UploadQueue::remove_of_this_run() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<int> {
    Transaction transaction(db);
    const int removed = clear_runs(db, run_text(run_));
    transaction.commit();
    return removed;
  });
}

Result<std::uint64_t> UploadQueue::speed_limit() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::uint64_t> {
    const auto limit =
        db.query_int("SELECT CAST(value AS INTEGER) FROM asfs_settings WHERE name = 'speed_limit'");
    return static_cast<std::uint64_t>(std::max<std::int64_t>(limit, 0));
  });
}

Result<void> UploadQueue::set_speed_limit(std::uint64_t bytes_per_second) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare("INSERT OR REPLACE INTO asfs_settings(name, value) VALUES ('speed_limit', ?1)")
        ->bind_all(static_cast<std::int64_t>(bytes_per_second))
        .run();
    return {};
  });
}

Result<std::int64_t> UploadQueue::version() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::int64_t> {
    return db.query_int("SELECT count FROM asfs_queue_changes");
  });
}

Result<std::vector<QueuedUpload>> UploadQueue::list(Titles titles) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::vector<QueuedUpload>> {
    const bool titled = titles == Titles::read;
    auto rows =
        db.prepare(fmt::format("SELECT {}{} ORDER BY scheduled_at IS NULL, scheduled_at, place", kItemColumns,
                               titled ? ", title, file_path FROM asfs_queue LEFT JOIN videos ON id = video_id"
                                      : " FROM asfs_queue"));
    const std::string mine = run_text(run_);
    std::vector<QueuedUpload> items;
    while (rows->step()) {
      items.push_back(read_item(*rows, mine));
      if (titled) items.back().title = valid_utf8(title_or_stem(rows->text_view(11), rows->text_view(12)));
    }
    return items;
  });
}

Result<std::optional<QueuedUpload>> UploadQueue::find(std::string_view video_id, std::string_view platform) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::optional<QueuedUpload>> {
    auto rows = db.prepare(
        fmt::format("SELECT {} FROM asfs_queue WHERE video_id = ?1 AND platform = ?2", kItemColumns));
    rows->bind_all(video_id, platform);
    return first_of(rows, run_text(run_));
  });
}

std::int64_t new_queue_run() {
  static std::atomic<std::int64_t> last{0};
  return ++last;
}

std::vector<TimePoint> slots_of(TimePoint first, seconds every, seconds spread, std::size_t count,
                                const std::function<double()>& random) {
  std::vector<TimePoint> slots;
  for (std::size_t i = 0; i < count; ++i) {
    const TimePoint at = slot_at(first, every, static_cast<int>(i));
    slots.push_back(at + std::chrono::duration_cast<Duration>(random() * spread));
  }
  return slots;
}

}  // namespace asfs
