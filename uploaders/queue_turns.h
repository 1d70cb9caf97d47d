// When what waits in the queue will go, as far as the limits tell, and what it waits for. The window's strip
// and the `queue` command show it; the runner does not ask it, it only looks at what is due.
//
// queue_turns() uses the registry's connection, so the registry's thread, and changes nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "registry/candidates.h"
#include "registry/rate_limits.h"
#include "registry/upload_queue.h"
#include "uploaders/upload_stage.h"

namespace asfs {

struct QueueTurn {
  enum class Why : std::uint8_t {
    ready,      ///< as soon as a hand is free
    scheduled,  ///< for the time a person chose
    pause,      ///< before the next try
    limit,      ///< `limit` says for which
    held,       ///< until a person lets it go
    sign_in,    ///< its account cannot be used
  };
  Why why = Why::ready;
  Slot::Why limit = Slot::Why::free;
  /// About when; when it would go where a person has to do something first. The epoch: now.
  TimePoint at;

  bool operator==(const QueueTurn&) const = default;
};

/// One for each of `items`, which are in the order of UploadQueue::list(). An upload is taken for an instant.
Result<std::vector<QueueTurn>> queue_turns(VideoRegistry& registry, const Config& config, TimePoint now,
                                           std::span<const QueuedUpload> items,
                                           const PlatformChoice& signed_in);

/// `scheduled`, `one upload every 60 minutes`, `waits for a sign-in`.
std::string reason_text(const QueueTurn& turn, const RateLimits& limits);

/// Goes through what waits on one platform in the order of sending: `timed` by its times (ascending), as soon
/// as one of them is not later than the next slot, before what stands `in_line`. Calls send(entry) for each.
template <class Entry, class TimeOf, class Send>
void in_order_of_sending(std::span<Entry> in_line, std::span<Entry> timed, const TimeOf& time_of,
                         const SlotBook& book, const TimePoint& now, const Send& send) {
  auto next = timed.begin();
  for (Entry& entry : in_line) {
    while (next != timed.end() && time_of(*next) <= book.next(now).at) send(*next++);
    send(entry);
  }
  while (next != timed.end()) send(*next++);
}

}  // namespace asfs
