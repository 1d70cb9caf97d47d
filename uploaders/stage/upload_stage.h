// Stage 10, and the direct upload: one video to one platform, at most once.
//
// run_upload_stage() is: in the registry? file there? metadata within limits? then claim in the ledger
// (duplicate, running elsewhere, unclear, retries spent: refused), look an unfinished attempt up by its
// handle, send, record. Every attempt, refused ones included, goes to video_uploads (without touching a
// SUCCESS), to audit/events.db and to logs/uploads.log. Blocks until done; one call per thread; each opens
// its own connection.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "registry/ledger/upload_ledger.h"
#include "registry/store/library.h"
#include "registry/store/upload_state.h"
#include "registry/videos/video_registry.h"
#include "uploaders/platform/decide.h"
#include "uploaders/platform/upload_progress.h"
#include "uploaders/platform/uploader_context.h"

namespace asfs {

/// What the stage works with. The references outlive the call.
struct StageContext {
  Library library;
  const Config& config;
  Credentials& credentials;
  const Clock& clock = system_clock();
  HttpMaker http = make_http_client;
  /// The configuration as it is now, for whoever runs for long (live_context.h); may be empty.
  std::function<Result<Config>()> read_config = {};
};

struct StageOptions {
  bool by_hand = false;  ///< a person asked: FAILED_FINAL is tried again
  bool skip_limits =
      false;  ///< a person wants it now: no cooldown is waited for, and the audit trail says so
  std::vector<TimePoint> chosen_times;  ///< of others, ascending: it takes no slot they need
  std::stop_token stop;
  UploadProgress* progress = nullptr;
  std::function<void()> on_claimed;  ///< the ledger knows of it, and its limits count it; may be empty
};

struct StageResult {
  std::string video_id;
  std::string platform;
  UploadStatus status = UploadStatus::pending;  ///< of this attempt; BLOCKED for a refused duplicate
  std::optional<std::string> post_id;
  std::string link;            ///< to the post; "" when it is not known
  std::optional<Error> error;  ///< empty on success; its code gives the exit code
  int retry_count = 0;
  std::optional<TimePoint> retry_at;
  NextStep next = NextStep::stop;  ///< after a failed attempt: what is to be done
  bool duplicate = false;  ///< refused because it is posted already; allowing duplicates would lift that
  std::string warning;     ///< the upload stands, but e.g. the audit log could not be written
};

/// Stopped by a person after the point of no return: the post may appear all the same. The platform is asked
/// later, and nothing is sent again.
inline bool may_still_appear(const StageResult& result) {
  return result.error && result.error->code == Code::cancelled && result.status == UploadStatus::in_progress;
}

/// Without `metadata` the post says what the video's own document says.
StageResult run_upload_stage(const StageContext& context, std::string_view video_id,
                             std::string_view platform, const Metadata& metadata = {},
                             const StageOptions& options = {});

}  // namespace asfs
