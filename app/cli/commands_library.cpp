// The commands that look at the library or change it: register, list, status, duplicates, settle, history,
// verify.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_text.h"
#include "app/cli/platform_access.h"
#include "app/cli/registry_command.h"
#include "registry/base/text.h"
#include "registry/ledger/known_posts.h"
#include "registry/ledger/settle.h"
#include "registry/ledger/unattended.h"
#include "registry/ledger/upload_ledger.h"
#include "registry/store/audit_log.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/clips.h"

namespace asfs {
namespace {

Result<Video> existing_video(VideoRegistry& registry, const std::string& id) {
  auto video = registry.get_video(id);
  if (!video) return std::unexpected(video.error());
  if (!*video) return std::unexpected(no_such_video(id));
  return std::move(**video);
}

Result<std::string> destination_name(const Library& library, const std::string& typed) {
  const auto all = load_destinations(library);
  if (!all) return std::unexpected(all.error());
  const Destination* found = all->find(typed);
  return found ? Result<std::string>(found->name) : std::unexpected(no_such_destination(*all, typed));
}

/// The row that is meant: the one that is spelt exactly so, else a platform, where capitals do not matter. An
/// answer about `youtube` is none about `YouTube`.
Result<std::string> row_platform(VideoRegistry& registry, const std::string& id, const std::string& typed) {
  const auto row = registry.get_upload_status(id, typed);
  if (!row) return std::unexpected(row.error());
  return *row ? typed : destination_name(registry.library(), typed);
}

/// What stands there may need a person: then it says so.
constexpr std::string_view kNeedsYou = "Needs you";

std::string status_text(const Upload& upload) {
  if (upload.needs_you) return std::string(kNeedsYou);
  const auto status = parse_status(upload.upload_status);
  return status ? std::string(names_of(*status).label) : upload.upload_status;
}

std::string status_cell(const Video& video, std::string_view platform) {
  const auto upload = video.uploads.find(std::string(platform));
  return upload == video.uploads.end() ? "-" : status_text(upload->second);
}

void print_videos(const std::vector<Video>& videos, const Destinations& destinations) {
  std::vector<std::string> header{"ID", "TITLE", "DURATION"};
  for (const Destination& one : destinations) header.push_back(one.name);
  header.insert(header.end(), {"DUPLICATES", "FILE"});
  std::vector<std::vector<std::string>> rows;
  for (const Video& video : videos) {
    auto& row = rows.emplace_back(std::vector{video.id, video.title, duration_text(video.duration)});
    for (const Destination& one : destinations) row.push_back(status_cell(video, one.name));
    row.emplace_back(video.duplicate_allowed ? "allowed" : "-");
    row.push_back(video.file_path);
  }
  print_table(header, rows);
}

void print_uploads(const std::map<std::string, Upload>& uploads) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [platform, u] : uploads)
    rows.push_back({platform, status_text(u), short_time(u.upload_timestamp),
                    u.platform_post_id.value_or("-"), std::to_string(u.retry_count),
                    u.error_message.value_or("-")});
  print_table({"PLATFORM", "STATUS", "WHEN", "POST", "RETRIES", "ERROR"}, rows);
}

// ---- register ---------------------------------------------------------------------------------------

Result<int> run_register(const Invocation& call, VideoRegistry& registry,
                         const std::vector<std::string>& paths, ClipsOptions options) {
  ProgressLine line;
  options.on_progress = [&line](const RegistrationProgress& p) {
    line.show(fmt::format("{} of {} files, {} of {}", p.files_done, p.files_total, bytes_text(p.bytes_done),
                          bytes_text(p.bytes_total)));
  };
  const auto clips = register_clips(registry, {paths.begin(), paths.end()}, options);
  line.clear();
  if (!clips) return std::unexpected(clips.error());
  if (clips->mistake_count > 0) return report_mistakes(options.metadata, *clips);
  return print_report(call, clips->files,
                      options.metadata.empty() ? "" : described_text(options.metadata, *clips));
}

// ---- list -------------------------------------------------------------------------------------------

struct ListFilter {
  std::string status, platform, search;
};

