// One video and its uploads, as the shared tables hold them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "registry/files/media.h"
#include "registry/store/upload_state.h"

namespace asfs {

/// One row of `video_uploads`, as stored.
struct Upload {
  std::string platform;
  std::string upload_status;     ///< see parse_status(); unknown words are kept
  std::string upload_timestamp;  ///< local time of the last attempt
  std::optional<std::string> platform_post_id;
  std::optional<std::string> error_message;
  int retry_count = 0;     ///< failures since the last success
  bool needs_you = false;  ///< IN_PROGRESS, but nobody is at it; only mark_unattended() tells

  bool is(UploadStatus status) const { return upload_status == names_of(status).name; }
};

/// One row of `videos` with its uploads.
struct Video {
  std::string id;
  std::string file_path;  ///< as stored; Library::resolve() makes it usable
  std::string title;
  std::string created_at;
  double duration = 0.0;                ///< seconds; 0 when unknown
  std::optional<std::string> checksum;  ///< lower-case hex SHA-256
  bool duplicate_allowed = false;
  std::map<std::string, Upload> uploads;  ///< by platform name
};

/// What is known of a video's content beside its checksum.
struct FileFacts {
  std::uint64_t size = 0;
  MediaInfo media;
};

}  // namespace asfs
