// The order, the times and the pauses of what waits, as a person changes them.
#include <fmt/format.h>

#include "registry/queue/upload_queue.h"

namespace asfs {
namespace {

struct Place {
  std::string video_id;
  std::int64_t place;
};

/// nullopt when it is not there, or has a time.
std::optional<std::int64_t> place_of(Database& db, std::string_view video_id, std::string_view platform) {
  auto row = db.prepare(
      "SELECT place FROM asfs_queue WHERE video_id = ?1 AND platform = ?2"
      " AND scheduled_at IS NULL");
  row->bind_all(video_id, platform);
  if (!row->step()) return std::nullopt;
  return row->integer(0);
}

/// Who goes just before, or just after, that place.
std::optional<Place> neighbour(Database& db, std::int64_t place, std::string_view platform, bool before) {
  auto row = db.prepare(
      fmt::format("SELECT video_id, place FROM asfs_queue WHERE platform = ?1 AND scheduled_at IS NULL"
                  " AND place {} ?2 ORDER BY place {} LIMIT 1",
                  before ? "<" : ">", before ? "DESC" : "ASC"));
  row->bind_all(platform, place);
  if (!row->step()) return std::nullopt;
  return Place{row->text(0), row->integer(1)};
}

void put_at(Database& db, const Place& to, std::string_view platform) {
  db.prepare("UPDATE asfs_queue SET place = ?3 WHERE video_id = ?1 AND platform = ?2")
      ->bind_all(to.video_id, platform, to.place)
      .run();
}

}  // namespace

// Neighbours change places; the ends are one beyond everything that has a place.
Result<bool> UploadQueue::move(std::string_view video_id, std::string_view platform, Move where) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<bool> {
    Transaction transaction(db);
    const auto place = place_of(db, video_id, platform);
    if (!place) return false;
    if (where == Move::first)
      put_at(db, {std::string(video_id), db.query_int("SELECT min(place) - 1 FROM asfs_queue")}, platform);
    else if (where == Move::last)
      put_at(db, {std::string(video_id), db.query_int("SELECT max(place) + 1 FROM asfs_queue")}, platform);
    else if (const auto other = neighbour(db, *place, platform, where == Move::up)) {
      put_at(db, {std::string(video_id), other->place}, platform);
      put_at(db, {other->video_id, *place}, platform);
    }
    transaction.commit();
    return true;
  });
}

Result<bool> UploadQueue::reschedule(std::string_view video_id, std::string_view platform,
                                     const std::optional<Schedule>& schedule) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<bool> {
    if (!schedule) {
      db.prepare(
            "UPDATE asfs_queue SET ready_at = CASE WHEN ready_at = scheduled_at THEN 0 ELSE ready_at END,"
            " scheduled_at = NULL, every_s = 0, series = 0, if_missed = 'now', session = ''"
            " WHERE video_id = ?1 AND platform = ?2")
          ->bind_all(video_id, platform)
          .run();
      return db.changes() > 0;
    }
    db.prepare(
          "UPDATE asfs_queue SET ready_at = ?3, scheduled_at = ?3, every_s = ?4, if_missed = ?5, session = "
          "'',"
          " series = (SELECT ifnull(max(series), 0) + 1 FROM asfs_queue)"
          " WHERE video_id = ?1 AND platform = ?2")
        ->bind_all(video_id, platform, unix_millis(schedule->at), schedule->every.count(),
                   schedule->if_missed == Schedule::IfMissed::next ? "next" : "now")
        .run();
    return db.changes() > 0;
  });
}

Result<bool> UploadQueue::hold(std::string_view video_id, std::string_view platform, bool held) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<bool> {
    db.prepare("UPDATE asfs_queue SET held = ?3, session = '' WHERE video_id = ?1 AND platform = ?2")
        ->bind_all(video_id, platform, held)
        .run();
    return db.changes() > 0;
  });
}

Result<int> UploadQueue::hold_all(bool held) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<int> {
    Transaction transaction(db);
    db.prepare("UPDATE asfs_queue SET session = CASE held WHEN ?1 THEN session ELSE '' END, held = ?1")
        ->bind_all(held)
        .run();
    const auto changed = static_cast<int>(db.changes());
    if (held)
      db.execute("INSERT OR REPLACE INTO asfs_settings(name, value) VALUES ('queue_held', '1')");
    else
      db.execute("DELETE FROM asfs_settings WHERE name = 'queue_held'");
    transaction.commit();
    return changed;
  });
}

Result<bool> UploadQueue::is_held() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<bool> {
    return db.query_int("SELECT count(*) FROM asfs_settings WHERE name = 'queue_held'") > 0;
  });
}

}  // namespace asfs
