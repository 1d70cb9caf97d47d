// What the pipeline writes to audit/events.db: the tables pipeline_events and clips, with the Python
// program's columns, stages and statuses.
//
// Never stops a run: a failure is returned for the caller to show as a warning. One object per thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "registry/base/json_fwd.h"
#include "registry/base/sqlite.h"
#include "registry/store/library.h"

namespace asfs {

struct PipelineEvent {
  std::string video_path;    ///< of the source, always
  std::string_view stage;    ///< `audio_extraction`
  std::string_view status;   ///< started, completed, failed, skipped_cached
  std::string details = {};  ///< JSON; "" for none
  std::optional<std::string> error_message = {};
};

struct ClipRow {
  std::string clip_id, video_path;
  double start = 0.0, end = 0.0, duration = 0.0;  ///< seconds
  std::string file_path;
  double score = 0.0;
  std::string metadata;  ///< JSON
};

class PipelineLog {
 public:
  explicit PipelineLog(Library library, const Clock& clock = system_clock());

  Result<void> record(const PipelineEvent& event);
  /// A clip of that id that is there gets the new values.
  Result<void> record(const ClipRow& clip);

 private:
  Result<Database*> open();

  Library library_;
  const Clock* clock_;
  std::unique_ptr<Database> db_;
};

}  // namespace asfs
