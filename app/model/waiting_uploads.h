// What waits in the library's queue, as the window shows it: an immutable picture in the order of sending,
// made on the reader's thread. Its items are shared by all pictures between which nothing in the queue has
// changed, so that a hundred thousand of them cost little.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "registry/store/config.h"
#include "uploaders/queue/queue_turns.h"

namespace asfs {

/// Names a video on a platform.
using UploadKeys = std::unordered_set<std::uint64_t>;
inline std::uint64_t upload_key(std::string_view video_id, std::size_t destination) {
  return std::hash<std::string_view>{}(video_id)*kMostDestinations + destination;
}

/// Everything in the queue, also what runs just now.
struct QueuedItems {
  std::vector<QueuedUpload> items;                            ///< as UploadQueue::list() has them
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;  ///< upload_key() and index in items; ascending

  QueuedItems() = default;
  QueuedItems(std::vector<QueuedUpload> listed, const Destinations& destinations);
};

struct WaitingUploads {
  std::shared_ptr<const QueuedItems> queue = std::make_shared<const QueuedItems>();
  std::vector<QueueTurn> turns;      ///< one for each item
  std::vector<std::uint32_t> order;  ///< of the items that do not run, in the order of sending
  std::optional<TimePoint> next;     ///< when the next one goes, when that is later than now
  std::size_t paused = 0;            ///< how many of them
  using Reasons = std::array<std::string, kPostTimeReasons>;  ///< in words
  std::map<std::string, Reasons, std::less<>> limits;         ///< by destination
  DestinationWaitList waits;                                  ///< what whole platforms wait for
  std::optional<TimePoint> offline_since;  ///< nothing goes before there is a connection again
  bool held = false;                       ///< what is added is paused, too

  std::size_t size() const { return order.size(); }
  bool empty() const { return order.empty(); }
  /// nullptr when it is not in the queue.
  const QueueTurn* find(std::uint64_t key) const;
  /// What its whole platform waits for; nullptr when it waits for something else.
  const DestinationWait* wait_of(std::uint32_t item) const;
  /// `scheduled`, `one upload every 60 minutes`, `Paused`; valid as long as this picture.
  std::string_view reason(std::uint32_t item) const;
};

/// `turns` stand for the items of `queue`; `running` is left out of the order.
WaitingUploads waiting_uploads(std::shared_ptr<const QueuedItems> queue, std::vector<QueueTurn> turns,
                               const UploadKeys& running, const Config& config,
                               const DestinationWaitList& waits = {}, bool held = false);

}  // namespace asfs