bool upload_matches(const Video& video, std::string_view platform, const std::string& status) {
  const auto upload = video.uploads.find(std::string(platform));
  if (upload == video.uploads.end()) return status == names_of(UploadStatus::pending).name;
  return status.empty() || upload->second.upload_status == status;
}

bool matches(const Video& video, const Destinations& destinations, const ListFilter& filter) {
  if (!filter.search.empty()) {
    const std::string needle = fold_case(filter.search);
    if (!contains_folded(video.title, needle) && !contains_folded(video.id, needle) &&
        !contains_folded(video.file_path, needle))
      return false;
  }
  if (!filter.platform.empty()) return upload_matches(video, filter.platform, filter.status);
  if (filter.status.empty()) return true;
  return std::ranges::any_of(
      destinations, [&](const Destination& one) { return upload_matches(video, one.name, filter.status); });
}

Result<int> run_list(const Invocation& call, VideoRegistry& registry, ListFilter filter) {
  std::ranges::transform(filter.status, filter.status.begin(),
                         [](unsigned char c) { return std::toupper(c); });
  if (!filter.status.empty() && !parse_status(filter.status))
    return fail(Code::usage, fmt::format("{} is no status; there are PENDING, IN_PROGRESS, SUCCESS, FAILED, "
                                         "FAILED_FINAL, BLOCKED and RATE_LIMITED",
                                         filter.status));
  if (!filter.platform.empty()) {
    const auto name = destination_name(registry.library(), filter.platform);
    if (!name) return std::unexpected(name.error());
    filter.platform = *name;
  }
  const auto destinations = load_destinations(registry.library());
  if (!destinations) return std::unexpected(destinations.error());
  auto videos = registry.get_all_videos();
  if (!videos) return std::unexpected(videos.error());
  static_cast<void>(mark_unattended(registry, *videos));
  static_cast<void>(add_known_posts(registry, *videos));
  const bool none_at_all = videos->empty();
  std::erase_if(*videos, [&](const Video& video) { return !matches(video, *destinations, filter); });
  if (call.json)
    print_out("{}\n", json_of(*videos));
  else if (none_at_all)
    print_out("no videos; add some with: asfs-videos register FILE\n");
  else if (videos->empty())
    print_out("no video matches\n");
  else
    print_videos(*videos, *destinations);
  return 0;
}

// ---- status, history, verify ------------------------------------------------------------------------

Result<int> run_status(const Invocation& call, VideoRegistry& registry, const std::string& id,
                       const std::string& typed_platform) {
  const auto found = existing_video(registry, id);
  if (!found) return std::unexpected(found.error());
  std::vector<Video> marked{*found};
  static_cast<void>(mark_unattended(registry, marked));
  static_cast<void>(add_known_posts(registry, marked));
  const Video& video = marked.front();
  if (typed_platform.empty()) {
    const auto all = load_destinations(registry.library());
    if (!all) return std::unexpected(all.error());
    if (call.json)
      print_out("{}\n", json_of(video));
    else
      print_videos({video}, *all), print_uploads(video.uploads);
    return 0;
  }
  const auto platform = row_platform(registry, id, typed_platform);
  if (!platform) return std::unexpected(platform.error());
  const auto at = video.uploads.find(*platform);
  const auto upload = at == video.uploads.end() ? std::nullopt : std::optional(at->second);
  if (call.json)
    print_out("{}\n", json_of(upload));
  else if (upload)
    print_uploads({{*platform, *upload}});
  else
    print_out("{} was never uploaded to {}\n", id, *platform);
  return 0;
}

Result<int> run_history(const Invocation& call, VideoRegistry& registry, const std::string& id) {
  AuditLog audit(call.library);
  const auto events = audit.events_of(id);
  if (!events) return std::unexpected(events.error());
  if (events->empty())
    if (const auto video = existing_video(registry, id); !video) return std::unexpected(video.error());
  if (call.json) {
    print_out("{}\n", json_of(*events));
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const StoredEvent& e : *events)
    rows.push_back({e.timestamp, e.platform, e.status, e.upload_id.value_or("-"),
                    std::to_string(e.retry_count), e.error_message.value_or("-")});
  if (rows.empty())
    print_out("nothing has happened to {} yet\n", id);
  else
    print_table({"WHEN", "PLATFORM", "STATUS", "POST", "RETRIES", "ERROR"}, rows);
  return 0;
}

