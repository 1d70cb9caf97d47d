// The commands for many videos at once: upload --all-pending, plan.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>

#include "app/cli/bulk.h"
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_text.h"
#include "app/cli/platform_access.h"
#include "registry/base/clock.h"
#include "registry/base/local_time.h"
#include "registry/base/text.h"
#include "uploaders/queue/bulk_upload.h"
#include "uploaders/row/platforms.h"

namespace asfs {

using namespace std::chrono_literals;

namespace {

std::string when_text(const PlannedUpload& entry, TimePoint now) {
  if (!entry.at) return "-";
  return *entry.at <= now ? "now" : time_text(*entry.at);
}

void print_plan(const UploadPlan& plan, TimePoint now) {
  std::vector<std::vector<std::string>> rows;
  std::array<std::size_t, 3> counts{};
  std::uint64_t bytes = 0;
  for (const PlannedUpload& entry : plan) {
    ++counts[static_cast<std::size_t>(entry.action)];
    if (entry.action != PlannedUpload::Action::skip) bytes += entry.bytes;
    rows.push_back({std::string(entry.video_id), std::string(entry.platform),
                    std::string(name_of(entry.action)), when_text(entry, now),
                    std::string(entry.audience.empty() ? "-" : entry.audience), std::string(entry.reason)});
  }
  print_table({"ID", "PLATFORM", "ACTION", "WHEN", "SEEN BY", "WHY"}, rows);
  print_out("{} now, {} later, {} skipped; {} to send\n", counts[0], counts[1], counts[2], bytes_text(bytes));
}

/// What is known of a bulk upload while it runs.
class BulkView {
 public:
  void start(const UploadPlan& plan, const QueueRunner& runner) {
    const std::scoped_lock lock(mutex_);
    runner_ = &runner;
    left_.clear();
    bytes_ = bytes_done_;
    paused_ = 0;
    for (const PlannedUpload& entry : plan) {
      if (entry.action == PlannedUpload::Action::skip) continue;
      paused_ += !entry.at;
      left_[{std::string(entry.video_id), std::string(entry.platform)}] = entry.bytes;
      bytes_ += entry.bytes;
      if (entry.at) last_ = std::max(last_, *entry.at);
    }
  }
  void note(const StageResult& result) {
    const std::scoped_lock lock(mutex_);
    if (result.error && (result.retry_at || wait_of(result.next))) return;  // it is tried again
    ++(result.error ? failed_ : done_);
    const auto found = left_.find({result.video_id, result.platform});
    if (found == left_.end()) return;
    bytes_done_ += found->second;
    left_.erase(found);
  }
  /// The runner is gone after this.
  void end() {
    const std::scoped_lock lock(mutex_);
    runner_ = nullptr;
  }
  std::vector<std::string> lines() const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> lines(1);
    std::uint64_t speed = 0, sent = bytes_done_;
    for (const auto& upload : runner_ ? runner_->running() : RunningUploads()) {
      speed += upload->progress.bytes_per_second.load();
      sent += upload->progress.sent.load();
      lines.push_back(
          fmt::format("  {} to {}: {}", upload->video_id, upload->platform, progress_text(upload->progress)));
    }
    lines.front() = all_text(sent, speed, lines.size() > 1);
    return lines;
  }

 private:
  std::string all_text(std::uint64_t sent, std::uint64_t speed, bool busy) const {
    std::string all = fmt::format("{} of {} uploaded", done_, done_ + failed_ + left_.size());
    if (failed_ > 0) all += fmt::format(", {} failed", failed_);
    all += fmt::format("  {} of {}", bytes_text(std::min(sent, bytes_)), bytes_text(bytes_));
    const TimePoint now = system_clock().now();
    std::chrono::seconds left{0};
    if (speed > 0) {
      all += fmt::format("  {}/s", bytes_text(speed));
      left = std::chrono::seconds((bytes_ - std::min(sent, bytes_)) / speed);
    }
    if (!busy) all += "  waiting";
    if (paused_ > 0) all += fmt::format(", {} paused", paused_);
    const auto waits = runner_ ? runner_->waits() : DestinationWaitList();
    for (const auto& [name, wait] : waits) all += fmt::format("  {}: {}", name, reason_text(wait));
    // What the limits hold back takes longer than the bytes do.
    if (last_ > now + left)
      all += "  the last about " + short_time(local_timestamp(last_));
    else if (speed > 0)
      all += fmt::format("  {} left", duration_text(static_cast<double>(left.count())));
    return all;
  }

