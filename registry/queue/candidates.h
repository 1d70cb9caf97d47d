// Every video and platform as a bulk upload sees it: may it be uploaded, as far as the registry knows, and if
// not, why. The same judgement as the ledger's claim (upload_facts.h), for a hundred thousand at once: each
// table is read once, and the claim's own questions are asked only where more is told than by a video's row.
//
// Uses the registry's connection, so the registry's thread; changes nothing.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/store/destinations.h"
#include "registry/videos/video_registry.h"

namespace asfs {

struct Candidate {
  struct On {
    bool pending = false;  ///< not uploaded, not running, not FAILED_FINAL, not blocked, not unclear
    bool running = false;  ///< somebody is at it
    bool done = false;     ///< posted: nothing is left to be done
    std::string reason;    ///< why it is not pending
  };
  std::string id;
  std::string title;
  std::string file_path;
  double duration = 0.0;
  std::optional<std::uint64_t> size;  ///< of the registered content, when that is known
  std::string metadata_json;          ///< its own document; "" for none
  std::vector<On> on;                 ///< as the destinations
};

/// In the order of registration. Destinations that are not chosen, or removed, are left blank.
/// Code::cancelled soon after a stop.
Result<std::vector<Candidate>> load_candidates(VideoRegistry& registry, const Destinations& destinations,
                                               const DestinationChoice& chosen, std::stop_token stop = {});

/// The same into an empty vector, which calls `listed` once, when all videos stand there: from then on
/// another thread may read their ids and paths, also when this fails.
Result<void> load_candidates(std::vector<Candidate>& into, VideoRegistry& registry,
                             const Destinations& destinations, const DestinationChoice& chosen,
                             std::stop_token stop, const std::function<void()>& listed);

}  // namespace asfs
