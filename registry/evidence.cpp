#include "registry/evidence.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

#include "registry/base/text.h"
#include "registry/same_content.h"
#include "registry/upload_standing.h"

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

/// Whether evidence under an id is of the content that the id means now.
enum class Tie { this_content, another, unknown };

/// What the id meant at the time of the post, as far as anything tells.
Tie tie_of(Database& db, const EvidenceQuery& query, std::string_view at,
           const std::optional<std::string>& checksum) {
  if (checksum && query.checksum) return *checksum == *query.checksum ? Tie::this_content : Tie::another;
  // A file that was written later says nothing about the post, unless its content is known from before.
  auto newer = db.prepare(
      "SELECT 1 FROM asfs_disk_files WHERE video_id = ?1 AND"
      " strftime('%Y-%m-%dT%H:%M:%S', changed_at / 1000000000, 'unixepoch', 'localtime') > ?2");
  newer->bind_all(query.video_id, at);
  const bool file_is_newer = newer->step();
  if (at >= query.created_at)
    return (query.checksum && query.registered) || !file_is_newer ? Tie::this_content : Tie::unknown;
  auto before = db.prepare(
      "SELECT checksum, file_path FROM asfs_video_history WHERE video_id = ?1 AND created_at <= ?2"
      " AND replaced_at >= ?2 ORDER BY id DESC LIMIT 1");
  before->bind_all(query.video_id, at);
  if (!before->step()) return Tie::unknown;
  if (!before->is_null(0) && query.checksum)
    return before->text_view(0) == *query.checksum ? Tie::this_content : Tie::another;
  return before->text_view(1) == query.file_path && !file_is_newer ? Tie::this_content : Tie::unknown;
}

/// Evidence under the video's own id.
constexpr std::string_view kByVideo =
    "SELECT at, post_id, certain, checksum, source, NULL FROM asfs_evidence WHERE video_id = ?1 AND platform "
    "= ?2"
    " UNION ALL"
    " SELECT upload_timestamp, platform_post_id, 1, checksum, 'the history of ' || ?1,"
    " CASE upload_status WHEN 'BLOCKED' THEN error_message END FROM asfs_upload_history"
    " WHERE video_id = ?1 AND platform = ?2 AND +upload_status IN ('SUCCESS', 'BLOCKED')"
    " UNION ALL"
    " SELECT strftime('%Y-%m-%dT%H:%M:%f', ended_at, 'localtime'), post_id, 1, checksum, '', NULL"
    " FROM asfs_attempts WHERE video_id = ?1 AND platform = ?2 AND +state = 'succeeded'"
    " UNION ALL"
    " SELECT upload_timestamp, NULL, 1, ?3, 'its row', error_message FROM video_uploads"
    " WHERE video_id = ?1 AND platform = ?2 AND +upload_status = 'BLOCKED'";

/// Keeps the better one.
void weigh(std::optional<Evidence>& best, std::optional<Evidence> other, std::string_view answered_at) {
  if (!other || (!answered_at.empty() && other->at <= answered_at)) return;
  if (!best || std::pair(other->certain, std::string_view(other->at)) >
                   std::pair(best->certain, std::string_view(best->at)))
    best = std::move(other);
}

}  // namespace

std::optional<Evidence> read_evidence(const Statement& row) {
  Evidence evidence{.source = row.text(4),
                    .video_id = {},
                    .at = row.text(0),
                    .post_id = row.optional_text(1),
                    .certain = row.integer(2) != 0};
  if (!row.is_null(5)) {  // BLOCKED: only its words tell of a post
    auto lost = lost_post_in(row.text_view(5));
    if (!lost) return std::nullopt;
    if (!lost->at.empty()) evidence.at = std::move(lost->at);
    evidence.post_id = std::move(lost->post_id);
  }
  if (is_inconclusive(evidence.post_id.value_or(""))) evidence.certain = false;
  return evidence;
}

bool is_inconclusive(std::string_view post_id) {
  const std::string folded = fold_case(post_id);
  return folded.find("verify") != std::string::npos || folded.find("unverified") != std::string::npos;
}

std::optional<LostPost> lost_post_in(std::string_view words) {
  constexpr std::string_view kWords = "already uploaded to ", kId = "post id: ";
  const std::string folded = fold_case(words);
  const auto begin = folded.find(kWords);
  if (begin == std::string::npos || folded.size() != words.size()) return std::nullopt;
  LostPost lost;
  if (const auto at = folded.find(" at ", begin + kWords.size()); at != std::string::npos) {
    const std::string_view rest = words.substr(at + 4);
    const std::string_view time = rest.substr(0, rest.find_first_of(" ,;()"));
    if (time.size() >= 10 && time.substr(0, 2) == "20") lost.at = time;
  }
  if (const auto id = folded.find(kId, begin); id != std::string::npos) {
    const std::string_view rest = words.substr(id + kId.size());
    const std::string post(trimmed(rest.substr(0, rest.rfind(')'))));
    if (!post.empty() && post != "None" && post != "N/A") lost.post_id = post;
  }
  return lost;
}

Result<void> read_audit_trail(VideoRegistry& registry, std::stop_token stop) {
  const auto path = registry.library().audit_database();
  const std::string look = look_of(path);
  if (look.empty() || look == registry.library().opened->audit()) return {};
  auto all = guarded(path, [&]() -> Result<void> {
    Database audit(path, Database::Mode::read_only);
    if (audit.query_int("SELECT count(*) FROM sqlite_master WHERE name = 'upload_events'") == 0) return {};
    Database& db = registry.database();
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
  if (all) registry.library().opened->set_audit(look);
  return all;
}

void know_audit_trail(VideoRegistry& registry, std::stop_token stop) {
  static_cast<void>(read_audit_trail(registry, std::move(stop)));
}

std::optional<Evidence> find_evidence(Database& db, const EvidenceQuery& query, const SameContent* content) {
  std::optional<Evidence> best;
  auto rows = db.prepare(kByVideo);
  for (rows->bind_all(query.video_id, query.platform, query.checksum); rows->step();) {
    auto evidence = read_evidence(*rows);
    if (!evidence) continue;
    const Tie tie = tie_of(db, query, evidence->at, rows->optional_text(3));
    if (tie == Tie::another) continue;
    if (tie == Tie::unknown) evidence->certain = false;
    evidence->video_id = query.video_id;
    weigh(best, std::move(evidence), query.answered_at);
  }
  if (content) weigh(best, content->evidence_for(query.video_id, query.answered_at), query.answered_at);
  return best;
}

std::string answered_at(Database& db, std::string_view video_id, std::string_view platform) {
  auto found = db.prepare("SELECT at FROM asfs_answers WHERE video_id = ?1 AND platform = ?2");
  found->bind_all(video_id, platform);
  return found->step() ? found->text(0) : std::string();
}

void note_answer(Database& db, std::string_view video_id, std::string_view platform, std::string_view at) {
  db.prepare("INSERT OR REPLACE INTO asfs_answers(video_id, platform, at) VALUES (?1, ?2, ?3)")
      ->bind_all(video_id, platform, at)
      .run();
}

void note_evidence(Database& db, const Evidence& evidence, std::string_view platform,
                   const std::optional<std::string>& checksum) {
  db.prepare(
        "INSERT OR IGNORE INTO asfs_evidence(source, video_id, platform, at, post_id, checksum, certain)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      ->bind_all(evidence.source, valid_utf8(evidence.video_id), platform, evidence.at,
                 clean_text(evidence.post_id), checksum, evidence.certain)
      .run();
  if (db.changes() > 0) note_changed(db, evidence.video_id);
}

}  // namespace asfs
