#include "registry/store/audit_log.h"

#include <filesystem>
#include <utility>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/store/schema.h"

namespace asfs {
namespace {

constexpr auto kTable =
    "CREATE TABLE IF NOT EXISTS upload_events ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " timestamp TEXT NOT NULL,"
    " clip_id TEXT NOT NULL,"
    " platform TEXT NOT NULL,"
    " status TEXT NOT NULL,"
    " upload_id TEXT,"
    " retry_count INTEGER DEFAULT 0,"
    " error_message TEXT,"
    " metadata TEXT)";

/// Our own: which content an event is about, for a day on which videos.db is lost.
constexpr auto kContents =
    "CREATE TABLE IF NOT EXISTS asfs_contents (event_id INTEGER PRIMARY KEY, checksum TEXT NOT NULL)";

void append_json(std::string& out, const Json& value) {
  if (!value.is_structured()) {
    out += value.dump(-1, ' ', true, Json::error_handler_t::replace);
    return;
  }
  out += value.is_object() ? '{' : '[';
  bool first = true;
  for (const auto& [key, element] : value.items()) {
    if (!std::exchange(first, false)) out += ", ";
    if (value.is_object()) {
      append_json(out, Json(key));
      out += ": ";
    }
    append_json(out, element);
  }
  out += value.is_object() ? '}' : ']';
}

/// An empty object when the text is not JSON: an audit line is worth more without it than none at all.
Json parse_or_empty(std::string_view text) {
  Json value = read_json(valid_utf8(text));
  return value.is_discarded() ? Json::object() : value;
}

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

void insert_event(Database& db, const UploadEvent& event, const std::string& timestamp) {
  const auto clean = [](const std::optional<std::string>& text) {
    return text ? std::optional(valid_utf8(*text)) : std::nullopt;
  };
  const Json metadata = parse_or_empty(event.metadata_json);
  const auto stored = metadata.empty() ? std::nullopt : std::optional(python_json(metadata));
  Transaction transaction(db);
  db.prepare(kTable)->run();
  db.prepare(kContents)->run();
  db.prepare(
        "INSERT INTO upload_events(timestamp, clip_id, platform, status, upload_id, retry_count, "
        "error_message,"
        " metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
      ->bind_all(timestamp, valid_utf8(event.video_id), event.platform, names_of(event.status).event,
                 clean(event.upload_id), event.retry_count, clean(event.error_message), stored)
      .run();
  if (event.checksum)
    db.prepare("INSERT OR REPLACE INTO asfs_contents(event_id, checksum) VALUES (?1, ?2)")
        ->bind_all(db.last_insert_rowid(), *event.checksum)
        .run();
  transaction.commit();
}

Result<void> append_to_log(const Library& library, const UploadEvent& event, const std::string& timestamp) {
  if (auto made = make_private_folder(library.upload_log().parent_path()); !made) return made;
  return append_line(library.upload_log(), upload_log_line(event, timestamp), kRotateLogAt);
}

}  // namespace

std::string python_json(const Json& value) {
  std::string out;
  append_json(out, value);
  return out;
}

Result<std::unique_ptr<Database>> open_events(const Library& library) {
  if (auto made = make_private_folder(library.audit_database().parent_path()); !made)
    return std::unexpected(made.error());
  return guarded(library.audit_database(), [&]() -> Result<std::unique_ptr<Database>> {
    auto db = std::make_unique<Database>(library.audit_database(), Database::Mode::read_write_create);
    switch_to_wal(*db);
    return db;
  });
}

AuditLog::AuditLog(Library library, const Clock& clock) : library_(std::move(library)), clock_(&clock) {}

Result<void> AuditLog::record(const UploadEvent& event) {
  if (auto there = check_still_there(library_); !there) return there;
  const std::string timestamp = local_timestamp(clock_->now());
  Result<void> stored;
  if (!db_) {
    auto opened = open_events(library_);
    if (opened)
      db_ = std::move(*opened);
    else
      stored = std::unexpected(opened.error());
  }
  if (db_)
    stored = guarded(library_.audit_database(), [&]() -> Result<void> {
      insert_event(*db_, event, timestamp);
      return {};
    });
  // Either place is written even when the other one cannot be.
  if (event.status == UploadStatus::in_progress) return stored;
  const auto logged = append_to_log(library_, event, timestamp);
  return stored ? logged : stored;
}

Result<std::vector<StoredEvent>> AuditLog::events_of(std::string_view video_id) {
  std::error_code ignored;
  if (!std::filesystem::exists(library_.audit_database(), ignored)) return {};
  return guarded(library_.audit_database(), [&]() -> Result<std::vector<StoredEvent>> {
    Database db(library_.audit_database(), Database::Mode::read_only);
    std::vector<StoredEvent> events;
    if (db.query_int("SELECT count(*) FROM sqlite_master WHERE name = 'upload_events'") == 0) return events;
    auto rows = db.prepare(
        "SELECT timestamp, platform, status, upload_id, retry_count, error_message FROM upload_events"
        " WHERE clip_id = ?1 ORDER BY id");
    rows->bind_all(video_id);
    while (rows->step())
      events.push_back({rows->text(0), rows->text(1), rows->text(2), rows->optional_text(3),
                        static_cast<int>(rows->integer(4)), rows->optional_text(5)});
    return events;
  });
}

std::string upload_log_line(const UploadEvent& event, std::string_view timestamp) {
  return python_json(Json{{"timestamp", timestamp},
                          {"video_id", event.video_id},
                          {"platform", event.platform},
                          {"status", names_of(event.status).name},
                          {"upload_id", text_or_null(event.upload_id)},
                          {"retry_count", event.retry_count},
                          {"error_message", text_or_null(event.error_message)},
                          {"metadata", parse_or_empty(event.metadata_json)}});
}

}  // namespace asfs
