// An empty queue of a library, and what comes next in it.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "registry/queue/upload_queue.h"
#include "tests/support/test_library.h"

namespace asfs::test {

struct QueueFixture {
  TestLibrary test;
  VideoRegistry registry = test.open();
  UploadQueue queue{registry};

  TimePoint now() const { return test.clock.now(); }
  static QueueItem item(const std::string& id, std::optional<Schedule> schedule = std::nullopt) {
    return {.video_id = id, .platform = "YouTube", .schedule = schedule};
  }
  void add(const std::vector<QueueItem>& items, UploadQueue::For whom = UploadQueue::For::everybody) {
    REQUIRE(queue.add(items, whom));
  }
  /// Which item comes next; "" for none.
  std::string take() { return take(queue); }
  static std::string take(UploadQueue& from) {
    const auto item = from.take("YouTube");
    REQUIRE(item);
    return *item ? (*item)->video_id : "";
  }
  Duration waits(const std::string& id) {
    return *queue.find(id, "YouTube").value()->not_before - from_unix_millis(unix_millis(now()));
  }
  std::string order() {
    std::string ids;
    const auto items = queue.list().value();
    for (const auto& item : items) ids += item.video_id + " ";
    return ids;
  }
};

}  // namespace asfs::test
