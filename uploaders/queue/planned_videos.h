// The videos of a plan, with all that its destinations ask of them: gathered once, on all of two threads
// where there are many.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "registry/base/result.h"
#include "registry/queue/candidates.h"
#include "registry/queue/upload_queue.h"
#include "uploaders/metadata/metadata_document.h"

namespace asfs {

struct PlannedVideo {
  const Candidate* candidate = nullptr;
  std::optional<std::uint64_t> size;                ///< of its file, when that is there
  std::unique_ptr<Result<MetadataDocument>> words;  ///< its own; null where it has none, or may go nowhere
  bool chosen = false;                              ///< asked for
  bool queued = false;                              ///< to whatever destination
};

/// As the candidates, which outlive it; `sizes` are theirs. Left empty behind a stop.
class PlannedVideos {
 public:
  /// `chosen` is asked on two threads.
  PlannedVideos(std::span<const Candidate> candidates, std::span<const std::optional<std::uint64_t>> sizes,
                const std::function<bool(const Candidate&)>& chosen, std::span<const QueuedUpload> queue,
                const std::stop_token& stop);

  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }

 private:
  std::vector<PlannedVideo> all_;
};

}  // namespace asfs
