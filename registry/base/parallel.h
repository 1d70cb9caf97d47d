// Work on many items on all cores, with the results handed over in order on the calling thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <future>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace asfs {

/// How std::async is to run a part of some work on so many items, each of a microsecond or so: by a thread
/// where they are worth one.
inline std::launch launch_for(std::size_t items) {
  return items < 1000 ? std::launch::deferred : std::launch::async;
}

/// Calls work(i, stop) for i in 0..count-1 in threads of its own, several at once, and consume(i, result) in
/// order of i on this thread, which is also where tick() is called a few times a second. Ends early when
/// consume() returns false or `stop` is requested; true when everything was consumed. The threads have ended
/// when it returns.
template <class Work, class Consume, class Tick>
bool for_each_in_order(std::size_t count, const Work& work, const Consume& consume, const Tick& tick,
                       std::stop_token stop) {
  using Item = decltype(work(std::size_t{}, std::stop_token{}));
  std::mutex mutex;
  std::condition_variable ready;
  std::vector<std::optional<Item>> items(count);
  std::atomic<std::size_t> next{0};
  std::stop_source ours;
  const std::stop_callback forward(stop, [&] { ours.request_stop(); });

  const auto loop = [&] {
    for (std::size_t i = next++; i < count && !ours.stop_requested(); i = next++) {
      Item item = work(i, ours.get_token());
      const std::scoped_lock lock(mutex);
      items[i] = std::move(item);
      ready.notify_one();
    }
  };
  std::vector<std::jthread> threads;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < std::min(cores, count); ++i) threads.emplace_back(loop);

  std::size_t done = 0;
  while (done < count && !ours.stop_requested()) {
    std::unique_lock lock(mutex);
    ready.wait_for(lock, std::chrono::milliseconds(100), [&] { return items[done].has_value(); });
    std::optional<Item> item = std::exchange(items[done], std::nullopt);
    lock.unlock();
    if (item && !consume(done, *item)) break;
    if (item) ++done;
    tick();
  }
  ours.request_stop();
  return done == count;
}

}  // namespace asfs
