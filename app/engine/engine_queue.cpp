// What the engine shows of the queue, and how a person changes it; uploads are put into it, and single ones
// taken out, in engine_uploads.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/engine/engine_impl.h"
#include "app/model/when_label.h"
#include "uploaders/queue/queue_turns.h"
#include "uploaders/row/platforms.h"

namespace asfs {
namespace {

/// After a look at the queue so many times as long goes by before the next one.
constexpr int kPause = 10;

}  // namespace

DestinationChoice Engine::Impl::usable_accounts() const {
  std::lock_guard lock(mutex);
  DestinationChoice usable = kEveryDestination;
  if (!options.practice_url.empty() || !accounts) return usable;
  for (std::size_t i = 0; i < accounts->size(); ++i) usable[i] = (*accounts)[i].state.usable();
  return usable;
}

// The items are only read when something in the queue has changed, not with every commit to the library.
Result<void> Engine::Impl::read_queue(UploadQueue& queue) {
  const auto version = queue.version();
  if (!version) return std::unexpected(version.error());
  if (queue_reading.items && queue_reading.version == *version) return {};
  auto items = queue.list();
  if (!items) return std::unexpected(items.error());
  queue_reading.items = std::make_shared<const QueuedItems>(*std::move(items), *destinations());
  queue_reading.version = *version;
  return {};
}

// Only when the library or an account has changed, or a turn has come; and a long queue not all the time.
bool Engine::Impl::must_look_at_queue(bool changed) {
  const DestinationChoice usable = usable_accounts();
  const bool must = changed || queue_reading.outdated || usable != queue_reading.usable ||
                    system_clock().now() >= queue_reading.due;
  queue_reading.outdated = must && std::chrono::steady_clock::now() < queue_reading.not_before;
  if (!must || queue_reading.outdated) return false;
  queue_reading.usable = usable;
  return true;
}

void Engine::Impl::publish_waiting(VideoRegistry& registry, bool changed) {
  if (!must_look_at_queue(changed)) return;
  const auto began = std::chrono::steady_clock::now();
  UploadQueue queue(registry);
  const auto limit = queue.speed_limit();
  if (!limit || !read_queue(queue)) return;  // the next look may do
  const TimePoint now = system_clock().now();
  const auto waits = DestinationWaits(registry).list();
  const auto held = queue.is_held();
  if (!waits || !held) return;
  const auto context = runner->context();
  auto turns =
      queue_turns(registry, context->config, now, queue_reading.items->items, queue_reading.usable, *waits);
  if (!turns) return;
  queue_reading.due = TimePoint::max();
  for (const QueueTurn& turn : *turns)
    if (turn.at > now) queue_reading.due = std::min(queue_reading.due, turn.at);
  UploadKeys running;
  for (const auto& upload : runner->running())
    running.insert(upload_key(upload->video_id, upload->destination));
  auto view = std::make_shared<const WaitingUploads>(
      waiting_uploads(queue_reading.items, *std::move(turns), running, context->config, *waits, *held));
  queue_reading.not_before =
      std::chrono::steady_clock::now() + kPause * (std::chrono::steady_clock::now() - began);
  {
    std::lock_guard lock(mutex);
    if (speed_limit == *limit && waiting_view->queue == view->queue && waiting_view->turns == view->turns &&
        waiting_view->order == view->order && waiting_view->waits == view->waits &&
        waiting_view->limits == view->limits && waiting_view->held == view->held)
      return;
    speed_limit = *limit;
    std::swap(waiting_view, view);  // the picture before is given back without the mutex
  }
  options.wake();
}

void Engine::Impl::change_queue(std::function<Result<void>(UploadQueue&)> change) {
  write([this, change = std::move(change)](VideoRegistry& registry) -> Result<void> {
    UploadQueue queue(registry);
    if (auto done = change(queue); !done) return done;
    runner->wake();
    return {};
  });
}

// What has gone out meanwhile is not there any more; the next picture shows it.
void Engine::Impl::carry_out(const HoldUpload& action) {
  change_queue([action](UploadQueue& queue) -> Result<void> {
    const auto held = queue.hold(action.video_id, action.platform, action.held);
    return held ? Result<void>() : std::unexpected(held.error());
  });
}

void Engine::Impl::carry_out(const MoveUpload& action) {
  change_queue([action](UploadQueue& queue) -> Result<void> {
    const auto moved = queue.move(action.video_id, action.platform, action.where);
    return moved ? Result<void>() : std::unexpected(moved.error());
  });
}

void Engine::Impl::carry_out(const PauseQueue& action) {
  change_queue([action](UploadQueue& queue) -> Result<void> {
    const auto held = queue.hold_all(action.paused);
    return held ? Result<void>() : std::unexpected(held.error());
  });
}

void Engine::Impl::carry_out(const SetSpeedLimit& action) {
  change_queue([action](UploadQueue& queue) { return queue.set_speed_limit(action.bytes_per_second); });
}

// What is in the queue already gets the time, whatever it is; what would be new and is blocked is refused
// here and now, not when its time comes.
void Engine::Impl::carry_out(const ScheduleUpload& action) {
  const auto index = place_of(action.platform);
  if (!index) return;
  write([this, action](VideoRegistry& registry) -> Result<void> {
    UploadQueue queue(registry);
    const auto there = queue.reschedule(action.video_id, action.platform, action.schedule);
    if (!there) return std::unexpected(there.error());
    if (!*there) {
      const auto allowed = registry.can_upload(action.video_id, action.platform, true);
      if (!allowed) return std::unexpected(allowed.error());
      if (!allowed->allowed) return fail(Code::blocked, allowed->reason);
      const QueueItem item{.video_id = action.video_id,
                           .platform = action.platform,
                           .by_hand = true,
                           .schedule = action.schedule};
      if (auto added = queue.add({&item, 1}); !added) return std::unexpected(added.error());
    }
    runner->wake();
    if (action.schedule)
      tell(Notice::Kind::info, fmt::format("{} goes to {} at {}", action.video_id, action.platform,
                                           when_label(action.schedule->at, system_clock().now()).view()));
    return {};
  });
}

void Engine::Impl::carry_out(const CancelUploads& action) {
  write([this, action](VideoRegistry& registry) -> Result<void> {
    // First the queue, or what waits would start in the place of what is stopped.
    if (auto removed = UploadQueue(registry).remove(*action.videos); !removed)
      return std::unexpected(removed.error());
    tell_what_may_appear(registry, [&](const OnItsWay& upload) {
      return std::ranges::find(*action.videos, upload.video_id) != action.videos->end();
    });
    UploadKeys running;
    for (const auto& upload : runner->running())
      running.insert(upload_key(upload->video_id, upload->destination));
    const auto all = destinations();
    for (const std::string& id : *action.videos)
      for (std::size_t p = 0; p < all->size(); ++p) {
        if (running.contains(upload_key(id, p))) {
          runner->cancel(id, (*all)[p].name);
          continue;
        }
        std::lock_guard lock(mutex);
        forget(upload_key(id, p));
      }
    return {};
  });
}

}  // namespace asfs
