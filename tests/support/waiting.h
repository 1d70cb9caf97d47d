// A queue as the window shows it, without a library.
#pragma once

#include "app/model/waiting_uploads.h"
#include "tests/support/ui_driver.h"

namespace asfs::test {

struct Waits {
  QueuedUpload item;
  QueueTurn turn;
};

/// For YouTube. `id` is also the title.
inline Waits waits(const std::string& id, QueueTurn::Why why = QueueTurn::Why::ready, TimePoint at = {}) {
  Waits one;
  one.item.video_id = one.item.title = id;
  one.item.platform = "YouTube";
  one.item.held = why == QueueTurn::Why::held;
  if (why == QueueTurn::Why::scheduled) one.item.schedule = Schedule{at};
  one.turn = {.why = why, .at = at};
  return one;
}

inline void set_waiting(UiDriver& window, const std::vector<Waits>& queue, const UploadKeys& running = {},
                        const DestinationWaitList& waits = {}, bool held = false) {
  std::vector<QueuedUpload> items;
  std::vector<QueueTurn> turns;
  for (const Waits& one : queue) {
    items.push_back(one.item);
    items.back().place = static_cast<std::int64_t>(items.size());
    turns.push_back(one.turn);
  }
  Config config;
  config.destinations = Destinations::first_ones();
  window.state.waiting = std::make_shared<const WaitingUploads>(
      waiting_uploads(std::make_shared<const QueuedItems>(std::move(items), Destinations::first_ones()),
                      std::move(turns), running, config, waits, held));
}

}  // namespace asfs::test
