// The command for what waits: queue.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <functional>
#include <memory>

#include "app/commands.h"
#include "app/console.h"
#include "app/json_text.h"
#include "registry/base/local_time.h"
#include "registry/base/text.h"
#include "registry/upload_queue.h"
#include "uploaders/platforms.h"

namespace asfs {
namespace {

struct QueueArgs {
  std::string action = "list", id, platform;
  bool all = false;
};

std::string when_text(const QueuedUpload& item, TimePoint now) {
  if (item.held) return "paused";
  if (!item.not_before || *item.not_before <= now) return "as soon as it may";
  return time_text(*item.not_before);
}

void print_queue(const std::vector<QueuedUpload>& items) {
  if (items.empty()) return fmt::print("nothing waits\n");
  std::vector<std::vector<std::string>> rows;
  for (const QueuedUpload& item : items)
    rows.push_back({item.video_id, item.platform, when_text(item, system_clock().now())});
  print_table({"ID", "PLATFORM", "WHEN"}, rows);
}

/// `500k`, `2M`, `1.5M` bytes a second; `off` for 0.
std::optional<std::uint64_t> parse_speed(const std::string& text) {
  if (text == "off") return 0;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, text.data() + text.size());
  const double factor = unit == "k" ? 1e3 : unit == "M" ? 1e6 : unit == "G" ? 1e9 : unit.empty() ? 1 : 0;
  const double speed = number * factor;
  if (error != std::errc() || !(speed >= 1) || speed > 1e12) return std::nullopt;
  return static_cast<std::uint64_t>(speed);
}

Result<int> limit_speed(const Session& session, UploadQueue& queue, const std::string& text) {
  if (!text.empty()) {
    const auto speed = parse_speed(text);
    if (!speed) return fail(Code::usage, "queue limit: give bytes a second such as 500k or 2M, or off");
    if (auto set = queue.set_speed_limit(*speed); !set) return std::unexpected(set.error());
  }
  const auto limit = queue.speed_limit();
  if (!limit) return std::unexpected(limit.error());
  if (session.json)
    fmt::print("{{\"speed_limit\": {}}}\n", *limit);
  else
    fmt::print("{}\n",
               *limit == 0 ? "as fast as it goes" : bytes_text(*limit) + " a second for each program");
  return 0;
}

/// Applies `change` to one item, or to every one.
Result<int> change(const QueueArgs& args,
                   const std::function<Result<bool>(const std::string&, std::string_view)>& change_one,
                   const std::function<Result<int>()>& change_all) {
  if (args.id.empty() && args.all) return change_all();
  if (args.id.empty())
    return fail(Code::usage,
                fmt::format("queue {}: which? Give a video and a platform, or --all", args.action));
  int changed = 0;
  for (const auto name : kPlatformNames) {
    if (!args.platform.empty() && name != args.platform) continue;
    const auto done = change_one(args.id, name);
    if (!done) return std::unexpected(done.error());
    changed += *done;
  }
  if (changed == 0) return fail(Code::not_found, fmt::format("{} is not in the queue", args.id));
  return changed;
}

Result<int> run(const Session& session, QueueArgs args) {
  auto registry = VideoRegistry::open(session.library);
  if (!registry) return std::unexpected(registry.error());
  if (!args.platform.empty()) {
    const Platform* platform = find_platform(args.platform);
    if (platform == nullptr) return std::unexpected(no_such_platform(args.platform));
    args.platform = platform->name;
  }
  UploadQueue queue(*registry, session.practice);
  if (args.action == "limit") return limit_speed(session, queue, args.id);
  Result<int> changed = 0;
  if (args.action == "cancel")
    changed = change(
        args, [&](const auto& id, auto platform) { return queue.remove(id, platform); },
        [&] { return queue.remove_all(); });
  else if (args.action == "first")
    changed = change(
        args, [&](const auto& id, auto platform) { return queue.move_to_front(id, platform); },
        []() -> Result<int> { return fail(Code::usage, "queue first: only one video can be the first"); });
  else if (args.action != "list")
    changed = change(
        args, [&](const auto& id, auto platform) { return queue.hold(id, platform, args.action == "pause"); },
        [&] { return queue.hold_all(args.action == "pause"); });
  if (!changed) return changed;
  const auto items = queue.list();
  if (!items) return std::unexpected(items.error());
  if (session.json)
    fmt::print("{}\n", json_of(*items));
  else
    print_queue(*items);
  return 0;
}

}  // namespace

Command define_queue(CLI::App& app) {
  auto args = std::make_shared<QueueArgs>();
  app.add_option(
         "ACTION", args->action,
         "list; cancel; pause, resume; first: to be sent next; limit [SPEED|off]: cap of the upload speed, "
         "such as 500k or 2M bytes a second. What runs is stopped by its own program")
      ->check(CLI::IsMember({"list", "cancel", "pause", "resume", "first", "limit"}));
  auto* id =
      app.add_option("ID", args->id, "The video; without PLATFORM on all of them. With limit: the speed");
  app.add_option("PLATFORM", args->platform, "Instagram, TikTok or YouTube")->needs(id);
  app.add_flag("--all", args->all, "Everything that waits")->excludes(id);
  return [args](const Session& session) {
    const auto done = run(session, *args);
    return done ? *done : report(done.error());
  };
}

}  // namespace asfs
