#include "uploaders/queue_runner.h"

#include <algorithm>
#include <utility>

#include "uploaders/bandwidth.h"
#include "uploaders/platforms.h"

namespace asfs {
namespace {

/// Another process may have changed the queue, or the cap on the speed of what runs.
constexpr std::chrono::seconds kLookAgain{5};
constexpr std::chrono::seconds kPickUpEvery{15};
constexpr std::chrono::seconds kLookAgainWhileSending{1};

RunnerOptions completed(RunnerOptions options, const UploadConfig& config) {
  if (options.at_once == 0) options.at_once = config.at_once;
  if (options.at_once_per_platform == 0) options.at_once_per_platform = config.at_once_per_platform;
  return options;
}

}  // namespace

Result<int> pick_up_unfinished(VideoRegistry& registry, const PlatformChoice& platforms) {
  const auto dead = UploadLedger(registry).unfinished();
  if (!dead) return std::unexpected(dead.error());
  std::vector<QueueItem> items;
  for (const Attempt& attempt : *dead)
    if (const auto platform = platform_index(attempt.platform); platform && platforms[*platform])
      items.push_back({.video_id = attempt.video_id, .platform = attempt.platform});
  if (items.empty()) return 0;
  UploadQueue queue(registry);
  const auto added = queue.add(items);
  if (!added || *added == 0) return added;
  for (const QueueItem& item : items)
    if (auto moved = queue.move(item.video_id, item.platform, UploadQueue::Move::first); !moved)
      return std::unexpected(moved.error());
  return added;
}

QueueRunner::QueueRunner(StageContext context, RunnerOptions options)
    : context_(std::move(context)), options_(completed(std::move(options), context_.config.upload)) {}

Result<void> QueueRunner::run() {
  auto registry = VideoRegistry::open(context_.library, context_.clock);
  if (!registry) return std::unexpected(registry.error());
  const std::stop_callback stopped(options_.stop, [this] {
    for (const auto& upload : running()) upload->stop.request_stop();
    wake();
  });
  Result<void> fine;
  while (fine && !over()) {
    rest();
    fine = settle_finished(*registry);
    if (fine) fine = dispatch(*registry);
  }
  for (const auto& upload : running()) upload->stop.request_stop();
  for (auto& task : tasks_) task.wait();
  const auto last = settle_finished(*registry);
  return fine ? last : fine;
}

bool QueueRunner::over() const {
  const std::scoped_lock lock(mutex_);
  if (!active_.empty() || !finished_.empty()) return false;
  if (options_.stop.stop_requested()) return true;
  if (!next_round_) return false;  // the first round
  if (due_ || options_.until == RunnerOptions::Until::stopped) return false;
  return options_.until == RunnerOptions::Until::nothing_due || !left_;
}

void QueueRunner::not_before(TimePoint at) {
  left_ = true;
  next_round_ = std::min(next_round_.value_or(at), at);
}

UploadQueue QueueRunner::queue(VideoRegistry& registry) const {
  return UploadQueue(registry, options_.run);
}

Result<void> QueueRunner::pick_up_sometimes(VideoRegistry& registry) {
  const TimePoint now = context_.clock.now();
  if (options_.until != RunnerOptions::Until::stopped || now < pick_up_at_) return {};
  pick_up_at_ = now + kPickUpEvery;
  const auto found = pick_up_unfinished(registry, options_.platforms);
  return found ? Result<void>() : std::unexpected(found.error());
}

// One round: every platform gets what it may have now.
Result<void> QueueRunner::dispatch(VideoRegistry& registry) {
  due_ = left_ = false;
  next_round_ = context_.clock.now() + (running().empty() ? kLookAgain : kLookAgainWhileSending);
  if (options_.stop.stop_requested()) return {};
  const auto limit = UploadQueue(registry).speed_limit();
  if (!limit) return std::unexpected(limit.error());
  bandwidth().set_limit(*limit);
  if (auto picked_up = pick_up_sometimes(registry); !picked_up) return picked_up;
  for (std::size_t p = 0; p < kPlatformCount; ++p) {
    for (;;) {
      const auto started = start_one(registry, p);
      if (!started) return std::unexpected(started.error());
      if (!*started) break;
      due_ = true;
    }
  }
  return {};
}

Result<bool> QueueRunner::start_one(VideoRegistry& registry, std::size_t platform) {
  {
    const std::scoped_lock lock(mutex_);
    const auto here =
        std::ranges::count(active_, platform, [](const auto& upload) { return upload->platform_index; });
    if (!options_.platforms[platform] || no_login_[platform] || here >= options_.at_once_per_platform ||
        static_cast<int>(active_.size()) >= options_.at_once)
      return false;
  }
  const std::string_view name = kPlatformNames[platform];
  UploadQueue queue = this->queue(registry);
  const auto ready = queue.next_ready(name);
  if (!ready) return std::unexpected(ready.error());
  if (!*ready) return false;
  const auto slot = next_slot(registry, platform);
  if (!slot) return std::unexpected(slot.error());
  const TimePoint at = std::max(**ready, *slot);
  if (at > context_.clock.now()) {
    not_before(at);
    return false;
  }
  auto item = queue.take(name);
  if (!item) return std::unexpected(item.error());
  if (!*item) return false;
  const auto video = registry.get_video((*item)->video_id);
  std::string title = video && *video ? (*video)->title : std::string();
  start(*std::move(*item), platform, std::move(title));
  return true;
}

// What has been started and is not in the ledger yet takes its slot now.
Result<TimePoint> QueueRunner::next_slot(VideoRegistry& registry, std::size_t platform) const {
  const TimePoint now = context_.clock.now();
  const RunningUploads uploads = running();
  auto book =
      UploadLedger(registry).slots(kPlatformNames[platform], platforms()[platform].limits(context_.config));
  if (!book) return std::unexpected(book.error());
  for (const auto& upload : uploads)
    if (upload->platform_index == platform && !upload->claimed) book->take(now);
  return book->next(now).at;
}

void QueueRunner::start(QueuedUpload item, std::size_t platform, std::string title) {
  auto upload = std::make_shared<RunningUpload>();
  upload->video_id = item.video_id;
  upload->platform = kPlatformNames[platform];
  upload->platform_index = platform;
  upload->title = title.empty() ? item.video_id : std::move(title);
  upload->item = std::move(item);
  {
    const std::scoped_lock lock(mutex_);
    active_.push_back(upload);
  }
  std::erase_if(
      tasks_, [](auto& task) { return task.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
  tasks_.push_back(std::async(std::launch::async, [this, upload] { run_one(upload); }));
  options_.on_change();
}

void QueueRunner::run_one(const std::shared_ptr<RunningUpload>& upload) {
  const QueuedUpload& item = upload->item;
  Done done{.upload = upload, .result = {}};
  const auto metadata = parse_metadata(item.metadata_json, item.platform);
  if (metadata)
    done.result = run_upload_stage(context_, item.video_id, item.platform, *metadata,
                                   {.by_hand = item.by_hand,
                                    .stop = upload->stop.get_token(),
                                    .progress = &upload->progress,
                                    .on_claimed = [this, &upload] {
                                      upload->claimed = true;
                                      wake();
                                    }});
  else
    done.result = {.video_id = item.video_id, .platform = item.platform, .error = metadata.error()};
  {
    const std::scoped_lock lock(mutex_);
    std::erase(active_, upload);
    finished_.push_back(std::move(done));
    woken_ = true;
    nap_.request_stop();
    changed_.notify_all();
  }
  options_.on_change();
}

Result<void> QueueRunner::settle_finished(VideoRegistry& registry) {
  // What has ended is kept until there is a library to write it into.
  if (auto there = registry.follow(); !there) return there;
  for (;;) {
    std::vector<Done> finished;
    {
      const std::scoped_lock lock(mutex_);
      finished.swap(finished_);
    }
    if (finished.empty()) return {};
    for (const Done& done : finished) {
      const auto final = settle(registry, done);
      if (!final) return std::unexpected(final.error());
      options_.on_result(*done.upload, done.result, *final);
    }
  }
}

// What becomes of the item; true when the queue is done with it.
Result<bool> QueueRunner::settle(VideoRegistry& registry, const Done& done) {
  const StageResult& result = done.result;
  const QueuedUpload& item = done.upload->item;
  UploadQueue queue = this->queue(registry);
  const auto back = [&](TimePoint until) -> Result<bool> {
    const auto put = queue.put_back(item.video_id, item.platform, until);
    return put ? Result<bool>(false) : std::unexpected(put.error());
  };
  const TimePoint now = context_.clock.now();
  const bool cancelled = result.error && result.error->code == Code::cancelled;
  if (cancelled && !done.upload->cancelling) return back(now);
  if (!cancelled && result.error && result.next == NextStep::sign_in) {
    const std::scoped_lock lock(mutex_);
    no_login_[done.upload->platform_index] = true;
    return back(now);
  }
  if (result.error && result.error->code == Code::library) return back(now + kLookAgain);  // it may come back
  if (!cancelled && result.error && result.retry_at) return back(std::max(now, *result.retry_at));
  const auto removed = queue.remove(item.video_id, item.platform);
  return removed ? Result<bool>(true) : std::unexpected(removed.error());
}

// Until an upload has ended, somebody calls, or it is time for the next item.
void QueueRunner::rest() {
  std::unique_lock lock(mutex_);
  if (!next_round_) return;
  const auto left = std::max<Duration>(*next_round_ - context_.clock.now(), Duration::zero());
  if (!active_.empty() || !finished_.empty()) {
    changed_.wait_for(lock, left, [&] { return woken_; });
  } else if (!woken_) {
    nap_ = {};
    const auto token = nap_.get_token();
    lock.unlock();
    context_.clock.wait(left, token);
    lock.lock();
  }
  woken_ = false;
}

void QueueRunner::wake() {
  const std::scoped_lock lock(mutex_);
  woken_ = true;
  nap_.request_stop();
  changed_.notify_all();
}

RunningUploads QueueRunner::running() const {
  const std::scoped_lock lock(mutex_);
  return active_;
}

bool QueueRunner::cancel(std::string_view video_id, std::string_view platform) {
  for (const auto& upload : running()) {
    if (upload->video_id != video_id || upload->platform != platform) continue;
    upload->cancelling = true;
    upload->stop.request_stop();
    return true;
  }
  return false;
}

void QueueRunner::go_on(std::size_t platform) {
  {
    const std::scoped_lock lock(mutex_);
    no_login_[platform] = false;
  }
  wake();
}

}  // namespace asfs
