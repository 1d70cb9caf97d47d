// Makes the pictures that SnapshotReader publishes: all of the tables, or the last picture with some videos
// read again. Belongs to the reader's thread. Reading throws SqliteError and then leaves everything as it
// was; the caller holds one read transaction around the reads that belong together.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/id_index.h"
#include "registry/base/sqlite.h"
#include "registry/picture/snapshot.h"
#include "registry/picture/snapshot_chunk.h"

namespace asfs {

class SnapshotBuilder {
 public:
  explicit SnapshotBuilder(std::shared_ptr<const Destinations> destinations)
      : destinations_(std::move(destinations)) {}

  const std::shared_ptr<const Snapshot>& current() const { return delta_.to; }
  const SnapshotDelta& delta() const { return delta_; }

  /// Replaces the picture by what the tables hold now.
  void load(Database& db);

  /// Videos as the tables hold them now.
  struct Fresh {
    std::vector<std::string> ids;
    std::vector<std::uint32_t> rows;  ///< for each id: where in `chunk`, or kGone
    SnapshotChunk chunk;
  };
  static constexpr std::uint32_t kGone = UINT32_MAX;

  /// Reads some videos; nothing when an id stands for several rows, or for more text than a chunk can hold.
  /// `ids` without repetitions and without "".
  std::optional<Fresh> read(Database& db, std::vector<std::string> ids) const;
  /// Puts them into the next picture; no new one when none differs from what is there.
  void apply(const Fresh& fresh);

 private:
  struct Source {
    const SnapshotChunk* chunk;
    std::uint32_t row;
  };
  /// What stands where in the next picture, for the places that differ.
  struct Edits {
    std::map<std::uint32_t, Source> rows;
    std::vector<std::uint32_t> holes;  ///< places of deleted videos, the last one first
    std::uint32_t size = 0;
  };

  std::uint32_t size() const { return static_cast<std::uint32_t>(current()->size()); }
  std::optional<std::uint32_t> find(std::string_view id) const;
  Source source_at(std::uint32_t row) const;
  Edits sort_out(const Fresh& fresh) const;
  void close_holes(Edits& edits) const;
  void publish(const Edits& edits);
  std::shared_ptr<const SnapshotChunk> rebuilt(std::size_t chunk, const Edits& edits) const;
  void update_index(const Edits& edits);

  std::shared_ptr<const Destinations> destinations_;
  IdIndex index_;
  SnapshotDelta delta_;
};

}  // namespace asfs
