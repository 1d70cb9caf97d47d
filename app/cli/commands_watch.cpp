// The command that looks after a folder: watch.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

#include "app/cli/bulk.h"
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_text.h"
#include "app/cli/platform_access.h"
#include "registry/base/files.h"
#include "registry/base/text.h"
#include "registry/videos/folder_watch.h"
#include "registry/videos/identity.h"
#include "uploaders/queue/queue_runner.h"
#include "uploaders/stage/clips.h"

namespace asfs {
namespace {

constexpr std::chrono::seconds kLookEvery{1}, kAfterTrouble{5};

struct WatchArgs {
  std::string folder;
  std::vector<std::string> platforms;
};

class Watch {
 public:
  Watch(const Invocation& call, const WatchArgs& args, const Destinations& destinations,
        const DestinationChoice& chosen, VideoRegistry& registry)
      : call_(call),
        uploads_(!args.platforms.empty()),
        destinations_(destinations),
        chosen_(chosen),
        registry_(registry),
        watch_(args.folder) {}

  /// What is finished by now: registered and, if asked for, put into the queue. Fails with the library only.
  Result<bool> look(std::stop_token stop) {
    if (auto there = registry_.follow(); !there) return std::unexpected(there.error());
    const TimePoint now = system_clock().now();
    const auto seen = watch_.look(now);
    tell_trouble(seen ? std::nullopt : std::optional(seen.error()));
    if (!seen) return false;
    for (const Error& waiting : seen->waiting) asfs::report(waiting);
    const auto& finished = seen->finished;
    if (finished.empty()) return know_a_content(stop);
    const auto clips = register_clips(registry_, finished, {.stop = stop});
    if (!clips && clips.error().code == Code::cancelled) return false;
    if (!clips) {  // the library is locked, or its disk is full: they come again
      for (const auto& file : finished) watch_.again(file, now);
      return std::unexpected(clips.error());
    }
    const RegistrationReport* report = &clips->files;
    for (const auto& one : report->skipped) say("skipped", one.file_path, one.reason);
    for (const auto& warning : report->warnings) print_err("asfs-videos: warning: {}\n", one_line(warning));
    for (const auto& one : report->failed) {
      asfs::report(one.error);
      watch_.again(one.file_path, one.unfinished ? now : now + std::chrono::hours(1));
    }
    for (const auto& one : report->registered)
      call_.json ? print_line(json_line(one)) : say("registered", one.id, one.file_path);
    return enqueue(*report);
  }

  void note(const StageResult& result) const {
    if (result.error && wait_of(result.next)) return;  // told once, of the platform
    if (call_.json) return print_line(json_line(result));
    if (result.error)
      asfs::report(*result.error);
    else
      print_line(fmt::format("{} is on {}: {}", result.video_id, result.platform,
                             result.link.empty() ? result.post_id.value_or("") : result.link));
  }

 private:
  /// While there is nothing else to do: the content of one video that another program registered without.
  Result<bool> know_a_content(std::stop_token stop) {
    if (contents_known_) return false;
    auto more = note_disk_files(registry_, stop) ? know_next_content(registry_, stop) : Result<bool>(false);
    contents_known_ = !more.value_or(false);
    return false;
  }

  static void print_line(const std::string& line) {
    print_out("{}\n", line);
    flush_out();
  }

  void say(std::string_view what, const std::string& file, const std::string& detail) const {
    if (!call_.json) print_line(fmt::format("{} {}: {}", what, file, detail));
  }

  // Once each: a network folder may be away for hours.
  void tell_trouble(const std::optional<Error>& trouble) {
    if (trouble && trouble != trouble_) asfs::report({trouble->code, trouble->message + "; looking again"});
    trouble_ = trouble;
  }

