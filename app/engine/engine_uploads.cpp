// How the engine runs uploads: what is put into the queue and taken out of it, and what is told at the end.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "app/engine/engine_impl.h"
#include "app/model/when_label.h"
#include "registry/base/caught.h"
#include "registry/base/desktop.h"
#include "registry/videos/identity.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/post_check.h"

namespace asfs {
namespace {

constexpr std::chrono::seconds kPostCheckInterval{15};

Notice notice(Notice::Kind kind, std::string text, std::string detail = {}) {
  return {.kind = kind, .text = std::move(text), .detail = std::move(detail)};
}

std::string appears_text(std::string_view title, std::string_view platform) {
  return fmt::format("{}: stopped, but its post may still appear on {}", title, platform);
}

std::string appears_detail(std::string_view platform) {
  return fmt::format(
      "All of it had been sent. Nothing is sent again, and {} is asked later what became of it.", platform);
}

Notice notice_of(const StageResult& result, const std::string& title) {
  using Kind = Notice::Kind;
  if (!result.error)
    return notice(Kind::success, fmt::format("{} is on {}", title, result.platform), result.warning);
  const Error& error = *result.error;
  if (may_still_appear(result))
    return notice(Kind::warning, appears_text(title, result.platform), appears_detail(result.platform));
  if (error.code == Code::cancelled)
    return notice(Kind::info, fmt::format("{}: stopped, {} can be resumed", title, result.platform));
  if (result.status == UploadStatus::rate_limited)
    return notice(Kind::warning, fmt::format("{}: {} says not now", title, result.platform), error.message);
  Notice failed = notice(error.code == Code::blocked ? Kind::warning : Kind::error,
                         fmt::format("{}: not uploaded to {}", title, result.platform), error.message);
  if (result.duplicate) failed.blocked = Notice::BlockedDuplicate{result.video_id, result.platform, title};
  return failed;
}

}  // namespace

void BulkTally::count(const StageResult& result) {
  late += may_still_appear(result);
  if (!result.error)
    ++uploaded;
  else if (result.error->code == Code::cancelled)
    ++stopped;
  else if (result.error->code == Code::blocked)
    ++refused;
  else
    ++failed;
}

Notice BulkTally::summary() const {
  std::string detail;
  if (refused + stopped > 0)
    detail = fmt::format("{} refused so that nothing is posted twice, {} stopped", refused, stopped);
  if (late > 0)
    detail += fmt::format(
        ", {} of them after all had been sent: a post may still appear, and is asked about later", late);
  return notice(failed > 0 ? Notice::Kind::warning : Notice::Kind::success,
                fmt::format("Bulk upload: {} uploaded, {} failed", uploaded, failed), std::move(detail));
}

void Engine::Impl::carry_out(const StartUpload& action) {
  const auto index = place_of(action.platform);
  if (!index) return;
  for (const auto& upload : runner->running())
    if (upload->video_id == action.video_id && upload->destination == *index)
      return tell(Notice::Kind::info,
                  fmt::format("{} is on its way to {} already", upload->title, action.platform));
  write([this, action, index = *index](VideoRegistry& registry) -> Result<void> {
    if (action.allow_duplicates)
      if (auto set = registry.set_duplicate_allowed(action.video_id, true); !set) return set;
    UploadQueue queue(registry);
    const QueueItem item{.video_id = action.video_id,
                         .platform = action.platform,
                         .metadata_json = metadata_json(action.metadata),
                         .by_hand = true};
    if (auto added = queue.add({&item, 1}); !added) return std::unexpected(added.error());
    if (auto moved = queue.move(item.video_id, item.platform, UploadQueue::Move::first); !moved)
      return std::unexpected(moved.error());
    runner->go_on(index);  // whoever presses a button believes that it can be done now
    return {};
  });
}

void Engine::Impl::carry_out(const UploadMany& action) {
  std::lock_guard lock(mutex);
  bulk_wishes.push_back(action.what);
  if (!std::exchange(bulk.adding, true)) start_enqueuing();
}

// One at a time, and another one while anything is left, however this one ends.
void Engine::Impl::start_enqueuing() {
  tasks.launch([this] { enqueue_all(); },
               [this] {
                 std::lock_guard lock(mutex);
                 bulk.adding = !bulk_wishes.empty();
                 if (bulk.adding) return start_enqueuing();
                 tell_when_bulk_over();
               });
}

void Engine::Impl::enqueue_all() {
  for (;;) {
    BulkWish wish;
    {
      std::lock_guard lock(mutex);
      if (bulk_wishes.empty()) return;
      wish = std::move(bulk_wishes.front());
      bulk_wishes.pop_front();
    }
    enqueue(wish);
    for (std::size_t p = 0; p < destinations()->size(); ++p) runner->go_on(p);
    request_refresh();
  }
}

// What has a time of its own goes when nobody may be looking: only what goes now is summed up at the end.
void Engine::Impl::enqueue(const BulkWish& wish) {
  auto registry = caught([&] { return VideoRegistry::open(options.library); });
  const auto planned = caught([&] {
    return registry ? plan_of(*registry, wish, errands.get_token()) : std::unexpected(registry.error());
  });
  const auto items = planned ? items_of(*planned) : std::vector<QueueItem>();
  std::vector<std::uint64_t> counted;
  if (!wish.series) {
    std::lock_guard lock(mutex);
    for (const QueueItem& item : items)
      if (const auto key = upload_key(item.video_id, *place_of(item.platform)); bulk.left.insert(key).second)
        counted.push_back(key);
  }
  const auto added =
      caught([&] { return planned ? UploadQueue(*registry).add(items) : std::unexpected(planned.error()); });
  if (!added)
    tell(Notice::Kind::error, "Nothing was put into the queue", added.error().message);
  else if (wish.series)
    tell(Notice::Kind::success,
         fmt::format("{} upload{} scheduled, from {} on", items.size(), items.size() == 1 ? "" : "s",
                     when_label(wish.series->first, system_clock().now()).view()));
  if (added) return;
  std::lock_guard lock(mutex);
  for (const std::uint64_t key : counted) bulk.left.erase(key);
}

void Engine::Impl::tell_when_bulk_over() {
  if (!bulk.over()) return;
  notices.push_back(std::exchange(bulk, {}).summary());
  has_notices = true;
  options.wake();
}

void Engine::Impl::waits(const Destination& destination, const DestinationWait& wait) {
  const std::string& name = destination.caption;
  switch (wait.why) {
    case DestinationWait::Why::offline:
      return tell(Notice::Kind::warning,
                  fmt::format("{} cannot be reached; uploads go on by themselves", name), wait.said);
    case DestinationWait::Why::sign_in:
      tell(Notice::Kind::error, fmt::format("{} waits for you to sign in", name), wait.said);
      if (destination.route == Route::browser && has_display()) carry_out(SignInTo{destination.name});
      return;
    case DestinationWait::Why::account:
      return tell(Notice::Kind::error, fmt::format("{} takes no uploads just now", name), wait.said);
  }
}

void Engine::Impl::finished(const RunningUpload& upload, const StageResult& result, bool final) {
  webhooks->wake();
  const bool closing = result.error && result.error->code == Code::cancelled && !final;
  bool worth_telling = !closing && !(result.error && wait_of(result.next));  // that is told of the platform
  {
    std::lock_guard lock(mutex);
    const std::uint64_t key = upload_key(upload.video_id, upload.destination);
    const bool in_bulk = bulk.left.contains(key);
    if (in_bulk) worth_telling = false;
    if (in_bulk && final) {
      bulk.left.erase(key);
      bulk.count(result);
      tell_when_bulk_over();
    }
  }
  if (worth_telling) tell(notice_of(result, upload.title));
  request_refresh();
}

void Engine::Impl::publish_running() {
  {
    std::lock_guard lock(mutex);
    running_view = std::make_shared<const RunningUploads>(runner->running());
  }
  options.wake();
}

void Engine::Impl::forget(std::uint64_t key) {
  if (bulk.left.erase(key) > 0) ++bulk.stopped;
  tell_when_bulk_over();
}

// Of what is cancelled while it waits to be looked up; what runs tells when it has stopped.
void Engine::Impl::tell_what_may_appear(VideoRegistry& registry,
                                        const std::function<bool(const OnItsWay&)>& is_meant) {
  const auto uploads = UploadLedger(registry).on_their_way();
  std::vector<std::string> told;
  for (const OnItsWay& upload : uploads.value_or(std::vector<OnItsWay>()))
    if (upload.may_be_live && upload.owner.empty() && is_meant(upload))
      told.push_back(fmt::format("{}: {}", upload.video_id, appears_detail(upload.platform)));
  tell_together(Notice::Kind::warning, "1 post may still appear", "posts may still appear", told);
}

void Engine::Impl::carry_out(const CancelUpload& action) {
  const auto index = place_of(action.platform);
  if (!index || runner->cancel(action.video_id, action.platform)) return;
  write([this, action, index = *index](VideoRegistry& registry) -> Result<void> {
    const auto removed = UploadQueue(registry).remove(action.video_id, action.platform);
    if (!removed) return std::unexpected(removed.error());
    tell_what_may_appear(registry, [&](const OnItsWay& upload) {
      return upload.video_id == action.video_id && upload.platform == action.platform;
    });
    std::lock_guard lock(mutex);
    forget(upload_key(action.video_id, index));
    return {};
  });
}

void Engine::Impl::carry_out(const CancelAll&) {
  write([this](VideoRegistry& registry) -> Result<void> {
    // First the queue, or what waits would start in the place of what is stopped.
    if (auto removed = UploadQueue(registry).remove_all(); !removed) return std::unexpected(removed.error());
    tell_what_may_appear(registry, [](const OnItsWay&) { return true; });
    UploadKeys running;
    for (const auto& upload : runner->running()) {
      running.insert(upload_key(upload->video_id, upload->destination));
      runner->cancel(upload->video_id, upload->platform);
    }
    std::lock_guard lock(mutex);
    const UploadKeys left = bulk.left;
    for (const std::uint64_t key : left)
      if (!running.contains(key)) forget(key);
    return {};
  });
}

void Engine::Impl::run_queue() {
  static_cast<void>(caught([&]() -> Result<void> {  // the queue goes on without it
    go_on_from_last_time();
    return {};
  }));
  while (!queue_stop.stop_requested()) {
    const auto ended = runner->run();
    if (!ended && !queue_stop.stop_requested()) {
      tell(Notice::Kind::error, "The queue stands still", ended.error().message);
      system_clock().wait(kRefreshInterval, queue_stop.get_token());
    }
  }
}

void Engine::Impl::go_on_from_last_time() {
  auto registry = VideoRegistry::open(options.library);
  if (!registry) return;  // the reader tells
  UploadQueue queue(*registry);
  static_cast<void>(queue.remove_of_this_run());
  static_cast<void>(pick_up_unfinished(*registry, *destinations(), kEveryDestination));
  const auto all = queue.list();
  if (const std::size_t count = all ? all->size() : 0; count > 0)
    tell(Notice::Kind::info,
         fmt::format("Going on with {} upload{} from last time", count, count == 1 ? "" : "s"));
}

void Engine::Impl::check_posts_sometimes() {
  const auto now = std::chrono::steady_clock::now();
  std::lock_guard lock(mutex);
  if (stopping || checking_posts || now - posts_checked_at < kPostCheckInterval) return;
  checking_posts = true;
  posts_checked_at = now;
  tasks.launch([this, stop = errands.get_token()] { check_posts_now(stop); },
               [this] {
                 std::lock_guard relock(mutex);
                 checking_posts = false;
               });
}

// While nothing is sent, and only when something in the library has changed.
void Engine::Impl::know_contents_sometimes() {
  if (!runner->running().empty()) return;
  std::lock_guard lock(mutex);
  if (stopping || knowing_contents || !table || table->snapshot->generation() == contents_known_of) return;
  knowing_contents = true;
  contents_known_of = table->snapshot->generation();
  tasks.launch([this, stop = errands.get_token()] { know_contents_now(stop); },
               [this] {
                 std::lock_guard relock(mutex);
                 knowing_contents = false;
               });
}

// What cannot be read is found out when it is to be sent, or never.
void Engine::Impl::know_contents_now(std::stop_token stop) {
  if (auto registry = VideoRegistry::open(options.library); registry && note_disk_files(*registry, stop))
    while (runner->running().empty() && know_next_content(*registry, stop).value_or(false)) continue;
}

// A library or platform that cannot be asked is told about elsewhere; the posts stay due.
void Engine::Impl::check_posts_now(std::stop_token stop) {
  const auto checked = check_posts(*runner->context(), stop);
  std::vector<std::string> problems;
  for (const CheckedPost& one : checked.value_or(std::vector<CheckedPost>{}))
    if (one.state == PostCheck::State::gone || one.state == PostCheck::State::restricted)
      problems.push_back(fmt::format("{} on {}: {}", one.video_id, one.platform, one.detail));
  tell_together(Notice::Kind::warning, "A post has a problem", "posts have a problem", problems);
  if (checked && !checked->empty()) request_refresh();
}

}  // namespace asfs
