// The engine's short writes, the registration of files, and what opens outside.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/engine/engine_impl.h"
#include "app/model/window_settings.h"
#include "registry/base/caught.h"
#include "registry/base/desktop.h"
#include "registry/ledger/settle.h"
#include "registry/practice/practice_copy.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/clips.h"
#include "uploaders/web/routed_uploader.h"

namespace asfs {
namespace {

constexpr std::size_t kReasonsShown = 3;

/// Of what a notice tells together: a line for each of the first, and how many more there are.
std::string first_of(const std::vector<std::string>& reasons) {
  std::string text;
  for (std::size_t i = 0; i < std::min(reasons.size(), kReasonsShown); ++i)
    text += (i > 0 ? "\n" : "") + reasons[i];
  if (reasons.size() > kReasonsShown) text += fmt::format("\nand {} more", reasons.size() - kReasonsShown);
  return text;
}

std::vector<std::string> reasons_of(const std::vector<RegistrationReport::Failed>& files) {
  std::vector<std::string> reasons;
  for (const auto& file : files) reasons.push_back(file.error.message);
  return reasons;
}

}  // namespace

void Engine::Impl::tell_together(Notice::Kind kind, std::string_view one, std::string_view many,
                                 const std::vector<std::string>& reasons) {
  if (reasons.empty()) return;
  tell(kind, reasons.size() == 1 ? std::string(one) : fmt::format("{} {}", reasons.size(), many),
       first_of(reasons));
}

void Engine::Impl::write(std::function<Result<void>(VideoRegistry&)> work) {
  std::lock_guard lock(mutex);
  writes.push_back(std::move(work));
  ++writes_asked;
  if (!writing_since) writing_since = std::chrono::steady_clock::now();
  if (!std::exchange(writer_runs, true)) start_writer();
}

// One at a time, and another one while anything is left, however this one ends.
void Engine::Impl::start_writer() {
  tasks.launch([this] { drain_writes(); },
               [this] {
                 std::lock_guard lock(mutex);
                 writer_runs = !writes.empty();
                 if (writer_runs) start_writer();
               });
}

void Engine::Impl::drain_writes() {
  auto registry = caught([&] { return VideoRegistry::open(options.library); });
  for (;;) {
    std::function<Result<void>(VideoRegistry&)> work;
    {
      std::lock_guard lock(mutex);
      if (writes.empty()) break;
      work = std::move(writes.front());
      writes.pop_front();
    }
    const Result<void> done =
        registry ? caught([&] { return work(*registry); }) : std::unexpected(registry.error());
    if (!done) tell(Notice::Kind::error, "Not saved", done.error().message);
    std::lock_guard lock(mutex);
    ++writes_done;
    writing_since.reset();
    if (!writes.empty()) writing_since = std::chrono::steady_clock::now();
  }
  request_refresh();
}

// Another program may hold the library for seconds: the switch shows at once what it is to be.
void Engine::Impl::flip(std::span<const std::string> video_ids, bool on) {
  std::lock_guard lock(mutex);
  auto next = flipped ? std::make_shared<FlippedSwitches>(*flipped) : std::make_shared<FlippedSwitches>();
  for (const std::string& id : video_ids) next->insert_or_assign(id, FlippedSwitch{on, writes_asked + 1});
  flipped = std::move(next);
}

void Engine::Impl::forget_flipped(std::uint64_t writes_in_table) {
  std::lock_guard lock(mutex);
  if (!flipped) return;
  auto rest = std::make_shared<FlippedSwitches>(*flipped);
  std::erase_if(*rest, [&](const auto& entry) { return entry.second.write <= writes_in_table; });
  flipped = rest->empty() ? nullptr : std::move(rest);
}

void Engine::Impl::carry_out(const SetDuplicateAllowed& action) {
  flip({&action.video_id, 1}, action.allowed);
  write([action](VideoRegistry& registry) {
    return registry.set_duplicate_allowed(action.video_id, action.allowed);
  });
}

void Engine::Impl::carry_out(const SetDuplicatesAllowed& action) {
  flip(*action.videos, action.allowed);
  write([action](VideoRegistry& registry) {
    return registry.set_duplicate_allowed(*action.videos, action.allowed);
  });
}

void Engine::Impl::carry_out(const SettleUpload& action) {
  write([this, action](VideoRegistry& registry) -> Result<void> {
    const auto post_id = action.post_id.empty() ? std::nullopt : std::optional(post_id_in(action.post_id));
    const auto settled =
        settle_upload(registry, action.video_id, action.platform, action.live, post_id, action.sure);
    if (!settled) return std::unexpected(settled.error());
    webhooks->wake();
    return {};
  });
}

void Engine::Impl::register_files_by(std::function<void()> work) {
  std::lock_guard lock(mutex);
  ++registering;
  tasks.launch(std::move(work), [this] {
    {
      std::lock_guard relock(mutex);
      --registering;
    }
    request_refresh();
  });
}

void Engine::Impl::carry_out(const RegisterFiles& action) {
  register_files_by([this, paths = action.paths] { register_dropped(paths); });
}

void Engine::Impl::carry_out(const TakeOverNewcomers&) {
  register_files_by([this] { take_over(); });
}

void Engine::Impl::take_over() {
  const auto taken = take_over_newcomers(options.library, {}, errands.get_token());
  if (!taken) return tell(Notice::Kind::error, "Nothing was taken over", taken.error().message);
  tell_together(Notice::Kind::error, "1 video was not taken over", "videos were not taken over",
                reasons_of(taken->failed));
  if (const std::size_t count = taken->registered.size(); count > 0)
    tell(Notice::Kind::success, fmt::format("{} {} now in the library, too, ready for the real platforms",
                                            count, count == 1 ? "video is" : "videos are"));
}

void Engine::Impl::publish_newcomers(VideoRegistry& registry) {
  if (!options.library.practice()) return;
  const auto found = practice_newcomers(registry);
  std::lock_guard lock(mutex);
  if (found) newcomers = found->size();
}

/// A CSV among the files says what posts are to say, of these files or of videos that are registered.
void Engine::Impl::register_dropped(std::vector<std::filesystem::path> paths) {
  const auto csv = std::ranges::stable_partition(paths, [](const auto& path) { return !is_csv(path); });
  if (csv.size() > 1)
    return tell(Notice::Kind::error, "Nothing was added",
                fmt::format("{} CSV files at once; drop them one by one", csv.size()));
  ClipsOptions wanted{.stop = errands.get_token()};
  if (!csv.empty()) wanted.metadata = csv.front();
  paths.erase(csv.begin(), csv.end());
  auto registry = VideoRegistry::open(options.library);
  const auto clips = registry ? register_clips(*registry, paths, wanted) : std::unexpected(registry.error());
  if (!clips && clips.error().code == Code::cancelled) return;
  if (!clips) return tell(Notice::Kind::error, "Nothing was added", clips.error().message);
  if (clips->mistake_count > 0)
    return tell(Notice::Kind::error, refused_table(wanted.metadata.filename(), *clips).message,
                clips->mistakes.front().message);
  const RegistrationReport& report = clips->files;
  tell_together(Notice::Kind::error, "1 file was not registered", "files were not registered",
                reasons_of(report.failed));
  tell_together(Notice::Kind::warning, "1 file needs a look", "files need a look", report.warnings);
  if (!paths.empty())
    tell(report.registered.empty() ? Notice::Kind::info : Notice::Kind::success,
         fmt::format("{} added, {} there already", report.registered.size(), report.skipped.size()));
  if (!wanted.metadata.empty())
    tell(Notice::Kind::success, described_text(wanted.metadata.filename(), *clips));
}

void Engine::Impl::carry_out(const RefreshNow&) {
  request_refresh();
}

void Engine::Impl::carry_out(const RememberSettings& action) {
  write([this, settings = action.settings](VideoRegistry&) -> Result<void> {
    if (auto saved = save_window_settings(options.library, settings); !saved)
      tell(Notice::Kind::warning, "Which columns are shown is not remembered", saved.error().message);
    return {};
  });
}

void Engine::Impl::carry_out(const SetQuery& action) {
  {
    std::lock_guard lock(mutex);
    query = action.query;
  }
  request_refresh();
}

void Engine::Impl::carry_out(const OpenPost& action) {
  const auto index = place_of(action.platform);
  if (!index) return;
  std::string url = platform_at(action.platform).post_url(options.config, action.post_id);
  tasks.launch([this, action, index = *index, url = std::move(url), stop = errands.get_token()]() mutable {
    if (url.empty()) {  // only the platform knows it
      const UploaderContext making{options.config,  *credentials,     system_clock(),
                                   action.platform, make_http_client, options.library};
      url = make_uploader(making)->look_at_post(action.post_id, {}, stop).link;
    }
    if (url.empty())
      tell(Notice::Kind::info, "This upload has no link", "The platform does not tell where the post is.");
    else
      open(url);
  });
}

void Engine::Impl::carry_out(const OpenFolder& action) {
  tasks.launch(
      [this, folder = options.library.resolve(action.file_path).parent_path().string()] { open(folder); });
}

void Engine::Impl::carry_out(const OpenFile& action) {
  tasks.launch([this, file = options.library.resolve(action.path).string()] { open(file); });
}

void Engine::Impl::open(const std::string& target) {
  if (!open_on_desktop(target))
    tell(Notice::Kind::error, "The desktop has no program to open this with", target);
}

}  // namespace asfs
