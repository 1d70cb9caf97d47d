// Every video and platform as a bulk upload sees it: may it be uploaded, as far as the registry knows, and if
// not, why. The same judgement as the ledger's claim (upload_facts.h), for a hundred thousand at once: each
// table is read once, and the claim's own questions are asked only where more is told than by a video's row.
//
// Uses the registry's connection, so the registry's thread; changes nothing. From two thousand videos on a
// thread with a connection of its own reads half of it: of one moment all the same (same_moment.h).
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
  std::vector<std::unique_ptr<Arena>> texts;  ///< what they are views of
};

/// Is told of the videos that stand in the list, again and again while they become more, and of how many they
/// will be at most; the last time of all, with just that number.
using CandidatesListed = std::function<void(std::span<const Candidate> videos, std::size_t at_most)>;

/// In the order of registration. Destinations that are not chosen, or removed, are left blank.
/// Code::cancelled soon after a stop.
Result<Candidates> load_candidates(VideoRegistry& registry, const Destinations& destinations,
                                   const DestinationChoice& chosen, std::stop_token stop = {});

/// The same into empty ones. The ids and paths of what `listed` is told of another thread may read from then
/// on, also when this fails, which may be before all are listed.
Result<void> load_candidates(Candidates& into, VideoRegistry& registry, const Destinations& destinations,
                             const DestinationChoice& chosen, std::stop_token stop,
                             const CandidatesListed& listed);

}  // namespace asfs
