#include "app/model/waiting_uploads.h"

#include <algorithm>
#include <utility>

#include "uploaders/row/platforms.h"

namespace asfs {

QueuedItems::QueuedItems(std::vector<QueuedUpload> listed, const Destinations& destinations)
    : items(std::move(listed)) {
  keys.reserve(items.size());
  for (std::uint32_t i = 0; i < items.size(); ++i)
    if (const auto place = destinations.index_of(items[i].platform))
      keys.emplace_back(upload_key(items[i].video_id, *place), i);
  std::ranges::sort(keys);
}

const QueueTurn* WaitingUploads::find(std::uint64_t key) const {
  const auto& keys = queue->keys;
  const auto found = std::ranges::lower_bound(keys, key, {}, &std::pair<std::uint64_t, std::uint32_t>::first);
  return found == keys.end() || found->first != key ? nullptr : &turns[found->second];
}

const DestinationWait* WaitingUploads::wait_of(std::uint32_t item) const {
  return turns[item].why == QueueTurn::Why::platform ? waits.find(queue->items[item].platform) : nullptr;
}

std::string_view WaitingUploads::reason(std::uint32_t item) const {
  const QueueTurn& turn = turns[item];
  switch (turn.why) {
    case QueueTurn::Why::scheduled:
      return "scheduled";
    case QueueTurn::Why::pause:
      return "a pause before the next try";
    case QueueTurn::Why::limit:
      return limits.at(queue->items[item].platform)[static_cast<std::size_t>(turn.limit)];
    case QueueTurn::Why::held:
      return "Paused";
    case QueueTurn::Why::sign_in:
      return "Waits for a sign-in";
    case QueueTurn::Why::platform:
      return wait_of(item) ? std::string_view(wait_of(item)->said) : "Waits";
    case QueueTurn::Why::ready:
      return "Waits for its turn";
  }
  std::unreachable();
}

WaitingUploads waiting_uploads(std::shared_ptr<const QueuedItems> queue, std::vector<QueueTurn> turns,
                               const UploadKeys& running, const Config& config,
                               const DestinationWaitList& waits, bool held) {
  WaitingUploads view;
  view.waits = waits;
  view.held = held;
  view.queue = std::move(queue);
  view.turns = std::move(turns);
  const auto& items = view.queue->items;
  bool at_once = false;
  for (const auto& [key, i] : view.queue->keys) {
    if (running.contains(key)) continue;
    view.order.push_back(i);
    const QueueTurn& turn = view.turns[i];
    view.paused += items[i].held;
    const DestinationWait* wait = waits.find(items[i].platform);
    if (turn.why == QueueTurn::Why::platform && wait && wait->why == DestinationWait::Why::offline)
      view.offline_since = std::min(view.offline_since.value_or(wait->since), wait->since);
    if (turn.open_ended()) continue;
    at_once = at_once || turn.at == TimePoint();
    view.next = std::min(view.next.value_or(turn.at), turn.at);
  }
  if (at_once || view.next) view.offline_since.reset();
  if (at_once) view.next.reset();
  std::ranges::sort(view.order, {},
                    [&](std::uint32_t i) { return std::tuple(view.turns[i].at, items[i].place, i); });
  for (const Destination& one : config.destinations)
    for (std::size_t why = 0; why < kPostTimeReasons; ++why)
      view.limits[one.name][why] = reason_text(static_cast<PostTime::Why>(why), config.limits(one.name));
  return view;
}

}  // namespace asfs
