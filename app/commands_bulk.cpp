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

#include "app/bulk.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/json_text.h"
#include "app/outside.h"
#include "registry/base/clock.h"
#include "registry/base/local_time.h"
#include "registry/base/text.h"
#include "uploaders/bulk_upload.h"
#include "uploaders/platforms.h"

namespace asfs {

using namespace std::chrono_literals;

namespace {

PlatformChoice signed_in(const Session& session, const Config& config) {
  PlatformChoice usable;
  for (std::size_t p = 0; p < kPlatformCount; ++p)
    usable[p] = session.practice || account_state(session.library, config, kPlatformNames[p], false).usable();
  return usable;
}

std::string when_text(const PlannedUpload& entry, TimePoint now) {
  if (!entry.at) return "-";
  return *entry.at <= now ? "now" : time_text(*entry.at);
}

void print_plan(const std::vector<PlannedUpload>& plan, TimePoint now) {
  std::vector<std::vector<std::string>> rows;
  std::array<std::size_t, 3> counts{};
  std::uint64_t bytes = 0;
  for (const PlannedUpload& entry : plan) {
    ++counts[static_cast<std::size_t>(entry.action)];
    if (entry.action != PlannedUpload::Action::skip) bytes += entry.bytes;
    rows.push_back({entry.video_id, std::string(entry.platform), std::string(name_of(entry.action)),
                    when_text(entry, now), entry.reason});
  }
  print_table({"ID", "PLATFORM", "ACTION", "WHEN", "WHY"}, rows);
  fmt::print("{} now, {} later, {} skipped; {} to send\n", counts[0], counts[1], counts[2],
             bytes_text(bytes));
}

/// What is known of a bulk upload while it runs.
class BulkView {
 public:
  void start(const std::vector<PlannedUpload>& plan, const QueueRunner& runner) {
    const std::scoped_lock lock(mutex_);
    runner_ = &runner;
    left_.clear();
    bytes_ = bytes_done_;
    for (const PlannedUpload& entry : plan) {
      if (entry.action == PlannedUpload::Action::skip) continue;
      left_[{entry.video_id, entry.platform}] = entry.bytes;
      bytes_ += entry.bytes;
      if (entry.at) last_ = std::max(last_, *entry.at);
    }
  }
  void note(const StageResult& result) {
    const std::scoped_lock lock(mutex_);
    if (result.error && result.retry_at) return;  // it is tried again
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
    if (!runner_) return {};
    std::vector<std::string> lines(1);
    std::uint64_t speed = 0, sent = bytes_done_;
    for (const auto& upload : runner_->running()) {
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
    // What the limits hold back takes longer than the bytes do.
    if (last_ > now + left)
      all += "  the last about " + short_time(local_timestamp(last_));
    else if (speed > 0)
      all += fmt::format("  {} left", duration_text(static_cast<double>(left.count())));
    return all;
  }

  mutable std::mutex mutex_;
  const QueueRunner* runner_ = nullptr;
  std::map<std::pair<std::string, std::string_view>, std::uint64_t> left_;  ///< and its bytes
  std::uint64_t bytes_ = 0, bytes_done_ = 0;
  TimePoint last_{};  ///< when the last one may go
  std::size_t done_ = 0, failed_ = 0;
};

void print_results(const std::vector<StageResult>& results) {
  std::vector<std::vector<std::string>> rows;
  for (const StageResult& result : results) {
    const std::string link = result.link.empty() ? result.post_id.value_or("") : result.link;
    rows.push_back({result.video_id, result.platform, std::string(names_of(result.status).label),
                    result.error ? result.error->message : link});
  }
  if (rows.empty())
    fmt::print("nothing is pending\n");
  else
    print_table({"ID", "PLATFORM", "STATUS", "POST OR REASON"}, rows);
}

int report_bulk(const std::vector<StageResult>& results, bool stopped) {
  for (const StageResult& result : results)
    if (!result.warning.empty())
      fmt::print(stderr, "asfs-videos: warning: {} on {}: {}\n", result.video_id, result.platform,
                 result.warning);
  if (stopped) return report({Code::cancelled, "stopped; the same command goes on from where it was"});
  const auto undone =
      std::ranges::count_if(results, [](const auto& result) { return result.error.has_value(); });
  if (undone == 0) return 0;
  return report({bulk_code(results), fmt::format("{} of {} uploads are not done", undone, results.size())});
}

/// Who is not signed in is `ready`, too, where that can still be done in time.
Result<std::vector<PlannedUpload>> plan_of(const Session& session, const std::vector<std::string>& names,
                                           bool login_can_wait) {
  const auto platforms = chosen(names);
  if (!platforms) return std::unexpected(platforms.error());
  const auto outside = open_outside(session);
  if (!outside) return std::unexpected(outside.error());
  auto registry = VideoRegistry::open(session.library);
  if (!registry) return std::unexpected(registry.error());
  const StageContext context{session.library, outside->config, *outside->credentials};
  PlanOptions options{.platforms = *platforms};
  if (!login_can_wait) options.signed_in = signed_in(session, outside->config);
  return plan_uploads(context, *registry, options);
}

int run_plan(const Session& session, const std::vector<std::string>& names) {
  const auto plan = plan_of(session, names, false);
  if (!plan) return report(plan.error());
  if (session.json)
    fmt::print("{}\n", json_of(*plan));
  else
    print_plan(*plan, system_clock().now());
  return 0;
}

/// Each platform has its own slots.
Result<std::vector<QueueItem>> scheduled(const std::vector<PlannedUpload>& plan,
                                         const ScheduleArgs& schedule) {
  std::vector<QueueItem> items;
  for (const auto name : kPlatformNames) {
    const std::size_t first = items.size();
    for (const PlannedUpload& entry : plan)
      if (entry.platform == name && entry.action != PlannedUpload::Action::skip)
        items.push_back({.video_id = entry.video_id, .platform = std::string(name)});
    const auto slots = schedules_of(schedule, items.size() - first, system_clock().now());
    if (!slots) return std::unexpected(slots.error());
    for (std::size_t i = 0; i < slots->size(); ++i) items[first + i].schedule = (*slots)[i];
  }
  return items;
}

}  // namespace

Result<PlatformChoice> chosen(const std::vector<std::string>& names) {
  PlatformChoice choice;
  choice.fill(names.empty());
  for (const std::string& name : names) {
    const Platform* platform = find_platform(name);
    if (platform == nullptr) return std::unexpected(no_such_platform(name));
    choice[*platform_index(platform->name)] = true;
  }
  return choice;
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

int run_bulk(const Session& session, const BulkArgs& args) {
  const Interrupt interrupt;
  const auto platforms = chosen(args.platforms);
  if (!platforms) return report(platforms.error());
  const auto outside = open_outside(session);
  if (!outside) return report(outside.error());
  WebhookSender webhooks = start_webhooks(session);
  const StageContext context{session.library, outside->config, *outside->credentials};
  BulkView view;
  BulkOptions options{.plan = {*platforms, signed_in(session, outside->config)},
                      .wait = args.wait,
                      .stop = interrupt.token(),
                      .on_start = [&](const auto& plan, const auto& runner) { view.start(plan, runner); }};
  if (args.jobs > 0) options.per_platform = options.in_all = args.jobs;
  const bool lines = session.json && args.wait;
  options.on_result = [&](const StageResult& result) {
    view.note(result);
    webhooks.wake();
    if (!lines) return;
    fmt::print("{}\n", json_line(result));
    std::fflush(stdout);
  };
  Result<std::vector<StageResult>> results;
  {
    const ProgressPrinter printer([&] { return view.lines(); });
    options.on_end = [&] { view.end(); };
    results = upload_clips(context, options);
  }
  if (!results) return report(results.error());
  if (session.json && !lines) fmt::print("{}\n", json_of(*results));
  if (!session.json) print_results(*results);
  return report_bulk(*results, interrupt.token().stop_requested());
}

Result<std::vector<Schedule>> schedules_of(const ScheduleArgs& args, std::size_t count, TimePoint now) {
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
  std::mt19937_64 random{std::random_device{}()};
  const auto part = [&] { return std::uniform_real_distribution<double>(0, 1)(random); };
  // Without --every all are due at once; the limits keep them apart.
  const auto times = every > 0s ? slots_of(*at, every, spread, count, part) : std::vector(count, *at);
  std::vector<Schedule> schedules;
  for (const TimePoint time : times)
    schedules.push_back(
        {time, args.if_missed == "next" ? Schedule::IfMissed::next : Schedule::IfMissed::now, every});
  return schedules;
}

int schedule_bulk(const Session& session, const BulkArgs& args, const ScheduleArgs& schedule) {
  const auto plan = plan_of(session, args.platforms, true);
  if (!plan) return report(plan.error());
  const auto items = scheduled(*plan, schedule);
  if (!items) return report(items.error());
  auto registry = VideoRegistry::open(session.library);
  if (!registry) return report(registry.error());
  const auto added = UploadQueue(*registry, session.practice).add(*items);
  if (!added) return report(added.error());
  if (session.json) return run_plan(session, args.platforms);
  fmt::print("{} uploads scheduled, sent by an open window or `upload --all-pending --wait`\n",
             items->size());
  return 0;
}

Command define_plan(CLI::App& app) {
  auto names = std::make_shared<std::vector<std::string>>();
  app.add_option("--platform", *names, "Only this platform; may be given several times");
  return [names](const Session& session) { return run_plan(session, *names); };
}

}  // namespace asfs
