#include "app/engine/engine.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "app/engine/engine_impl.h"
#include "app/model/window_settings.h"
#include "registry/base/caught.h"
#include "registry/ledger/unattended.h"
#include "registry/picture/snapshot_reader.h"
#include "registry/store/schema.h"
#include "uploaders/row/platforms.h"

namespace asfs {
namespace {

/// How often the reader asks SQLite whether another program has committed.
constexpr std::chrono::milliseconds kPollInterval{250};

}  // namespace

Engine::Impl::Impl(EngineOptions given) : options(std::move(given)) {
  credentials = options.practice_url.empty() ? stored_credentials(options.library, options.config)
                                             : practice_credentials(options.practice_url);
  destinations_shown = std::make_shared<const Destinations>(options.config.destinations);
  info = std::make_shared<const AppInfo>(AppInfo{.library_path = options.library.home.string(),
                                                 .practice_url = options.practice_url,
                                                 .columns = destination_columns(options.config.destinations),
                                                 .config = &options.config,
                                                 .settings = load_window_settings(options.library)});
  query.where = filtered_columns(info->columns, info->settings);
  runner = std::make_unique<QueueRunner>(
      StageContext{.library = options.library,
                   .config = options.config,
                   .credentials = *credentials,
                   .read_config = [this] { return newest_config(); }},
      RunnerOptions{.stop = queue_stop.get_token(),
                    .on_result = [this](const RunningUpload& upload, const StageResult& result,
                                        bool final) { finished(upload, result, final); },
                    .on_wait = [this](const Destination& destination,
                                      const DestinationWait& wait) { waits(destination, wait); },
                    .on_trouble =
                        [this](const Error& error) {
                          tell(Notice::Kind::warning, "The changed configuration is not used", error.message);
                        },
                    .on_change = [this] { publish_running(); }});
}

Engine::Impl::~Impl() {
  {
    std::lock_guard lock(mutex);
    stopping = true;
    errands.request_stop();
    plan_stop.request_stop();
  }
  queue_stop.request_stop();
  reader = {};
  tasks.wait();
  webhooks.reset();  // while all it tells into is there
}

std::shared_ptr<const Destinations> Engine::Impl::destinations() const {
  std::lock_guard lock(destinations_mutex);
  return destinations_shown;
}

std::optional<std::size_t> Engine::Impl::place_of(std::string_view destination) const {
  return destinations()->index_of(destination);
}

Result<Config> Engine::Impl::newest_config() const {
  auto config = options.read_config ? options.read_config() : Result<Config>(options.config);
  if (config) config->destinations = *destinations();
  return config;
}

Config Engine::Impl::config_now() const {
  auto newest = newest_config();
  return newest ? *std::move(newest) : runner->context()->config;
}

// A list that cannot be read is as it was; the runner, who reads all of the configuration, tells.
Destinations Engine::Impl::newest_destinations() const {
  const auto newest = load_destinations(options.library);
  return newest ? destinations()->followed_by(*newest) : *destinations();
}

void Engine::Impl::read_loop(std::stop_token stop) {
  Reading reading;
  while (!stop.stop_requested()) {
    const auto done = caught([&]() -> Result<void> {
      read(reading, stop);
      return {};
    });
    if (done) continue;
    reading = {};  // all is opened anew
    std::lock_guard lock(mutex);
    library_error = std::make_shared<const std::string>(done.error().message);
  }
}

// One round.
void Engine::Impl::read(Reading& reading, std::stop_token stop) {
  auto& [snapshots, registry, last_refresh] = reading;
  bool wanted = false;
  std::uint64_t written = 0;
  {
    std::unique_lock lock(mutex);
    reader_wakes.wait_for(lock, stop, kPollInterval, [&] { return refresh_wanted; });
    wanted = std::exchange(refresh_wanted, false);
    written = writes_done;
  }
  if (stop.stop_requested()) return;
  check_posts_sometimes();
  know_contents_sometimes();
  const auto now = std::chrono::steady_clock::now();
  const bool queue_due = queue_reading.outdated && now >= queue_reading.not_before;
  const bool changed = wanted || !snapshots || snapshots->changed();
  if (!changed && !queue_due && now - last_refresh < kRefreshInterval) return;
  last_refresh = now;
  const std::optional<Error> error = read_snapshot(snapshots, stop);
  publish_accounts();
  if (error || (registry && !registry->follow())) registry.reset();
  if (!error) forget_flipped(written);
  if (!error && !registry)
    if (auto opened = VideoRegistry::open(options.library)) registry.emplace(*std::move(opened));
  if (registry && note_unattended(*registry, stop)) publish_waiting(*registry, changed);
  if (registry && changed) publish_newcomers(*registry);
  runner->wake();
  {
    std::lock_guard lock(mutex);
    library_error = error ? std::make_shared<const std::string>(error->message) : nullptr;
    if (!error) refreshed_at = now;
  }
  if (error) options.wake();
}

// Where an account was added or removed, the picture is made anew: its rows have the places of one list.
std::optional<Error> Engine::Impl::read_snapshot(std::optional<SnapshotReader>& snapshots,
                                                 std::stop_token stop) {
  Destinations newest = newest_destinations();
  if (snapshots && snapshots->destinations() != newest) snapshots.reset();
  if (!snapshots) {
    auto opened = SnapshotReader::open(options.library, std::move(newest));
    if (!opened) return opened.error();
    snapshots.emplace(*std::move(opened));
  }
  auto snapshot = snapshots->refresh(stop);
  if (snapshot) {
    rebuild(*std::move(snapshot), snapshots->last_delta(), std::move(stop));
    return std::nullopt;
  }
  snapshots.reset();  // the file may have been replaced: open it anew next time
  return snapshot.error();
}

void Engine::Impl::rebuild(std::shared_ptr<const Snapshot> snapshot, const SnapshotReader::Delta& delta,
                           std::stop_token stop) {
  std::shared_ptr<const TableModel> previous;
  TableQuery wanted;
  {
    std::lock_guard lock(mutex);
    previous = table;
    wanted = query;
  }
  if (previous && previous->snapshot == snapshot && previous->query == wanted) return;
  auto built = build_table(std::move(snapshot), wanted, previous.get(), delta, std::move(stop));
  if (!built) return;
  const Destinations& listed = built->snapshot->destinations();
  const bool other_columns = listed != *destinations();
  {
    std::lock_guard lock(mutex);
    table = built;
    if (other_columns) {
      auto next = std::make_shared<AppInfo>(*info);
      next->columns = destination_columns(listed);
      info = std::move(next);
    }
  }
  if (other_columns) {  // only now: whoever names a place by it finds a column there
    std::lock_guard lock(destinations_mutex);
    destinations_shown = std::make_shared<const Destinations>(listed);
  }
  if (other_columns) queue_reading = {};
  options.wake();
}

void Engine::Impl::request_refresh() {
  {
    std::lock_guard lock(mutex);
    refresh_wanted = true;
  }
  reader_wakes.notify_one();
}

void Engine::Impl::tell(Notice what) {
  {
    std::lock_guard lock(mutex);
    notices.push_back(std::move(what));
    has_notices = true;
  }
  options.wake();
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::start(EngineOptions options) {
  if (auto created = open_registry_database(options.library); !created)
    return std::unexpected(created.error());
  auto impl = std::make_unique<Impl>(std::move(options));
  Impl* self = impl.get();
  self->webhooks = std::make_unique<WebhookSender>(self->options.library, [self](const std::string& line) {
    self->tell(Notice::Kind::warning, "A webhook could not be told", line);
  });
  self->reader = std::jthread([self](std::stop_token stop) { self->read_loop(stop); });
  self->tasks.launch([self] { self->run_queue(); });
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

AppState Engine::state() const {
  std::lock_guard lock(impl_->mutex);
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> age = now - impl_->refreshed_at;
  const std::chrono::duration<double> unsaved = now - impl_->writing_since.value_or(now);
  return {.info = impl_->info,
          .table = impl_->table,
          .running = impl_->running_view,
          .waiting = impl_->waiting_view,
          .accounts = impl_->accounts,
          .plan = impl_->plan,
          .post = impl_->post,
          .library_error = impl_->library_error,
          .time = system_clock().now(),
          .speed_limit = impl_->speed_limit,
          .seconds_since_refresh = age.count(),
          .flipped = impl_->flipped,
          .unsaved_for = unsaved.count(),
          .newcomers = impl_->newcomers,
          .busy = impl_->registering > 0};
}

std::vector<Notice> Engine::take_notices() {
  if (!impl_->has_notices.exchange(false)) return {};
  std::lock_guard lock(impl_->mutex);
  return std::exchange(impl_->notices, {});
}

void Engine::apply(std::vector<Action> actions) {
  for (const Action& action : actions) std::visit([this](const auto& a) { impl_->carry_out(a); }, action);
}

bool Engine::uploads_running() const {
  std::lock_guard lock(impl_->mutex);
  return !impl_->running_view->empty() || !impl_->waiting_view->empty();
}

}  // namespace asfs