  mutable std::mutex mutex_;
  const QueueRunner* runner_ = nullptr;
  std::map<std::pair<std::string, std::string>, std::uint64_t> left_;  ///< and its bytes
  std::uint64_t bytes_ = 0, bytes_done_ = 0;
  TimePoint last_{};  ///< when the last one may go
  std::size_t done_ = 0, failed_ = 0, paused_ = 0;
};

/// Nobody mistypes a video unnoticed.
Result<void> check_videos(VideoRegistry& registry, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    const auto video = registry.get_video(id);
    if (!video) return std::unexpected(video.error());
    if (!*video) return std::unexpected(no_such_video(id));
  }
  return {};
}

Result<PlanOptions> plan_options(VideoRegistry& registry, const BulkArgs& args) {
  const auto all = load_destinations(registry.library());
  const auto wanted = all ? chosen(*all, args.platforms) : std::unexpected(all.error());
  if (!wanted) return std::unexpected(wanted.error());
  if (auto known = check_videos(registry, args.videos); !known) return std::unexpected(known.error());
  PlanOptions options{.destinations = *wanted};
  if (!args.videos.empty()) options.only = std::make_shared<const std::vector<std::string>>(args.videos);
  return options;
}

/// With a series, who is not signed in is `ready`, too: that can still be done in time.
Result<UploadPlan> plan_of(const Invocation& call, VideoRegistry& registry, const BulkArgs& args,
                           const std::optional<SlotSeries>& series) {
  auto options = plan_options(registry, args);
  if (!options) return std::unexpected(options.error());
  const auto access = open_platform_access(call);
  if (!access) return std::unexpected(access.error());
  const StageContext context{call.library, access->config, *access->credentials};
  options->series = series;
  if (!series) options->signed_in = signed_in(call, access->config);
  return plan_uploads(context, registry, *options);
}

int run_plan(const Invocation& call, const BulkArgs& args) {
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return report(registry.error());
  const auto plan = plan_of(call, *registry, args, std::nullopt);
  if (!plan) return report(plan.error());
  tell_warnings(*plan);
  if (call.json)
    print_out("{}\n", json_of(*plan));
  else
    print_plan(*plan, system_clock().now());
  return 0;
}

/// What was asked for and cannot be scheduled is named.
int report_left_out(const UploadPlan& plan) {
  std::size_t left_out = 0;
  for (const PlannedUpload& entry : plan) {
    if (entry.action != PlannedUpload::Action::skip || entry.code == Code::blocked) continue;
    ++left_out;
    report({entry.code, fmt::format("{} to {}: {}", entry.video_id, entry.platform, entry.reason)});
  }
  if (left_out == 0) return 0;
  return report({Code::failed, fmt::format("{} of {} uploads are not scheduled", left_out, plan.size())});
}

}  // namespace

Result<DestinationChoice> chosen(const Destinations& destinations, const std::vector<std::string>& names) {
  if (names.empty()) return kEveryDestination;
  DestinationChoice choice;
  for (const std::string& name : names) {
    const Destination* one = destinations.find(name);
    if (one == nullptr) return std::unexpected(no_such_destination(destinations, name));
    choice.set(*destinations.index_of(one->name));
  }
  return choice;
}

DestinationChoice signed_in(const Invocation& call, const Config& config) {
  DestinationChoice usable;
  for (std::size_t i = 0; i < config.destinations.size(); ++i)
    usable[i] = call.practice || account_state(call.library, config, config.destinations[i].name).usable();
  return usable;
}

void warn_of_wait(const Destination& destination, const DestinationWait& wait) {
  print_err("asfs-videos: {}\n", told_text(destination.name, wait));
}

void warn_of_config(const Error& error) {
  print_err("asfs-videos: warning: the changed configuration is not used: {}\n", error.message);
}

std::string progress_text(const UploadProgress& progress) {
  const auto sent = progress.sent.load();
  const auto total = progress.total.load();
  const auto speed = progress.bytes_per_second.load();
  std::string text = fmt::format("{}  {} of {}", name_of(progress.step), bytes_text(sent), bytes_text(total));
  if (speed > 0 && total >= sent)
    text += fmt::format("  {}/s  {} left", bytes_text(speed),
                        duration_text(static_cast<double>((total - sent) / speed)));
  return text;
}

ProgressPrinter::ProgressPrinter(std::function<std::vector<std::string>()> lines)
    : thread_([lines = std::move(lines)](std::stop_token stop) {
        ProgressLine line;
        std::mutex mutex;
        std::condition_variable_any wakes;
        std::unique_lock lock(mutex);
        while (!wakes.wait_for(lock, stop, std::chrono::milliseconds(500),
                               [&] { return stop.stop_requested(); }))
          line.show(lines());
      }) {}

void print_results(const std::vector<StageResult>& results) {
  std::vector<std::vector<std::string>> rows;
  for (const StageResult& result : results) {
    const std::string link = result.link.empty() ? result.post_id.value_or("") : result.link;
    rows.push_back({result.video_id, result.platform, std::string(names_of(result.status).label),
                    result.error ? result.error->message : link});
  }
  if (rows.empty())
    print_out("nothing is pending\n");
  else
    print_table({"ID", "PLATFORM", "STATUS", "POST OR REASON"}, rows);
}

