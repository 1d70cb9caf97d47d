// The command for what waits: shown with when and why, moved, scheduled, paused, cancelled; and the speed
// cap.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "app/cli/bulk.h"
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_text.h"
#include "app/cli/platform_access.h"
#include "registry/base/local_time.h"
#include "registry/base/text.h"
#include "registry/ledger/upload_ledger.h"
#include "registry/queue/upload_queue.h"
#include "uploaders/queue/queue_turns.h"
#include "uploaders/row/platforms.h"
#include "uploaders/transfer/bandwidth.h"

namespace asfs {
namespace {

struct QueueArgs {
  std::string action = "list", id, platform, time;
  bool all = false;
};

/// What is left of the arguments once the platform may be missing: `at ID TIME`, `at ID PLATFORM TIME`.
void tell_time_from_platform(QueueArgs& args) {
  if (args.action == "at" && args.time.empty()) args.time = std::exchange(args.platform, {});
}

std::string when_text(const QueueTurn& turn) {
  if (turn.open_ended()) return "-";
  return turn.at == TimePoint() ? "as soon as it may" : time_text(turn.at);
}

Result<std::vector<QueueEntry>> entries_of(const Invocation& call, VideoRegistry& registry,
                                           UploadQueue& queue) {
  // No practice server is needed: nothing is asked of it.
  const auto config = upload_config(call.library, call.practice ? "http://127.0.0.1" : "");
  if (!config) return std::unexpected(config.error());
  auto items = queue.list();
  if (!items) return std::unexpected(items.error());
  const auto waits = DestinationWaits(registry).list();
  if (!waits) return std::unexpected(waits.error());
  const TimePoint now = system_clock().now();
  const auto turns = queue_turns(registry, *config, now, *items, signed_in(call, *config), *waits);
  if (!turns) return std::unexpected(turns.error());
  std::map<std::string, AccountState> accounts;
  for (const Destination& one : config->destinations)
    accounts[one.name] = account_state(call.library, *config, one.name);
  std::vector<QueueEntry> entries;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string& name = (*items)[i].platform;
    std::string reason = reason_text((*turns)[i], config->limits(name), waits->find(name));
    std::string warning = account_warning(name, accounts[name], std::max((*turns)[i].at, now));
    entries.push_back({std::move((*items)[i]), (*turns)[i], std::move(reason), std::move(warning)});
  }
  return entries;
}

void print_queue(const std::vector<QueueEntry>& entries, bool held) {
  if (held) print_out("the queue is paused, also for what is added; to let it go: queue resume --all\n");
  if (entries.empty()) return print_out("nothing waits\n");
  std::vector<std::vector<std::string>> rows;
  for (const QueueEntry& entry : entries)
    rows.push_back({entry.item.video_id, entry.item.platform, when_text(entry.turn), entry.reason});
  print_table({"ID", "PLATFORM", "WHEN", "WHY"}, rows);
}

Result<void> limit_speed(const Invocation& call, UploadQueue& queue, const std::string& text) {
  if (!text.empty()) {
    const auto speed = parse_speed(text);
    if (!speed) return fail(Code::usage, "queue limit: give bytes a second such as 500k or 2M, or off");
    if (auto set = queue.set_speed_limit(*speed); !set) return std::unexpected(set.error());
  }
  const auto limit = queue.speed_limit();
  if (!limit) return std::unexpected(limit.error());
  if (call.json)
    print_out("{{\"speed_limit\": {}}}\n", *limit);
  else
    print_out("{}\n", *limit == 0 ? "as fast as it goes" : bytes_text(*limit) + " a second for each program");
  return {};
}

/// What a person who took this out of the queue is to know: an upload that has begun does not end by that.
void tell_what_goes_on(VideoRegistry& registry, const std::function<bool(const OnItsWay&)>& is_meant) {
  const auto uploads = UploadLedger(registry).on_their_way();
  for (const OnItsWay& upload : uploads.value_or(std::vector<OnItsWay>())) {
    if (!is_meant(upload)) continue;
    const auto& [id, platform, may_be_live, owner] = upload;
    if (may_be_live)
      print_err(
          "asfs-videos: all of {0} has been sent to {1}, so its post may still appear; nothing is sent "
          "again, "
          "and {1} is asked what became of it by an open window or `upload {0} {1}`\n",
          id, platform);
    else
      print_err("asfs-videos: {} is being uploaded to {} by {}, which goes on; stop it there\n", id, platform,
                owner);
  }
}

using ChangeOne = std::function<Result<bool>(const std::string&, std::string_view)>;

/// Applies `change_one` to the video wherever it is to go.
Result<void> change(UploadQueue& queue, const QueueArgs& args, const Destinations& all,
                    const ChangeOne& change_one) {
  bool changed = false, there = false;
  for (const Destination& one : all) {
    const std::string& name = one.name;
    if (!args.platform.empty() && name != args.platform) continue;
    const auto done = change_one(args.id, name);
    if (!done) return std::unexpected(done.error());
    const auto item = queue.find(args.id, name);
    if (!item) return std::unexpected(item.error());
    changed = changed || *done;
    there = there || item->has_value();
  }
  if (changed) return {};
  if (there)
    return fail(Code::usage, fmt::format("{} goes at a time of its own; `queue now {}` puts it into the line",
                                         args.id, args.id));
  return fail(Code::not_found, fmt::format("{} is not in the queue", args.id));
}

Result<void> change_all(UploadQueue& queue, const QueueArgs& args) {
  if (args.action != "cancel" && args.action != "pause" && args.action != "resume")
    return fail(Code::usage, fmt::format("queue {}: give one video, --all makes no sense here", args.action));
  const auto done = args.action == "cancel" ? queue.remove_all() : queue.hold_all(args.action == "pause");
  if (!done) return std::unexpected(done.error());
  return {};
}

Result<Schedule> time_of(const QueueArgs& args) {
  const auto at = parse_time(args.time);
  if (!at) return fail(Code::usage, "queue at: give a time such as 2026-12-01T18:00");
  if (*at <= system_clock().now())
    return fail(Code::usage, fmt::format("queue at {}: that time is over", args.time));
  return Schedule{.at = *at};
}

/// What an action does with one upload; empty for an unknown one.
Result<ChangeOne> change_of(UploadQueue& queue, const QueueArgs& args) {
  using Move = UploadQueue::Move;
  static const std::map<std::string, Move> moves{
      {"first", Move::first}, {"up", Move::up}, {"down", Move::down}, {"last", Move::last}};
  if (const auto move = moves.find(args.action); move != moves.end())
    return
        [&queue, to = move->second](const auto& id, auto platform) { return queue.move(id, platform, to); };
  if (args.action == "cancel")
    return [&queue](const auto& id, auto platform) { return queue.remove(id, platform); };
  if (args.action == "pause" || args.action == "resume")
    return [&queue, held = args.action == "pause"](const auto& id, auto platform) {
      return queue.hold(id, platform, held);
    };
  std::optional<Schedule> schedule;
  if (args.action == "at") {
    const auto time = time_of(args);
    if (!time) return std::unexpected(time.error());
    schedule = *time;
  }
  return
      [&queue, schedule](const auto& id, auto platform) { return queue.reschedule(id, platform, schedule); };
}

Result<void> carry_out(UploadQueue& queue, const QueueArgs& args, const Destinations& all) {
  if (args.action == "list") return {};
  if (args.id.empty() && args.all) return change_all(queue, args);
  if (args.id.empty())
    return fail(Code::usage,
                fmt::format("queue {}: which? Give a video and a platform, or --all", args.action));
  const auto change_one = change_of(queue, args);
  if (!change_one) return std::unexpected(change_one.error());
  return change(queue, args, all, *change_one);
}

Result<void> run(const Invocation& call, QueueArgs args) {
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return std::unexpected(registry.error());
  const auto all = load_destinations(call.library);
  if (!all) return std::unexpected(all.error());
  UploadQueue queue(*registry);
  if (args.action == "limit") return limit_speed(call, queue, args.id);
  tell_time_from_platform(args);
  if (!args.platform.empty()) {
    const auto one = find_destination(call, args.platform);
    if (!one) return std::unexpected(one.error());
    args.platform = one->name;
  }
  const auto done = carry_out(queue, args, *all);
  if (args.action == "cancel" && (done || done.error().code == Code::not_found))
    tell_what_goes_on(*registry, [&](const OnItsWay& upload) {
      return args.all ||
             (upload.video_id == args.id && (args.platform.empty() || upload.platform == args.platform));
    });
  if (!done) return done;
  const auto entries = entries_of(call, *registry, queue);
  if (!entries) return std::unexpected(entries.error());
  tell_warnings(*entries);
  const auto held = queue.is_held();
  if (!held) return std::unexpected(held.error());
  if (call.json)
    print_out("{}\n", json_of(*entries));
  else
    print_queue(*entries, *held);
  return {};
}

}  // namespace

Command define_queue(CLI::App& app) {
  auto args = std::make_shared<QueueArgs>();
  app.add_option("ACTION", args->action,
                 "list; cancel, pause, resume; at ID [PLATFORM] TIME: to be sent then; now: its time is "
                 "forgotten; first, up, down, last: its place among those without a time; limit [SPEED|off]: "
                 "cap of the upload speed, such as 500k or 2M bytes a second. What runs is stopped by its "
                 "own program")
      ->check(CLI::IsMember(
          {"list", "cancel", "pause", "resume", "at", "now", "first", "up", "down", "last", "limit"}));
  auto* id =
      app.add_option("ID", args->id, "The video; without PLATFORM on all of them. With limit: the speed");
  auto* platform = app.add_option("PLATFORM", args->platform, "Instagram, TikTok or YouTube")->needs(id);
  app.add_option("TIME", args->time, "With at: such as 2026-12-01T18:00")->needs(platform);
  app.add_flag("--all", args->all, "Everything that waits; with pause also what is added until resume --all")
      ->excludes(id);
  return [args](const Invocation& call) {
    const auto done = run(call, *args);
    return done ? 0 : report(done.error());
  };
}

}  // namespace asfs
