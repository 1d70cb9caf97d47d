// How the engine runs uploads: who waits, who starts, what is told at the end.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "app/engine_impl.h"
#include "uploaders/platforms.h"
#include "uploaders/post_check.h"

namespace asfs {
namespace {

constexpr std::chrono::seconds kPostCheckInterval{15};

Notice notice(Notice::Kind kind, std::string text, std::string detail = {}) {
  return {.kind = kind, .text = std::move(text), .detail = std::move(detail)};
}

Notice notice_of(const StageResult& result, const std::string& title) {
  using Kind = Notice::Kind;
  if (!result.error)
    return notice(Kind::success, fmt::format("{} is on {}", title, result.platform), result.warning);
  const Error& error = *result.error;
  if (result.next == NextStep::sign_in)
    return notice(Kind::error, fmt::format("{} waits for you to sign in", result.platform), error.message);
  if (error.code == Code::cancelled)
    return notice(Kind::info, fmt::format("{}: stopped, {} can be resumed", title, result.platform));
  if (result.status == UploadStatus::rate_limited)
    return notice(Kind::warning, fmt::format("{}: {} says not now", title, result.platform), error.message);
  Notice failed = notice(error.code == Code::blocked ? Kind::warning : Kind::error,
                         fmt::format("{}: not uploaded to {}", title, result.platform), error.message);
  if (result.duplicate) failed.blocked = Notice::BlockedDuplicate{result.video_id, result.platform, title};
  return failed;
}

void stop_running(UploadTask& task) {
  task.view->cancelling = true;
  task.stop.request_stop();
}

}  // namespace

void BulkTally::count(const StageResult& result) {
  --left;
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
  return notice(failed > 0 ? Notice::Kind::warning : Notice::Kind::success,
                fmt::format("All pending: {} uploaded, {} failed", uploaded, failed), std::move(detail));
}

void Engine::Impl::carry_out(const StartUpload& action) {
  const auto index = platform_index(action.platform);
  if (!index) return;
  auto task = std::make_shared<UploadTask>(action.video_id, *index, action.title);
  task->metadata = action.metadata;
  task->by_hand = true;
  task->allow_duplicates = action.allow_duplicates;
  std::unique_lock lock(mutex);
  go_on(*index);  // whoever presses a button believes that it can be done now
  const bool added = enqueue(task);
  lock.unlock();
  if (!added)
    tell(Notice::Kind::info,
         fmt::format("{} is on its way to {} already", task->view->title, action.platform));
}

void Engine::Impl::carry_out(const UploadAllPending&) {
  std::lock_guard lock(mutex);
  if (!table || std::exchange(bulk.adding, true)) return;
  launch([this, snapshot = table->snapshot] { enqueue_pending(*snapshot); });
}

void Engine::Impl::enqueue_pending(const Snapshot& snapshot) {
  for (std::size_t row = 0; row < snapshot.size(); ++row) {
    const VideoView video = snapshot.video(row);
    if (video.id.empty()) continue;
    for (std::size_t p = 0; p < kPlatformCount; ++p) {
      if (!info.connected[p] || !is_pending(video.uploads[p])) continue;
      auto task = std::make_shared<UploadTask>(video.id, p, video.title);
      task->bulk = true;
      std::lock_guard lock(mutex);
      if (enqueue(std::move(task))) ++bulk.left;
    }
  }
  std::lock_guard lock(mutex);
  bulk.adding = false;
  tell_when_bulk_over();
}

void Engine::Impl::tell_when_bulk_over() {
  if (!bulk.over()) return;
  notices.push_back(std::exchange(bulk, {}).summary());
  has_notices = true;
  options.wake();
}

bool Engine::Impl::enqueue(std::shared_ptr<UploadTask> task) {
  if (stopping || !active_keys.insert(task->key).second) return false;
  waiting[task->view->platform_index].push_back(std::move(task));
  waiting_changed = true;
  start_waiting();
  return true;
}

void Engine::Impl::start_waiting() {
  if (stopping) return;
  std::array<int, kPlatformCount> busy{};
  for (const auto& task : running) ++busy[task->view->platform_index];
  for (std::size_t p = 0; p < kPlatformCount; ++p) {
    if (login_missing[p]) continue;
    for (; busy[p] < kUploadsPerPlatform && !waiting[p].empty(); ++busy[p]) {
      auto task = std::move(waiting[p].front());
      waiting[p].pop_front();
      task->login = logins[p];
      waiting_changed = true;
      running.push_back(task);
      publish_running();
      launch([this, task] { run_upload(task); });
    }
  }
}

// Every other upload there would fail in the same way: the whole line stands until somebody has signed in.
bool Engine::Impl::wait_for_login(const std::shared_ptr<UploadTask>& task) {
  const std::size_t p = task->view->platform_index;
  waiting[p].push_front(task);
  waiting_changed = true;
  return task->login == logins[p] && !std::exchange(login_missing[p], true);
}

void Engine::Impl::go_on(std::size_t platform) {
  ++logins[platform];
  login_missing[platform] = false;
  start_waiting();
}

template <class Which>
void Engine::Impl::drop_waiting(std::size_t platform, Which which) {
  std::erase_if(waiting[platform], [&](const auto& task) {
    if (!which(*task)) return false;
    active_keys.erase(task->key);
    if (task->bulk) --bulk.left, ++bulk.stopped;
    waiting_changed = true;
    return true;
  });
}

void Engine::Impl::run_upload(const std::shared_ptr<UploadTask>& task) {
  const RunningUpload& view = *task->view;
  StageResult result;
  std::optional<Error> refused;
  if (task->allow_duplicates) {
    auto registry = VideoRegistry::open(options.library);
    auto set =
        registry ? registry->set_duplicate_allowed(view.video_id, true) : std::unexpected(registry.error());
    if (!set) refused = set.error();
  }
  if (refused) {
    result = {.video_id = view.video_id,
              .platform = view.platform,
              .status = UploadStatus::failed,
              .error = refused};
  } else {
    const StageContext context{options.library, options.config, *credentials};
    result = run_upload_stage(
        context, view.video_id, view.platform, task->metadata,
        {.by_hand = task->by_hand, .stop = task->stop.get_token(), .progress = &task->view->progress});
  }
  finish_upload(task, result);
}

void Engine::Impl::finish_upload(const std::shared_ptr<UploadTask>& task, const StageResult& result) {
  bool worth_telling = !task->bulk;
  {
    std::lock_guard lock(mutex);
    running.remove(task);
    if (result.error && result.next == NextStep::sign_in && !stopping) {
      worth_telling = wait_for_login(task);
    } else {
      active_keys.erase(task->key);
      if (task->bulk) bulk.count(result);
    }
    tell_when_bulk_over();
    start_waiting();
    publish_running();
  }
  if (worth_telling) tell(notice_of(result, task->view->title));
  request_refresh();
}

void Engine::Impl::publish_running() {
  auto views = std::make_shared<RunningUploads>();
  for (const auto& task : running) views->push_back(task->view);
  running_view = std::move(views);
  options.wake();
}

void Engine::Impl::carry_out(const CancelUpload& action) {
  const auto index = platform_index(action.platform);
  if (!index) return;
  std::lock_guard lock(mutex);
  for (const auto& task : running)
    if (task->is(action.video_id, action.platform)) stop_running(*task);
  drop_waiting(*index, [&](const UploadTask& task) { return task.is(action.video_id, action.platform); });
  tell_when_bulk_over();
}

void Engine::Impl::carry_out(const CancelAll&) {
  std::lock_guard lock(mutex);
  for (std::size_t p = 0; p < kPlatformCount; ++p) drop_waiting(p, [](const UploadTask&) { return true; });
  for (const auto& task : running) stop_running(*task);
  tell_when_bulk_over();
}

void Engine::Impl::resume_unfinished() {
  auto registry = VideoRegistry::open(options.library);
  if (!registry) return;  // the reader tells
  auto dead = UploadLedger(*registry).unfinished();
  if (!dead || dead->empty()) return;
  int resumed = 0;
  for (const Attempt& attempt : *dead) {
    const auto index = platform_index(attempt.platform);
    if (!index || !info.connected[*index]) continue;
    const auto video = registry->get_video(attempt.video_id);
    const std::string title = video && *video ? (*video)->title : std::string();
    std::lock_guard lock(mutex);
    resumed += enqueue(std::make_shared<UploadTask>(attempt.video_id, *index, title));
  }
  if (resumed > 0)
    tell(Notice::Kind::info, fmt::format("Going on with {} upload{} that did not end last time", resumed,
                                         resumed == 1 ? "" : "s"));
}

void Engine::Impl::check_posts_sometimes() {
  const auto now = std::chrono::steady_clock::now();
  std::lock_guard lock(mutex);
  if (stopping || checking_posts || now - posts_checked_at < kPostCheckInterval) return;
  checking_posts = true;
  posts_checked_at = now;
  launch([this, stop = errands.get_token()] { check_posts_now(stop); });
}

// A library or platform that cannot be asked is told about elsewhere; the posts stay due.
void Engine::Impl::check_posts_now(std::stop_token stop) {
  const auto checked = check_posts({options.library, options.config, *credentials}, stop);
  for (const CheckedPost& post : checked.value_or(std::vector<CheckedPost>{}))
    if (post.state == PostCheck::State::gone || post.state == PostCheck::State::restricted)
      tell(Notice::Kind::warning,
           fmt::format("{}: a problem with its post on {}", post.video_id, post.platform), post.detail);
  {
    std::lock_guard lock(mutex);
    checking_posts = false;
  }
  if (checked && !checked->empty()) request_refresh();
}

}  // namespace asfs
