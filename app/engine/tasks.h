// Tasks of the engine, each on a thread of its own. What one throws is told: no future keeps it to itself.
//
// Any thread may call; the owner's destructor waits.
#pragma once

#include <functional>
#include <future>
#include <list>
#include <mutex>

#include "registry/base/result.h"

namespace asfs {

class Tasks {
 public:
  /// `fault` is called on the thread of the task that threw.
  explicit Tasks(std::function<void(const Error&)> fault) : fault_(std::move(fault)) {}

  /// `after` follows on the same thread, however `work` ended: what the task held is free again.
  void launch(
      std::function<void()> work, std::function<void()> after = [] {});
  /// Until all have ended, also those that they launched meanwhile.
  void wait();

 private:
  const std::function<void(const Error&)> fault_;
  std::mutex mutex_;
  std::list<std::future<void>> tasks_;
};

}  // namespace asfs
