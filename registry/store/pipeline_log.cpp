#include "registry/store/pipeline_log.h"

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/store/audit_log.h"
#include "registry/store/schema.h"

namespace asfs {
namespace {

constexpr auto kPipelineEvents =
    "CREATE TABLE IF NOT EXISTS pipeline_events ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " timestamp TEXT NOT NULL,"
    " video_path TEXT NOT NULL,"
    " stage TEXT NOT NULL,"
    " status TEXT NOT NULL,"
    " details TEXT,"
    " error_message TEXT)";

constexpr auto kClips =
    "CREATE TABLE IF NOT EXISTS clips ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " clip_id TEXT NOT NULL UNIQUE,"
    " video_path TEXT,"
    " start_time REAL,"
    " end_time REAL,"
    " duration REAL,"
    " file_path TEXT,"
    " score REAL,"
    " created_at TEXT NOT NULL,"
    " metadata TEXT)";

/// As Python writes it; NULL for nothing.
std::optional<std::string> as_python(const std::string& json) {
  if (json.empty()) return std::nullopt;
  return python_json(read_json(valid_utf8(json)));
}

}  // namespace

PipelineLog::PipelineLog(Library library, const Clock& clock)
    : library_(std::move(library)), clock_(&clock) {}

Result<Database*> PipelineLog::open() {
  if (auto there = check_still_there(library_); !there) return std::unexpected(there.error());
  if (!db_) {
    auto opened = open_events(library_);
    if (!opened) return std::unexpected(opened.error());
    db_ = std::move(*opened);
  }
  return db_.get();
}

Result<void> PipelineLog::record(const PipelineEvent& event) {
  const auto db = open();
  if (!db) return std::unexpected(db.error());
  return guarded(library_.audit_database(), [&]() -> Result<void> {
    Transaction transaction(**db);
    (*db)->prepare(kPipelineEvents)->run();
    (*db)
        ->prepare(
            "INSERT INTO pipeline_events(timestamp, video_path, stage, status, details, error_message)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        ->bind_all(local_timestamp(clock_->now()), valid_utf8(event.video_path), event.stage, event.status,
                   as_python(event.details), event.error_message)
        .run();
    transaction.commit();
    return {};
  });
}

Result<void> PipelineLog::record(const ClipRow& clip) {
  const auto db = open();
  if (!db) return std::unexpected(db.error());
  return guarded(library_.audit_database(), [&]() -> Result<void> {
    Transaction transaction(**db);
    (*db)->prepare(kClips)->run();
    (*db)
        ->prepare(
            "INSERT INTO clips(clip_id, video_path, start_time, end_time, duration, file_path, score, "
            "created_at,"
            " metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
            " ON CONFLICT(clip_id) DO UPDATE SET video_path = ?2, start_time = ?3, end_time = ?4, duration = "
            "?5,"
            " file_path = ?6, score = ?7, metadata = ?9")
        ->bind_all(clip.clip_id, valid_utf8(clip.video_path), clip.start, clip.end, clip.duration,
                   valid_utf8(clip.file_path), clip.score, local_timestamp(clock_->now()),
                   as_python(clip.metadata))
        .run();
    transaction.commit();
    return {};
  });
}

}  // namespace asfs