int report_bulk(const std::vector<StageResult>& results, bool stopped) {
  for (const StageResult& result : results)
    if (!result.warning.empty())
      print_err("asfs-videos: warning: {} on {}: {}\n", result.video_id, result.platform, result.warning);
  if (stopped) return report({Code::cancelled, "stopped; the same command goes on from where it was"});
  const auto undone =
      std::ranges::count_if(results, [](const auto& result) { return result.error.has_value(); });
  if (undone == 0) return 0;
  return report({bulk_code(results), fmt::format("{} of {} uploads are not done", undone, results.size())});
}

Result<std::vector<StageResult>> upload_many(const Invocation& call, const BulkArgs& args,
                                             VideoRegistry& registry, bool lines, std::stop_token stop) {
  auto wanted = plan_options(registry, args);
  if (!wanted) return std::unexpected(wanted.error());
  const auto access = open_platform_access(call);
  if (!access) return std::unexpected(access.error());
  wanted->signed_in = signed_in(call, access->config);
  WebhookSender webhooks = start_webhooks(call);
  const StageContext context = stage_context(call, *access);
  BulkView view;
  std::set<std::string> told;
  BulkOptions options{.plan = *std::move(wanted),
                      .wait = args.wait,
                      .stop = std::move(stop),
                      .on_start = [&](const auto& plan, const auto& runner) {
                        tell_warnings(plan, told);
                        view.start(plan, runner);
                      }};
  if (args.jobs > 0) options.at_once = options.at_once_per_platform = args.jobs;
  options.on_result = [&](const StageResult& result) {
    view.note(result);
    webhooks.wake();
    if (!lines || wait_of(result.next)) return;
    print_out("{}\n", json_line(result));
    flush_out();
  };
  options.on_trouble = warn_of_config;
  if (args.wait) options.on_wait = warn_of_wait;
  const ProgressPrinter printer([&] { return view.lines(); });
  options.on_end = [&] { view.end(); };
  return upload_clips(context, options);
}

int run_bulk(const Invocation& call, const BulkArgs& args) {
  const Interrupt interrupt;
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return report(registry.error());
  const bool lines = call.json && args.wait;
  const auto results = upload_many(call, args, *registry, lines, interrupt.token());
  if (!results) return report(results.error());
  if (call.json && !lines) print_out("{}\n", json_of(*results));
  if (!call.json) print_results(*results);
  return report_bulk(*results, interrupt.token().stop_requested());
}

Result<SlotSeries> series_of(const ScheduleArgs& args, TimePoint now) {
  const auto at = parse_time(args.at);
  if (!at)
    return fail(Code::usage,
                fmt::format("--at {}: give a time such as 2026-12-01T18:00", one_line(args.at, 40)));
  if (*at <= now) return fail(Code::usage, fmt::format("--at {}: that time is over", args.at));
  const auto span = [](const std::string& text) {
    return text.empty() ? 0s : parse_span(text).value_or(-1s);
  };
  const auto every = span(args.every);
  const auto spread = span(args.spread);
  if (every < 0s || spread < 0s)
    return fail(Code::usage, "--every and --spread take spans such as 15m, 2h, 1d or 1h30m");
  using IfMissed = Schedule::IfMissed;
  return SlotSeries{.first = *at,
                    .every = every,
                    .spread = spread,
                    .if_missed = args.if_missed == "next" ? IfMissed::next : IfMissed::now,
                    .seed = std::random_device{}()};
}

int schedule_bulk(const Invocation& call, const BulkArgs& args, const ScheduleArgs& schedule) {
  const auto series = series_of(schedule, system_clock().now());
  if (!series) return report(series.error());
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return report(registry.error());
  const auto plan = plan_of(call, *registry, args, *series);
  if (!plan) return report(plan.error());
  const auto items = items_of(*plan);
  const auto added = UploadQueue(*registry).add(items);
  if (!added) return report(added.error());
  tell_warnings(*plan);
  if (call.json)  // what was put into the queue, not what a plan would say now
    print_out("{}\n", json_of(*plan));
  else
    print_out("{} uploads scheduled, sent by an open window or `upload --all-pending --wait`\n",
              items.size());
  return report_left_out(*plan);
}

Command define_plan(CLI::App& app) {
  auto args = std::make_shared<BulkArgs>();
  app.add_option("--platform", args->platforms, "Only this platform; may be given several times");
  app.add_option("--only", args->videos, "Only this video; may be given several times");
  return [args](const Invocation& call) { return run_plan(call, *args); };
}

}  // namespace asfs
