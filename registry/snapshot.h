// An immutable picture of the registry for readers (the window, `list`), cheap to bring up to date.
//
// Rows live in chunks, chunks in pages; a chunk is plain structs plus blocks of text. A refresh copies the
// chunks and pages it touches and shares the others with the picture before. A Snapshot is published as
// shared_ptr<const Snapshot> and may be read from any thread. SnapshotReader owns its own read-only
// connection and belongs to one thread: it loads all once, then only the videos named in asfs_changes (kept
// by triggers, so other programs' writes count). It loads all again when there is no such log (a tool that
// rebuilds a table drops its triggers), when very much has changed, when the tables were altered, and when
// the file was replaced or an older copy restored into it.
//
// An IN_PROGRESS row that no living upload stands behind is shown as what it is, BLOCKED and "may be live"
// (unattended.h), and a post that is known although it has no row as what is known of it (known_posts.h).
//
// Whatever the file holds is shown: wrong types, NULLs, unknown platforms and statuses never hide a row. Text
// is valid UTF-8, whatever the file holds. A failure leaves the last picture as it was.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "registry/base/result.h"
#include "registry/base/sqlite.h"
#include "registry/library.h"
#include "registry/upload_state.h"

namespace asfs {

/// The platforms that have a column. Their order is the order of the window's columns.
inline constexpr std::array<std::string_view, 3> kPlatformNames{"Instagram", "TikTok", "YouTube"};
inline constexpr std::size_t kPlatformCount = kPlatformNames.size();

/// Index in kPlatformNames (exact spelling), or nullopt.
constexpr std::optional<std::size_t> platform_index(std::string_view name) {
  for (std::size_t i = 0; i < kPlatformCount; ++i)
    if (kPlatformNames[i] == name) return i;
  return std::nullopt;
}

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
  std::array<UploadView, kPlatformCount> uploads;
  int other_platforms = 0;  ///< uploads on platforms without a column

  bool operator==(const VideoView&) const = default;
};

enum class TextColumn : std::uint8_t { id, title, file_path, created_at };

struct SnapshotChunk;
struct SnapshotPage;

class Snapshot {
 public:
  std::size_t size() const { return size_; }
  /// The row at `index` (0 .. size-1). A video keeps its index while it exists, except that the last ones
  /// move into the places of deleted ones; a video that is added takes such a place or comes last.
  VideoView video(std::size_t index) const;
  /// One text of that row, for sorting.
  std::string_view text(std::size_t index, TextColumn column) const;
  /// Goes up by one with every picture of one reader.
  std::uint64_t generation() const { return generation_; }

 private:
  friend class SnapshotBuilder;
  const SnapshotChunk& chunk_of(std::size_t index) const;

  std::vector<std::shared_ptr<const SnapshotPage>> pages_;
  std::size_t size_ = 0;
  std::uint64_t generation_ = 0;
};

/// What differs between two pictures. It names both, so that it cannot be applied to others; it also keeps
/// the picture before alive, so that its memory is given back on the reader's thread and not in a frame.
struct SnapshotDelta {
  std::shared_ptr<const Snapshot> from;  ///< null: anything may differ, `rows` is empty
  std::shared_ptr<const Snapshot> to;
  std::vector<std::uint32_t> rows;  ///< ascending; every index that has another row in `to` than in `from`,
                                    ///< or a row in only one of them
};

class SnapshotReader {
 public:
  using Delta = SnapshotDelta;

  static Result<SnapshotReader> open(const Library& library);
  SnapshotReader(SnapshotReader&&) noexcept;
  SnapshotReader& operator=(SnapshotReader&&) noexcept;
  ~SnapshotReader();

  /// True when refresh() has something to look at: another connection has committed since (PRAGMA
  /// data_version), the file was replaced, or nothing was loaded yet. Cheap enough to ask many times a
  /// second.
  bool changed();

  /// The newest picture; the very same pointer when no video differs. On an error the last picture stays
  /// valid, and the next call tries again. Code::cancelled soon after a stop.
  Result<std::shared_ptr<const Snapshot>> refresh(std::stop_token stop = {});

  /// From the picture before the newest one to the newest one.
  const Delta& last_delta() const;

 private:
  struct State;
  explicit SnapshotReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace asfs
