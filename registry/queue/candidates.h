// Every video and platform as a bulk upload sees it: may it be uploaded, as far as the registry knows, and if
// not, why. The same judgement as the ledger's claim (upload_facts.h), for a hundred thousand at once: each
// table is read once, and the claim's own questions are asked only where more is told than by a video's row.
//
// Uses the registry's connection, so the registry's thread; changes nothing.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "registry/base/arena.h"
#include "registry/store/destinations.h"
#include "registry/videos/video_registry.h"

namespace asfs {

struct Candidate {
  struct On {
    bool pending = false;     ///< not uploaded, not running, not FAILED_FINAL, not blocked, not unclear
    bool running = false;     ///< somebody is at it
    bool done = false;        ///< posted: nothing is left to be done
    std::string_view reason;  ///< why it is not pending
  };
  std::string_view id;
  std::string_view title;
  std::string_view file_path;  ///< a zero follows it
  double duration = 0.0;
  std::optional<std::uint64_t> size;  ///< of the registered content, when that is known
  std::string_view metadata_json;     ///< its own document; "" for none
  std::span<On> on;                   ///< as the destinations
};

struct Candidates {
  std::vector<Candidate> videos;
  std::unique_ptr<Arena> texts = std::make_unique<Arena>();  ///< what they are views of
};

/// In the order of registration. Destinations that are not chosen, or removed, are left blank.
/// Code::cancelled soon after a stop.
Result<Candidates> load_candidates(VideoRegistry& registry, const Destinations& destinations,
                                   const DestinationChoice& chosen, std::stop_token stop = {});

/// The same into empty ones, which calls `listed` once, when all videos stand there: from then on another
/// thread may read their ids and paths, also when this fails.
Result<void> load_candidates(Candidates& into, VideoRegistry& registry, const Destinations& destinations,
                             const DestinationChoice& chosen, std::stop_token stop,
                             const std::function<void()>& listed);

}  // namespace asfs
