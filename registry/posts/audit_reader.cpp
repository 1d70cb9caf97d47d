#include "registry/posts/audit_reader.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>
#include <vector>

#include "registry/posts/evidence.h"

namespace asfs {
namespace {

constexpr std::string_view kAudit = "audit/events.db";

/// Names whatever the file is now: an audit trail that did not change need not be opened.
std::string look_of(const std::filesystem::path& path) {
  std::string look;
  for (const char* ending : {"", "-wal"}) {
    struct stat file {};
    if (::stat((path.native() + ending).c_str(), &file) != 0) continue;
    look += fmt::format("{}:{}:{}:{}.{} ", ending, file.st_ino, file.st_size, file.st_mtim.tv_sec,
                        file.st_mtim.tv_nsec);
  }
  return look;
}

/// One event as far as it matters.
struct Event {
  std::int64_t id = 0;
  std::string at, video_id, platform, status;
  std::optional<std::string> upload_id, error, content;
};

/// Where the reading of the audit trail goes on.
struct Place {
  std::int64_t last_id = 0;
  std::string last_timestamp;
};

Place place_in(Database& db) {
  auto found = db.prepare("SELECT last_id, last_timestamp FROM asfs_audit_read");
  return found->step() ? Place{found->integer(0), found->text(1)} : Place{};
}

/// From the beginning when the file is another one.
Place checked(Database& audit, Place place) {
  auto found = audit.prepare("SELECT timestamp FROM upload_events WHERE id = ?1");
  found->bind_all(place.last_id);
  return found->step() && found->text_view(0) == place.last_timestamp ? place : Place{};
}

std::vector<Event> events_behind(Database& audit, const Place& place) {
  constexpr int kAtOnce = 2000;
  // Our own events tell the content beside it.
  const bool contents =
      audit.query_int("SELECT count(*) FROM sqlite_master WHERE name = 'asfs_contents'") != 0;
  auto rows = audit.prepare(fmt::format(
      "SELECT id, timestamp, clip_id, platform, lower(status), upload_id, error_message, {}"
      " FROM upload_events WHERE id > ?1 ORDER BY id LIMIT ?2",
      contents ? "(SELECT checksum FROM asfs_contents WHERE event_id = upload_events.id)" : "NULL"));
  rows->bind_all(place.last_id, kAtOnce);
  std::vector<Event> events;
  while (rows->step())
    events.push_back({rows->integer(0), rows->text(1), rows->text(2), rows->text(3), rows->text(4),
                      rows->optional_text(5), rows->optional_text(6), rows->optional_text(7)});
  return events;
}

/// An attempt of ours knows it better, and a practice platform is none.
bool is_known_otherwise(Database& db, const Event& event) {
  auto found = db.prepare(
      "SELECT EXISTS (SELECT 1 FROM asfs_attempts WHERE video_id = ?1 AND platform = ?2"
      " AND +state = 'succeeded' AND post_id IS ?3)"
      " OR EXISTS (SELECT 1 FROM asfs_practice_posts WHERE video_id = ?1 AND platform = ?2"
      " AND post_id = ifnull(?3, ''))");
  found->bind_all(event.video_id, event.platform, event.upload_id);
  return found->step() && found->integer(0) != 0;
}

void take_in(Database& db, const Event& event) {
  db.prepare("INSERT OR REPLACE INTO asfs_last_events(video_id, platform, at) VALUES (?1, ?2, ?3)")
      ->bind_all(event.video_id, event.platform, event.at)
      .run();
  Evidence evidence{.source = std::string(kAudit), .video_id = event.video_id, .at = event.at};
  if (event.status == "success") {
    if (is_known_otherwise(db, event)) return;
    evidence.post_id = event.upload_id;
  } else if (const auto lost =
                 event.status == "blocked" ? lost_post_in(event.error.value_or("")) : std::nullopt) {
    evidence.post_id = lost->post_id;
    if (!lost->at.empty()) evidence.at = lost->at;
  } else {
    return;
  }
  evidence.certain = !is_inconclusive(evidence.post_id.value_or(""));
  note_evidence(db, evidence, event.platform, event.content);
}

void write_place(Database& db, const Place& place) {
  db.execute("DELETE FROM asfs_audit_read");
  db.prepare("INSERT INTO asfs_audit_read(last_id, last_timestamp) VALUES (?1, ?2)")
      ->bind_all(place.last_id, place.last_timestamp)
      .run();
}

}  // namespace

Result<void> read_audit_trail(Database& db, const Library& library, std::stop_token stop) {
  const auto path = library.audit_database();
  const std::string look = look_of(path);
  if (look.empty() || look == library.opened->audit()) return {};
  auto all = guarded(path, [&]() -> Result<void> {
    Database audit(path, Database::Mode::read_only);
    if (audit.query_int("SELECT count(*) FROM sqlite_master WHERE name = 'upload_events'") == 0) return {};
    Place place = checked(audit, place_in(db));
    for (;;) {
      if (stop.stop_requested()) return fail(Code::cancelled, "stopped");
      const auto events = events_behind(audit, place);
      if (events.empty()) return {};
      Transaction transaction(db);  // short: the Python program waits five seconds at most
      for (const Event& event : events) take_in(db, event);
      place = {events.back().id, events.back().at};
      write_place(db, place);
      transaction.commit();
    }
  });
  if (all) library.opened->set_audit(look);
  return all;
}

void know_audit_trail(Database& db, const Library& library, std::stop_token stop) {
  static_cast<void>(read_audit_trail(db, library, std::move(stop)));
}

}  // namespace asfs
