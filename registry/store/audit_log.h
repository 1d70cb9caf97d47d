// The audit trail: one row in audit/events.db (table upload_events, shared with the Python program) when an
// upload starts and when it ends, and one JSON line in logs/uploads.log for every finished or refused
// attempt. events.db is in WAL mode, as videos.db is: an event there costs half as much as with a rollback
// journal.
//
// Never stops an upload: a failure is returned for the caller to show as a warning. One object per thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/json_fwd.h"
#include "registry/base/result.h"
#include "registry/base/sqlite.h"
#include "registry/store/library.h"
#include "registry/store/upload_state.h"

namespace asfs {

struct UploadEvent {
  std::string video_id;
  std::string platform;
  UploadStatus status = UploadStatus::pending;
  std::optional<std::string> upload_id;  ///< the platform's post id
  int retry_count = 0;
  std::optional<std::string> error_message;
  std::string metadata_json = "{}";
  /// Of the content that was posted; in events.db beside the event, so that the post is known by it for ever.
  std::optional<std::string> checksum = {};
};

/// A stored event, for `history`.
struct StoredEvent {
  std::string timestamp;
  std::string platform;
  std::string status;
  std::optional<std::string> upload_id;
  int retry_count = 0;
  std::optional<std::string> error_message;
};

inline constexpr std::uintmax_t kRotateLogAt = 64u << 20;

class AuditLog {
 public:
  explicit AuditLog(Library library, const Clock& clock = system_clock());

  /// events.db always, on disk when it returns; uploads.log unless the status is IN_PROGRESS. Neither where
  /// the library is gone.
  Result<void> record(const UploadEvent& event);
  /// Oldest first; empty when there is no events.db.
  Result<std::vector<StoredEvent>> events_of(std::string_view video_id);

 private:
  Library library_;
  const Clock* clock_;
  std::unique_ptr<Database> db_;
};

/// As Python's json.dumps writes it: a blank after comma and colon, everything outside ASCII escaped.
std::string python_json(const Json& value);

/// audit/events.db, made when it is not there.
Result<std::unique_ptr<Database>> open_events(const Library& library);

/// The line as specified: keys in the documented order, ", " and ": " between, everything outside ASCII
/// escaped.
std::string upload_log_line(const UploadEvent& event, std::string_view timestamp);

}  // namespace asfs
