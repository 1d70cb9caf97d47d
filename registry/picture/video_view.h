// One row of a picture of the registry, as readers see it (snapshot.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "registry/base/inline_vector.h"
#include "registry/store/destinations.h"
#include "registry/store/upload_state.h"

namespace asfs {

/// One upload of a video as the window shows it. Text is valid as long as the Snapshot lives.
struct UploadView {
  bool present = false;                ///< false: never tried
  std::optional<UploadStatus> status;  ///< nullopt: a word we do not know, see status_text
  std::string_view status_text;
  std::string_view timestamp;
  std::string_view post_id;
  std::string_view error;
  int retry_count = 0;
  bool without_row = false;  ///< known from elsewhere (known_posts.h), as `error` says

  bool operator==(const UploadView&) const = default;
};

/// One video as the window shows it; what it never shows (the checksum) is not kept.
struct VideoView {
  std::string_view id;  ///< "" when the row has no usable id (NULL, a BLOB); such a row cannot be acted on
  std::string_view title;
  std::string_view file_path;
  std::string_view created_at;
  double duration = 0.0;
  bool duplicate_allowed = false;
  InlineVector<UploadView, kMostDestinations> uploads;  ///< as the picture's destinations
  int other_platforms = 0;                              ///< uploads to what has no column

  bool operator==(const VideoView&) const = default;
};

enum class TextColumn : std::uint8_t { id, title, file_path, created_at };

}  // namespace asfs
