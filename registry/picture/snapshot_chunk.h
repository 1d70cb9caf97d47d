// How a Snapshot keeps its rows: chunks of kChunkRows videos, plain structs whose texts stand in blocks of
// the chunk; and pages of chunks, because a refresh that copied a pointer to every chunk would mostly do
// that. Only snapshot.cpp and its helpers include this. A chunk is filled by one thread and never changed
// after it was published.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/table_scan.h"
#include "registry/ledger/known_posts.h"
#include "registry/ledger/unattended.h"
#include "registry/picture/video_view.h"

namespace asfs {

inline constexpr std::uint32_t kChunkRows = 64;
inline constexpr std::uint32_t kPageChunks = 32;

/// What SnapshotChunk::add_video() and add_upload() expect of a row.
inline constexpr std::string_view kVideoColumns =
    "id, title, file_path, created_at, duration, duplicate_allowed";
inline constexpr std::string_view kUploadColumns =
    "video_id, platform, upload_status, upload_timestamp, platform_post_id, error_message, retry_count";

/// Texts that stand one after another in a block.
template <std::size_t kCount>
struct Texts {
  std::uint32_t at = 0;
  std::array<std::uint16_t, kCount> sizes{};

  std::array<std::string_view, kCount> in(const std::string& block) const {
    std::array<std::string_view, kCount> views;
    const char* data = block.data() + at;
    for (std::size_t i = 0; i < kCount; data += sizes[i++]) views[i] = {data, sizes[i]};
    return views;
  }
  std::size_t size() const {
    std::size_t sum = 0;
    for (const auto one : sizes) sum += one;
    return sum;
  }
};

struct SnapshotChunk {
  struct Upload {
    Texts<4> texts;  ///< timestamp, post id, error, status (only a word that we do not know)
    std::int32_t retry_count = 0;
    std::optional<UploadStatus> status;
    bool without_row = false;
  };
  struct Video {
    Texts<1> id;     ///< in a block of their own: looking for an id touches nothing else
    Texts<3> texts;  ///< title, path, creation time
    std::uint32_t other_platforms : 31 = 0;
    std::uint32_t duplicate_allowed : 1 = 0;
    double duration = 0.0;
  };

  explicit SnapshotChunk(std::shared_ptr<const Destinations> columns) : destinations(std::move(columns)) {}

  std::shared_ptr<const Destinations> destinations;
  std::vector<Video> videos;
  /// For each video as many as there are destinations: 1 + index in `uploads`; 0: never tried.
  std::vector<std::uint32_t> slots;
  std::vector<Upload> uploads;
  std::string id_text, video_text, upload_text;

  std::string_view id(std::size_t row) const { return videos[row].id.in(id_text)[0]; }
  std::string_view text(std::size_t row, TextColumn column) const;
  VideoView view(std::size_t row) const;

  /// Appends a video. An id that is NULL, a BLOB or not valid UTF-8 cannot be asked for again: it is "".
  void add_video(RowValues row);
  /// Sets an upload of the video at `to`.
  void add_upload(std::size_t to, RowValues row);
  void add_known_post(std::size_t to, const KnownPost& post);
  /// Makes the upload of the video at `to` a question, unless its row has changed since that was noted.
  void mark(std::size_t to, const Unattended& noted);
  /// Puts a row of another chunk at `to`, at most one behind the last; the texts of a row that stood there
  /// are wasted.
  void put_copy(std::size_t to, const SnapshotChunk& from, std::size_t row);
  /// Becomes what `other` is, less the rows from `rows` on, with room for some more text.
  void copy(const SnapshotChunk& other, std::size_t rows);
  /// True when more than half of it is of no row any more.
  bool is_mostly_waste() const;

  /// Makes room for as much as `other` holds and a little more.
  void reserve_videos(const SnapshotChunk& other);
  void reserve_uploads(const SnapshotChunk& other);
  /// Gives back memory that growing took too much.
  void shrink();

 private:
  std::size_t width() const { return destinations->size(); }
  std::uint32_t* slots_of(std::size_t row) { return slots.data() + row * width(); }
  const std::uint32_t* slots_of(std::size_t row) const { return slots.data() + row * width(); }
  void set_upload(std::size_t to, std::size_t destination, const Upload& upload);
  std::size_t bytes_of(std::size_t row) const;

  std::size_t waste_ = 0;  ///< bytes
};

struct SnapshotPage {
  std::array<std::shared_ptr<const SnapshotChunk>, kPageChunks> chunks;
};

}  // namespace asfs
