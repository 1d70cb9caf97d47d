// The commands that reach a platform: upload, check, and the window.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>

#include "app/cli/bulk.h"
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_text.h"
#include "app/cli/platform_access.h"
#include "app/window/window.h"
#include "registry/base/files.h"
#include "registry/base/text.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/post_check.h"
#include "uploaders/stage/post_preview.h"
#include "uploaders/stage/upload_stage.h"
#include "uploaders/transfer/bandwidth.h"

namespace asfs {
namespace {

struct UploadArgs {
  std::string id, platform, metadata_file;
  std::optional<std::string> title, caption, tags, privacy;  ///< given, also as nothing
  bool force = false;
  bool all_pending = false;
  BulkArgs bulk;
  ScheduleArgs schedule;
};

/// Without a file: the video's own document.
Result<std::string> metadata_text(const Library& library, const std::string& id, const std::string& file) {
  if (file.empty()) {
    auto registry = VideoRegistry::open(library);
    return registry ? registry->get_metadata(id) : std::unexpected(registry.error());
  }
  const auto text = file == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : read_file(file);
  if (!text) return text;
  return with_files_in(*text, file == "-" ? "." : std::filesystem::path(file).parent_path());
}

/// The document of --metadata with the single options laid over it.
Result<Metadata> metadata_of(const Invocation& call, const UploadArgs& args, std::string_view platform) {
  const auto text = metadata_text(call.library, args.id, args.metadata_file);
  if (!text) return std::unexpected(text.error());
  auto metadata = parse_metadata(*text, platform);
  if (!metadata) return metadata;
  if (args.title) metadata->title = args.title;
  if (args.caption) metadata->caption = args.caption;
  if (args.privacy) metadata->privacy = args.privacy;
  if (args.tags) {
    std::istringstream words(*args.tags);
    metadata->tags.assign(std::istream_iterator<std::string>(words), {});
  }
  if (auto texts = check_texts(*metadata, ""); !texts) return std::unexpected(texts.error());
  return metadata;
}

void print_result(const StageResult& result) {
  print_out("{} is on {}: {}\n", result.video_id, result.platform,
            result.link.empty() ? result.post_id.value_or("") : result.link);
}

/// What was asked for and is too soon goes out with the queue; what is there is asked for no more. `claimed`:
/// the platform itself asked to wait; else the limits do, which are looked at again before it goes.
Result<void> keep_queue_in_step(const Invocation& call, const StageResult& result, const Metadata& metadata,
                                bool claimed) {
  const bool later = result.status == UploadStatus::rate_limited && result.retry_at;
  if (!later && result.error) return {};
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return std::unexpected(registry.error());
  UploadQueue queue(*registry);
  const QueueItem item{.video_id = result.video_id,
                       .platform = result.platform,
                       .metadata_json = metadata_json(metadata),
                       .by_hand = true};
  if (!later) {
    const auto removed = queue.remove(item.video_id, item.platform);
    return removed ? Result<void>() : std::unexpected(removed.error());
  }
  if (auto added = queue.add({&item, 1}); !added) return std::unexpected(added.error());
  if (claimed) return queue.put_back(item.video_id, item.platform, *result.retry_at);
  const auto moved = queue.move(item.video_id, item.platform, UploadQueue::Move::first);
  return moved ? Result<void>() : std::unexpected(moved.error());
}

/// `YouTube: "Tea, or coffee?", seen by: public`.
std::string post_text(const Invocation& call, const std::string& id, std::string_view platform,
                      const Metadata& metadata, const PlatformAccess& access) {
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return {};
  const StageContext context{call.library, access.config, *access.credentials};
  const auto post = preview_post(context, *registry, id, platform, metadata_json(metadata));
  if (!post) return {};  // the upload says why
  return fmt::format("{}: \"{}\", seen by: {}", platform, one_line(post->shown.text, 60),
                     post->shown.audience);
}

int run_upload(const Invocation& call, const UploadArgs& args) {
  const Interrupt interrupt;
  const auto destination = find_destination(call, args.platform);
  if (!destination) return report(destination.error());
  const auto metadata = metadata_of(call, args, destination->name);
  if (!metadata) return report(metadata.error());
  const auto access = open_platform_access(call);
  if (!access) return report(access.error());
  warn_of_account(*access, destination->name);
  const WebhookSender webhooks = start_webhooks(call);

  if (auto registry = VideoRegistry::open(call.library))
    bandwidth().set_limit(UploadQueue(*registry).speed_limit().value_or(0));
  UploadProgress progress;
  StageResult result;
  bool claimed = false;
  {
    const ProgressPrinter printer(
        [&, post = post_text(call, args.id, destination->name, *metadata, *access)] {
          return std::vector{post, progress_text(progress)};
        });
    const StageContext context{call.library, access->config, *access->credentials};
    result = run_upload_stage(context, args.id, destination->name, *metadata,
                              {.by_hand = args.force,
                               .skip_limits = args.force,
                               .stop = interrupt.token(),
                               .progress = &progress,
                               .on_claimed = [&] { claimed = true; }});
  }
  if (const auto kept = keep_queue_in_step(call, result, *metadata, claimed); !kept) report(kept.error());
  if (!result.warning.empty()) print_err("asfs-videos: warning: {}\n", result.warning);
  if (call.json)
    print_out("{}\n", json_of(result));
  else if (!result.error)
    print_result(result);
  if (!result.error) return 0;
  if (result.error->code == Code::cancelled && !may_still_appear(result))
    return report({Code::cancelled, "stopped; the same command goes on from where it was"});
  return report(*result.error);
}

/// `upload ID PLATFORM --at TIME`: into the queue.
Result<StageResult> schedule_upload(const Invocation& call, const UploadArgs& args) {
  const auto destination = find_destination(call, args.platform);
  if (!destination) return std::unexpected(destination.error());
  const auto metadata = metadata_of(call, args, destination->name);
  if (!metadata) return std::unexpected(metadata.error());
  const auto series = series_of(args.schedule, system_clock().now());
  if (!series) return std::unexpected(series.error());
  const Schedule schedule = schedules_of(*series, 1).front();
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return std::unexpected(registry.error());
  const auto allowed = registry->can_upload(args.id, destination->name, true);
  if (!allowed) return std::unexpected(allowed.error());
  if (!allowed->allowed) return fail(Code::blocked, allowed->reason);
  const auto config = upload_config(call.library, call.practice ? "http://127.0.0.1" : "");
  if (!config) return std::unexpected(config.error());
  const auto credentials = stored_credentials(call.library, *config, system_clock());
  const auto post = preview_post({call.library, *config, *credentials}, *registry, args.id, destination->name,
                                 metadata_json(*metadata), schedule.at);
  if (!post) return std::unexpected(post.error());
  if (post->refusal) return std::unexpected(*post->refusal);
  const QueueItem item{.video_id = args.id,
                       .platform = destination->name,
                       .metadata_json = metadata_json(*metadata),
                       .by_hand = true,
                       .schedule = schedule};
  if (auto added = UploadQueue(*registry).add({&item, 1}); !added) return std::unexpected(added.error());
  StageResult result;
  result.video_id = args.id;
  result.platform = destination->name;
  result.retry_at = schedule.at;
  result.warning = post->advice;
  return result;
}

int run_schedule(const Invocation& call, const UploadArgs& args) {
  const auto scheduled = schedule_upload(call, args);
  if (!scheduled) return report(scheduled.error());
  if (!scheduled->warning.empty()) print_err("asfs-videos: warning: {}\n", scheduled->warning);
  if (call.json)
    print_out("{}\n", json_of(*scheduled));
  else
    print_out("{} goes to {} at {}, sent by an open window or `upload --all-pending --wait`\n", args.id,
              scheduled->platform, short_time(local_timestamp(*scheduled->retry_at)));
  return 0;
}

int run_check(const Invocation& call, bool all) {
  const Interrupt interrupt;
  const auto access = open_platform_access(call);
  if (!access) return report(access.error());
  const auto checked =
      check_posts({call.library, access->config, *access->credentials}, interrupt.token(), all);
  if (!checked) return report(checked.error());
  if (call.json) {
    print_out("{}\n", json_of(*checked));
  } else {
    for (const CheckedPost& post : *checked)
      print_out("{} on {}: {}\n", post.video_id, post.platform,
                post.detail.empty() ? name_of(post.state) : post.detail);
    if (checked->empty()) print_out("no post waits to be looked at\n");
  }
  const bool kept = std::ranges::all_of(*checked, [](const CheckedPost& post) {
    return post.state == PostCheck::State::kept || post.state == PostCheck::State::processing;
  });
  return kept ? 0 : exit_code(Code::failed);
}

bool parse_size(std::string_view text, WindowOptions& options) {
  const auto x = text.find('x');
  if (x == std::string_view::npos) return false;
  const auto number = [](std::string_view digits, int& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() && value >= 320 && value <= 16384;
  };
  return number(text.substr(0, x), options.width) && number(text.substr(x + 1), options.height);
}

}  // namespace

Command define_upload(CLI::App& app) {
  auto args = std::make_shared<UploadArgs>();
  auto* id = app.add_option("ID", args->id, "The video");
  auto* platform = app.add_option("PLATFORM", args->platform, "Instagram, TikTok or YouTube")->needs(id);
  auto* all =
      app.add_flag("--all-pending", args->all_pending, "Every video to every platform where it is not yet");
  all->excludes(id)->excludes(platform);
  app.add_option("--platform", args->bulk.platforms,
                 "With --all-pending: only this one; may be given several times")
      ->needs(all);
  app.add_option("--only", args->bulk.videos,
                 "With --all-pending: only this video; may be given several times")
      ->needs(all);
  app.add_option(
         "--jobs", args->bulk.jobs,
         "With --all-pending: uploads at a time (default: as in config/platforms.json, 2 on a platform)")
      ->check(CLI::Range(1, 64))
      ->needs(all);
  app.add_flag("--wait", args->bulk.wait,
               "With --all-pending: until nothing is left, through cooldowns and retries")
      ->needs(all);
  auto* at = app.add_option("--at", args->schedule.at, "Not now: at this time, such as 2026-12-01T18:00");
  app.add_option("--every", args->schedule.every, "With --at and --all-pending: one each 2h, 1d, 1h30m")
      ->needs(at);
  app.add_option("--spread", args->schedule.spread, "With --every: each later by a random part of this")
      ->needs(at);
  app.add_option("--if-missed", args->schedule.if_missed,
                 "With --at: when nobody was there at its time, send it now, or at the next slot")
      ->needs(at)
      ->check(CLI::IsMember({"now", "next"}));
  app.add_option("--metadata", args->metadata_file, "What the post says, as JSON; - reads stdin")
      ->type_name("FILE");
  app.add_option("--title", args->title, "The post's title (default: the video's)");
  app.add_option("--caption", args->caption, "The post's caption or description");
  app.add_option("--tags", args->tags, "Search tags, separated by spaces");
  app.add_option("--privacy", args->privacy,
                 "Who sees it, in the platform's words (YouTube: private, unlisted, public)");
  app.add_flag(
      "--force", args->force,
      "Try again although the retries are spent, and now although it is too soon; never posts a duplicate");
  return [args](const Invocation& call) {
    const bool later = !args->schedule.at.empty();
    if (args->all_pending)
      return later ? schedule_bulk(call, args->bulk, args->schedule) : run_bulk(call, args->bulk);
    if (args->platform.empty())
      return report({Code::usage, "upload what? Give a video and a platform, or --all-pending"});
    return later ? run_schedule(call, *args) : run_upload(call, *args);
  };
}

Command define_check(CLI::App& app) {
  auto all = std::make_shared<bool>(false);
  app.add_flag("--all", *all, "Also the newest posts, whose turn has not come yet");
  return [all](const Invocation& call) { return run_check(call, *all); };
}

int open_window(const Invocation& call, const WindowFlags& flags) {
  WindowOptions options{.scale = flags.scale};
  if (!parse_size(flags.size, options))
    return report(
        {Code::usage, fmt::format("--size {}: give it as WIDTHxHEIGHT, e.g. 1280x720", flags.size)});
  if (!flags.screenshot.empty()) options.screenshot = flags.screenshot;
  auto access = open_platform_access(call);
  if (!access) return report(access.error());
  const auto done = run_window({.library = call.library,
                                .config = access->config,
                                .practice_url = access->practice_url(),
                                .read_config = stage_context(call, *access).read_config},
                               options);
  return done ? 0 : report(done.error());
}

}  // namespace asfs
