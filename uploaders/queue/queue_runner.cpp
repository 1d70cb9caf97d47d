#include "uploaders/queue/queue_runner.h"

#include <algorithm>
#include <utility>

#include "registry/base/caught.h"
#include "registry/base/sqlite.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/row/platforms.h"
#include "uploaders/transfer/bandwidth.h"
#include "uploaders/transfer/kept_clients.h"

namespace asfs {
namespace {

/// Another process may have changed the queue, or the cap on the speed of what runs.
constexpr std::chrono::seconds kLookAgain{5};
constexpr std::chrono::seconds kPickUpEvery{15};
constexpr std::chrono::seconds kLookAgainWhileSending{1};

/// A try of an upload leaves traces in the library; whether there is a connection at all is asked without
/// any.
std::optional<StageResult> still_offline(const StageContext& context, const RunningUpload& upload) {
  HttpRequest request{
      .method = "HEAD", .url = context.config.at(upload.platform).api_base, .stop = upload.stop.get_token()};
  request.connect_timeout = std::chrono::seconds(context.config.upload.connect_timeout_s);
  request.stall_timeout = std::chrono::seconds(context.config.upload.connect_timeout_s);
  const auto answer = context.http()->send(request);
  if (answer || !answer.error().offline()) return std::nullopt;
  StageResult result;
  result.video_id = upload.video_id;
  result.platform = upload.platform;
  result.error = Error{Code::offline, answer.error().message};
  result.next = NextStep::connect;
  return result;
}

StageContext keeping_clients(StageContext context) {
  context.http = keep_clients(std::move(context.http));
  return context;
}

}  // namespace

Result<int> pick_up_unfinished(VideoRegistry& registry, const Destinations& destinations,
                               const DestinationChoice& chosen) {
  const auto dead = UploadLedger(registry).unfinished();
  if (!dead) return std::unexpected(dead.error());
  std::vector<QueueItem> items;
  for (const Attempt& attempt : *dead)
    if (const auto place = destinations.index_of(attempt.platform); place && chosen[*place])
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
    : live_(keeping_clients(std::move(context)), options.on_trouble),
      context_(live_.get()),
      options_(std::move(options)) {
  if (options_.try_at_once) go_on_.set();
}

Result<void> QueueRunner::run() {
  const KeptConnections kept;  // every upload opens the library
  auto registry = VideoRegistry::open(context_->library, context_->clock);
  if (!registry) return std::unexpected(registry.error());
  const std::stop_callback stopped(options_.stop, [this] {
    for (const auto& upload : running()) upload->stop.request_stop();
    wake();
  });
  const auto fine = caught([&] { return work_off(*registry); });
  for (const auto& upload : running()) upload->stop.request_stop();
  for (auto& task : tasks_) task.wait();
  const auto last = caught([&] { return settle_finished(*registry); });
  return fine ? last : fine;
}

Result<void> QueueRunner::work_off(VideoRegistry& registry) {
  next_round_.reset();
  while (!over()) {
    rest();
    if (auto settled = settle_finished(registry); !settled) return settled;
    if (auto dispatched = dispatch(registry); !dispatched) return dispatched;
  }
  return {};
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
  const TimePoint now = context_->clock.now();
  if (now < pick_up_at_) return {};
  pick_up_at_ = now + kPickUpEvery;
  if (auto back = queue(registry).take_back_lent(); !back) return std::unexpected(back.error());
  if (options_.until != RunnerOptions::Until::stopped) return {};
  const auto found = pick_up_unfinished(registry, destinations(), options_.destinations);
  return found ? Result<void>() : std::unexpected(found.error());
}

// One round: every destination gets what it may have now.
Result<void> QueueRunner::dispatch(VideoRegistry& registry) {
  due_ = left_ = false;
  next_round_ = context_->clock.now() + (running().empty() ? kLookAgain : kLookAgainWhileSending);
  if (options_.stop.stop_requested()) return {};
  const auto limit = UploadQueue(registry).speed_limit();
  if (!limit) return std::unexpected(limit.error());
  bandwidth().set_limit(*limit);
  live_.refresh();
  context_ = live_.get();
  if (const TimePoint now = context_->clock.now(); now < std::exchange(last_round_, now)) {
    pick_up_at_ = now;
    if (auto mended = queue(registry).mend_pauses(); !mended) return mended;
  }
  if (auto looked = look_at_waits(registry); !looked) return looked;
  if (auto picked_up = pick_up_sometimes(registry); !picked_up) return picked_up;
  for (std::size_t p = 0; p < destinations().size(); ++p) {
    for (;;) {
      const auto started = start_one(registry, p);
      if (!started) return std::unexpected(started.error());
      if (!*started) break;
      due_ = true;
    }
  }
  return {};
}

bool QueueRunner::has_room(std::size_t destination) const {
  const UploadConfig& config = context_->config.upload;
  const int in_all = options_.at_once > 0 ? options_.at_once : config.at_once;
  const int on_one =
      options_.at_once_per_platform > 0 ? options_.at_once_per_platform : config.at_once_per_platform;
  const std::scoped_lock lock(mutex_);
  const auto here =
      std::ranges::count(active_, destination, [](const auto& upload) { return upload->destination; });
  return here < (waits_.find(name_at(destination)) ? 1 : on_one) && static_cast<int>(active_.size()) < in_all;
}

Result<bool> QueueRunner::start_one(VideoRegistry& registry, std::size_t destination) {
  if (!options_.destinations[destination] || options_.stop.stop_requested() || !has_room(destination))
    return false;
  auto chance = chance_of(registry, destination);
  if (!chance) return std::unexpected(chance.error());
  if (!*chance) return false;
  auto item = queue(registry).take(name_at(destination), (*chance)->which);
  if (!item) return std::unexpected(item.error());
  if (!*item) return false;
  const auto video = registry.get_video((*item)->video_id);
  auto upload = std::make_shared<RunningUpload>();
  upload->video_id = (*item)->video_id;
  upload->platform = name_at(destination);
  upload->destination = destination;
  upload->title = video && *video && !(*video)->title.empty() ? (*video)->title : upload->video_id;
  if (!(*item)->schedule) upload->chosen_times = std::move((*chance)->chosen_times);
  upload->after_offline = (*chance)->after_offline;
  upload->started = context_->clock.now();
  upload->item = *std::move(*item);
  start(std::move(upload));
  return true;
}

// Something is due, the limits let it, it takes no slot of a chosen time, and the platform does not wait.
// When there is none, what is worth waiting for is noted.
Result<std::optional<QueueRunner::Chance>> QueueRunner::chance_of(VideoRegistry& registry,
                                                                  std::size_t destination) {
  const std::string& name = name_at(destination);
  const TimePoint now = context_->clock.now();
  UploadQueue queue = this->queue(registry);
  const auto ready = queue.next_ready(name);
  if (!ready) return std::unexpected(ready.error());
  if (!*ready) return std::nullopt;
  const auto book = post_times(registry, destination);
  if (!book) return std::unexpected(book.error());
  if (const TimePoint at = std::max(**ready, book->next(now).at); at > now) {
    not_before(at);
    return std::nullopt;
  }
  auto chosen = queue.chosen_times(name, now + kLongestWindow);
  if (!chosen) return std::unexpected(chosen.error());
  Chance chance{.chosen_times = *std::move(chosen)};
  if (!book->leaves_room(now, chance.chosen_times)) {
    chance.which = UploadQueue::Which::chosen_time;
    const auto due = queue.is_chosen_due(name);
    if (!due) return std::unexpected(due.error());
    if (!*due) {
      not_before(chance.chosen_times.front());
      return std::nullopt;
    }
  }
  const DestinationWaitList all_waits = waits();
  if (const DestinationWait* wait = all_waits.find(name)) {
    const auto may = may_probe(registry, destination, *wait);
    if (!may) return std::unexpected(may.error());
    if (!*may) return std::nullopt;
    chance.after_offline = wait->why == DestinationWait::Why::offline;
  }
  return chance;
}

// What has been started and is not in the ledger yet takes its slot now.
Result<PostTimes> QueueRunner::post_times(VideoRegistry& registry, std::size_t destination) const {
  const RunningUploads uploads = running();
  const RateLimits& limits = context_->config.limits(name_at(destination));
  auto book = UploadLedger(registry).post_times(name_at(destination), limits);
  if (!book) return book;
  for (const auto& upload : uploads) {
    if (upload->claimed) continue;
    if (upload->destination == destination)
      book->take(context_->clock.now());
    else if (std::ranges::find(limits.app_shared, upload->platform) != limits.app_shared.end())
      book->take_by_app(context_->clock.now());
  }
  return book;
}

void QueueRunner::start(std::shared_ptr<RunningUpload> upload) {
  {
    const std::scoped_lock lock(mutex_);
    active_.push_back(upload);
  }
  std::erase_if(
      tasks_, [](auto& task) { return task.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
  const auto begun = caught([&]() -> Result<void> {
    tasks_.push_back(
        std::async(std::launch::async, [this, upload, context = context_] { run_one(upload, *context); }));
    return {};
  });
  if (!begun)  // the system gives no thread just now
    return ended(upload, {.video_id = upload->video_id,
                          .platform = upload->platform,
                          .error = begun.error(),
                          .retry_at = context_->clock.now() + kLookAgain});
  options_.on_change();
}

Result<StageResult> QueueRunner::result_of(RunningUpload& upload, const StageContext& context) {
  const QueuedUpload& item = upload.item;
  const auto metadata = parse_metadata(item.metadata_json, item.platform);
  if (auto away = upload.after_offline ? still_offline(context, upload) : std::nullopt)
    return *std::move(away);
  if (!metadata) return std::unexpected(metadata.error());
  return run_upload_stage(context, item.video_id, item.platform, *metadata,
                          {.by_hand = item.by_hand,
                           .chosen_times = upload.chosen_times,
                           .stop = upload.stop.get_token(),
                           .progress = &upload.progress,
                           .on_claimed = [this, &upload] {
                             upload.claimed = true;
                             wake();
                           }});
}

void QueueRunner::run_one(const std::shared_ptr<RunningUpload>& upload, const StageContext& context) {
  auto result = caught([&] { return result_of(*upload, context); });
  if (!result)
    result = StageResult{
        .video_id = upload->video_id, .platform = upload->platform, .error = std::move(result.error())};
  ended(upload, *std::move(result));
}

void QueueRunner::ended(const std::shared_ptr<RunningUpload>& upload, StageResult result) {
  {
    const std::scoped_lock lock(mutex_);
    std::erase(active_, upload);
    finished_.push_back({.upload = upload, .result = std::move(result)});
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
  const auto back = [&](std::optional<TimePoint> until) -> Result<bool> {
    const auto put = queue.put_back(item.video_id, item.platform, until);
    return put ? Result<bool>(false) : std::unexpected(put.error());
  };
  const TimePoint now = context_->clock.now();
  const bool cancelled = result.error && result.error->code == Code::cancelled;
  if (cancelled && !done.upload->cancelling) return back(now);
  // The whole platform waits, or the limits do, which are asked before each upload: it keeps its place.
  const bool too_soon = result.next == NextStep::wait_until && result.status == UploadStatus::rate_limited &&
                        !done.upload->claimed;
  const auto wait = wait_of(result.next);
  if (wait) accounts_[done.upload->destination].reset();  // what the try itself noted there mends nothing
  if (!cancelled && result.error && wait && !done.upload->claimed)
    if (auto begun = DestinationWaits(registry).begin(item.platform, *wait, result.error->message); !begun)
      return std::unexpected(begun.error());
  if (!cancelled && result.error && (wait || too_soon)) return back(std::nullopt);
  if (result.error && result.error->code == Code::library) return back(now + kLookAgain);  // it may come back
  if (!cancelled && result.error && result.retry_at) return back(std::max(now, *result.retry_at));
  const auto removed = queue.remove(item.video_id, item.platform);
  return removed ? Result<bool>(true) : std::unexpected(removed.error());
}

// Until an upload has ended, somebody calls, or it is time for the next item.
void QueueRunner::rest() {
  std::unique_lock lock(mutex_);
  if (!next_round_) return;
  const auto left = std::max<Duration>(*next_round_ - context_->clock.now(), Duration::zero());
  if (!active_.empty() || !finished_.empty()) {
    changed_.wait_for(lock, left, [&] { return woken_; });
  } else if (!woken_) {
    nap_ = {};
    const auto token = nap_.get_token();
    lock.unlock();
    context_->clock.wait(left, token);
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

}  // namespace asfs
