#include "registry/picture/snapshot.h"

#include "registry/picture/snapshot_chunk.h"

namespace asfs {

const SnapshotChunk& Snapshot::chunk_of(std::size_t index) const {
  const std::size_t chunk = index / kChunkRows;
  return *pages_[chunk / kPageChunks]->chunks[chunk % kPageChunks];
}

VideoView Snapshot::video(std::size_t index) const {
  return chunk_of(index).view(index % kChunkRows);
}

std::string_view Snapshot::text(std::size_t index, TextColumn column) const {
  return chunk_of(index).text(index % kChunkRows, column);
}

}  // namespace asfs