  /// What is new, and what an earlier watch registered but did not live to put into the queue.
  Result<bool> enqueue(const RegistrationReport& report) {
    if (!uploads_) return false;
    std::vector<std::string> ids;
    for (const auto& one : report.registered) ids.push_back(one.id);
    for (const auto& one : report.skipped) ids.push_back(one.id);
    std::vector<QueueItem> items;
    for (const std::string& id : ids) {
      for (std::size_t p = 0; p < destinations_.size(); ++p) {
        const auto untried = chosen_[p] ? is_untried(id, destinations_[p].name) : Result<bool>(false);
        if (!untried) return std::unexpected(untried.error());
        if (*untried) items.push_back({.video_id = id, .platform = destinations_[p].name});
      }
    }
    if (items.empty()) return false;
    const auto added = UploadQueue(registry_).add(items);
    return added ? Result<bool>(true) : std::unexpected(added.error());
  }

  /// What was tried and failed is a person's to ask for again.
  Result<bool> is_untried(const std::string& id, std::string_view platform) {
    const auto row = registry_.get_upload_status(id, platform);
    if (!row) return std::unexpected(row.error());
    return !*row || (*row)->is(UploadStatus::pending) || (*row)->is(UploadStatus::rate_limited);
  }

  const Invocation& call_;
  const bool uploads_;
  const Destinations destinations_;
  const DestinationChoice chosen_;
  VideoRegistry& registry_;
  FolderWatch watch_;
  std::optional<Error> trouble_;
  bool contents_known_ = false;
};

int run_watch(const Invocation& call, const WatchArgs& args) {
  const Interrupt interrupt;
  const auto destinations = load_destinations(call.library);
  const auto wanted =
      destinations ? chosen(*destinations, args.platforms) : std::unexpected(destinations.error());
  if (!wanted) return report(wanted.error());
  std::error_code unknown;
  if (!std::filesystem::is_directory(args.folder, unknown))
    return report({Code::not_found, fmt::format("there is no folder {}", args.folder)});
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return report(registry.error());
  const auto access = open_platform_access(call);
  if (!access) return report(access.error());
  for (std::size_t p = 0; p < destinations->size() && !args.platforms.empty(); ++p)
    if ((*wanted)[p]) warn_of_account(*access, (*destinations)[p].name);
  WebhookSender webhooks = start_webhooks(call);
  Watch watch(call, args, *destinations, *wanted, *registry);
  QueueRunner runner(stage_context(call, *access),
                     {.destinations = *wanted,
                      .stop = interrupt.token(),
                      .on_result =
                          [&](const RunningUpload&, const StageResult& result, bool) {
                            watch.note(result);
                            webhooks.wake();
                          },
                      .on_wait = warn_of_wait,
                      .on_trouble = warn_of_config});
  std::jthread uploads;
  if (!args.platforms.empty())
    uploads = std::jthread([&] {
      while (!interrupt.token().stop_requested()) {
        const auto ended = runner.run();
        if (!ended) report(ended.error());  // a library that is locked for long
        system_clock().wait(kAfterTrouble, interrupt.token());
      }
    });
  print_err("watching {}; Ctrl-C ends it\n", args.folder);
  std::optional<Error> trouble;  // of the library, told once: its drive may be away for hours
  while (!interrupt.token().stop_requested()) {
    const auto added = watch.look(interrupt.token());
    const auto now = added ? std::nullopt : std::optional(added.error());
    if (now && now != trouble) report(*now);
    trouble = now;
    if (added.value_or(false)) runner.wake();
    system_clock().wait(added ? kLookEvery : kAfterTrouble, interrupt.token());
  }
  if (uploads.joinable()) uploads.join();
  return exit_code(Code::cancelled);
}

}  // namespace

Command define_watch(CLI::App& app) {
  auto args = std::make_shared<WatchArgs>();
  app.add_option("FOLDER", args->folder,
                 "Looked into with its subfolders; files count when they stop growing")
      ->required();
  app.add_option("--platform", args->platforms,
                 "Upload what appears to this one, too; may be given several times");
  return [args](const Invocation& call) { return run_watch(call, *args); };
}

}  // namespace asfs
