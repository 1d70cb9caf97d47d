#include "app/engine/tasks.h"

#include <chrono>
#include <utility>

#include "registry/base/caught.h"

namespace asfs {
namespace {

Result<void> done(const std::function<void()>& work) {
  return caught([&]() -> Result<void> {
    work();
    return {};
  });
}

}  // namespace

void Tasks::launch(std::function<void()> work, std::function<void()> after) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(
      tasks_, [](auto& task) { return task.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
  tasks_.push_back(std::async(std::launch::async, [this, work = std::move(work), after = std::move(after)] {
    for (const auto& part : {std::cref(work), std::cref(after)})
      if (const auto ended = done(part); !ended)
        static_cast<void>(done([&] { fault_(ended.error()); }));  // there is nobody else to tell
  }));
}

void Tasks::wait() {
  for (;;) {
    std::list<std::future<void>> rest;
    {
      const std::scoped_lock lock(mutex_);
      rest.swap(tasks_);
    }
    if (rest.empty()) return;
    for (auto& task : rest) task.wait();
  }
}

}  // namespace asfs