Result<int> run_verify(const Invocation& call, VideoRegistry& registry, const std::vector<std::string>& ids,
                       std::stop_token stop) {
  const auto report = verify_files(registry, ids, stop);
  if (!report) return std::unexpected(report.error());
  if (call.json) {
    print_out("{}\n", json_of(*report));
  } else {
    for (const auto& id : report->missing) print_out("missing  {}\n", id);
    for (const auto& id : report->changed) print_out("changed  {}\n", id);
    print_out("{} ok, {} missing, {} changed\n", report->ok, report->missing.size(), report->changed.size());
  }
  return report->missing.empty() && report->changed.empty() ? 0 : exit_code(Code::failed);
}

}  // namespace

int print_report(const Invocation& call, const RegistrationReport& report, const std::string& also) {
  const std::size_t all = report.registered.size() + report.skipped.size() + report.failed.size();
  if (call.json) {
    print_out("{}\n", json_of(report));
  } else {
    for (const auto& r : report.registered)
      print_out("{}  {}  {}\n", r.id, duration_text(r.duration), r.file_path);
    for (const auto& s : report.skipped) print_out("skipped {}: {}\n", s.file_path, s.reason);
    if (all != 1)
      print_out("{} registered, {} skipped, {} failed\n", report.registered.size(), report.skipped.size(),
                report.failed.size());
    if (!also.empty()) print_out("{}\n", also);
  }
  for (const auto& warning : report.warnings) print_err("asfs-videos: warning: {}\n", one_line(warning));
  for (const auto& f : report.failed) asfs::report(f.error);
  if (report.failed.empty()) return 0;
  return exit_code(all == 1 ? report.failed[0].error.code : Code::failed);
}

Command define_register(CLI::App& app) {
  struct Args {
    std::vector<std::string> paths;
    std::string id, title;
    std::string metadata;
    bool allow_duplicates = false;
  };
  auto args = std::make_shared<Args>();
  app.add_option("PATH", args->paths, "Video files, or folders of them")->required();
  const auto* id =
      app.add_option("--id", args->id, "The video's id (one file only; default: the file's stem)");
  const auto* title = app.add_option("--title", args->title, "The video's title (one file only)");
  app.add_option("--metadata", args->metadata,
                 "What the posts are to say: a CSV with a row for each video, or one JSON document for all")
      ->type_name("FILE");
  app.add_flag("--allow-duplicates", args->allow_duplicates, "Allow posting it more than once to a platform");
  return [args, id, title](const Invocation& call) {
    const Interrupt interrupt;
    ClipsOptions options{.registering = {.allow_duplicates = args->allow_duplicates},
                         .metadata = args->metadata,
                         .stop = interrupt.token()};
    if (id->count() > 0) options.registering.id = args->id;
    if (title->count() > 0) options.registering.title = args->title;
    return with_registry(
        call, [&](VideoRegistry& registry) { return run_register(call, registry, args->paths, options); });
  };
}

Command define_list(CLI::App& app) {
  auto filter = std::make_shared<ListFilter>();
  app.add_option("--status", filter->status, "Only videos with an upload in this state, e.g. FAILED");
  app.add_option("--platform", filter->platform, "Only this platform's uploads count");
  app.add_option("--search", filter->search, "Only videos with this text in title, id or path");
  return [filter](const Invocation& call) {
    return with_registry_to_read(call,
                                 [&](VideoRegistry& registry) { return run_list(call, registry, *filter); });
  };
}

Command define_status(CLI::App& app) {
  auto args = std::make_shared<std::pair<std::string, std::string>>();
  app.add_option("ID", args->first, "The video")->required();
  app.add_option("PLATFORM", args->second, "Instagram, TikTok or YouTube");
  return [args](const Invocation& call) {
    return with_registry_to_read(
        call, [&](VideoRegistry& registry) { return run_status(call, registry, args->first, args->second); });
  };
}

