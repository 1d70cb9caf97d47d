// An immutable picture of the registry for readers (the window, `list`), cheap to bring up to date.
//
// Rows live in chunks, chunks in pages; a chunk is plain structs plus blocks of text. A refresh
// (snapshot_reader.h) copies the chunks and pages it touches and shares the others with the picture before. A
// Snapshot is published as shared_ptr<const Snapshot> and may be read from any thread.
//
// Whatever the file holds is shown: wrong types, NULLs, unknown platforms and statuses never hide a row. Text
// is valid UTF-8, whatever the file holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "registry/picture/video_view.h"

namespace asfs {

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
  /// What the uploads of a row belong to.
  const Destinations& destinations() const { return *destinations_; }

 private:
  friend class SnapshotBuilder;
  const SnapshotChunk& chunk_of(std::size_t index) const;

  std::vector<std::shared_ptr<const SnapshotPage>> pages_;
  std::shared_ptr<const Destinations> destinations_ = std::make_shared<const Destinations>();
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

}  // namespace asfs