Command define_duplicates(CLI::App& app) {
  auto args = std::make_shared<std::pair<std::string, std::string>>();
  app.add_option("ID", args->first, "The video")->required();
  app.add_option("STATE", args->second, "on: may be posted again; off: may not")
      ->required()
      ->check(CLI::IsMember({"on", "off"}));
  return [args](const Invocation& call) {
    return with_registry(call, [&](VideoRegistry& registry) -> Result<int> {
      const bool allowed = args->second == "on";
      if (auto set = registry.set_duplicate_allowed(args->first, allowed); !set)
        return std::unexpected(set.error());
      const auto video = existing_video(registry, args->first);
      if (!video) return std::unexpected(video.error());
      if (call.json)
        print_out("{}\n", json_of(*video));
      else
        print_out("{} {} be posted again where it already is\n", args->first, allowed ? "may" : "may not");
      return 0;
    });
  };
}

Command define_settle(CLI::App& app) {
  struct Args {
    std::string id, platform, answer, post_id;
    bool sure = false;
  };
  auto args = std::make_shared<Args>();
  app.add_option("ID", args->id, "The video")->required();
  app.add_option("PLATFORM", args->platform, "Instagram, TikTok or YouTube")->required();
  app.add_option("ANSWER", args->answer,
                 "live: you found the post; not-live: there is none, it may be tried again")
      ->required()
      ->check(CLI::IsMember({"live", "not-live"}));
  app.add_option("--post-id", args->post_id, "The post's id or the link to it, with `live`");
  app.add_flag("--sure", args->sure,
               "With `not-live`: no other program is uploading it, although it seems so");
  return [args](const Invocation& call) {
    return with_registry(call, [&](VideoRegistry& registry) -> Result<int> {
      const auto platform = row_platform(registry, args->id, args->platform);
      if (!platform) return std::unexpected(platform.error());
      const auto post_id = args->post_id.empty() ? std::nullopt : std::optional(post_id_in(args->post_id));
      const auto settled =
          settle_upload(registry, args->id, *platform, args->answer == "live", post_id, args->sure);
      if (!settled) return std::unexpected(settled.error());
      const WebhookSender webhooks = start_webhooks(call);
      if (call.json)
        print_out("{}\n", json_of(std::optional(*settled)));
      else
        print_uploads({{*platform, *settled}});
      return 0;
    });
  };
}

Command define_forget(CLI::App& app) {
  auto args = std::make_shared<std::pair<std::string, std::string>>();
  app.add_option("ID", args->first, "The video")->required();
  app.add_option("PLATFORM", args->second, "As it stands there, also one that this program does not know")
      ->required();
  return [args](const Invocation& call) {
    return with_registry(call, [&](VideoRegistry& registry) -> Result<int> {
      const auto platform = row_platform(registry, args->first, args->second);
      if (!platform) return std::unexpected(platform.error());
      if (auto gone = UploadLedger(registry).forget(args->first, *platform); !gone)
        return std::unexpected(gone.error());
      const auto video = existing_video(registry, args->first);
      if (!video) return std::unexpected(video.error());
      if (call.json)
        print_out("{}\n", json_of(*video));
      else
        print_out("the row of {} on {} is gone; its history is kept\n", args->first, *platform);
      return 0;
    });
  };
}

Command define_history(CLI::App& app) {
  auto id = std::make_shared<std::string>();
  app.add_option("ID", *id, "The video")->required();
  return [id](const Invocation& call) {
    return with_registry_to_read(call,
                                 [&](VideoRegistry& registry) { return run_history(call, registry, *id); });
  };
}

Command define_verify(CLI::App& app) {
  auto ids = std::make_shared<std::vector<std::string>>();
  app.add_option("ID", *ids, "The videos; all of them when left out");
  return [ids](const Invocation& call) {
    const Interrupt interrupt;
    return with_registry_to_read(
        call, [&](VideoRegistry& registry) { return run_verify(call, registry, *ids, interrupt.token()); });
  };
}

}  // namespace asfs
