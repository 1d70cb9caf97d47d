#include "uploaders/queue/bulk_upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "uploaders/row/platforms.h"

namespace asfs {
namespace {

using Action = PlannedUpload::Action;
using Key = std::pair<std::string, std::string>;

Key key_of(const PlannedUpload& entry) {
  return {std::string(entry.video_id), std::string(entry.platform)};
}

StageResult result_of(const PlannedUpload& entry, UploadStatus status, Code code, std::string reason) {
  StageResult result;
  result.video_id = entry.video_id;
  result.platform = entry.platform;
  result.status = status;
  result.retry_at = entry.at;
  result.error = Error{code, std::move(reason)};
  return result;
}

bool is_paused(const PlannedUpload& entry) {
  return entry.action == Action::wait && !entry.at;
}

Code code_of(DestinationWait::Why why) {
  if (why == DestinationWait::Why::sign_in) return Code::needs_login;
  return why == DestinationWait::Why::offline ? Code::offline : Code::account;
}

/// For what other processes have begun.
constexpr std::chrono::seconds kWaitForOthers{5};

class Bulk {
 public:
  Bulk(const StageContext& context, const BulkOptions& options, VideoRegistry& registry)
      : live_(context, options.on_trouble), context_(live_.get()), options_(options), registry_(registry) {}

  Result<std::vector<StageResult>> run() {
    for (;;) {
      const std::size_t before = over_.size();
      const auto done = round();
      const bool last = !done || !options_.wait || options_.stop.stop_requested() || !is_left();
      // What is left is in the queue until then: a person may pause it at any time.
      if (last)
        if (auto cleared = queue().remove_of_this_run(); done && !cleared)
          return std::unexpected(cleared.error());
      if (!done) return std::unexpected(done.error());
      if (last) {
        add_untried();
        return std::move(results_);
      }
      if (before != over_.size()) continue;
      if (auto waited = wait_for_others(); !waited) return std::unexpected(waited.error());
    }
  }

 private:
  /// Plans what is not done yet, and works it off as far as it is this run's.
  Result<void> round() {
    live_.refresh();
    context_ = live_.get();
    PlanOptions wanted = options_.plan;
    wanted.stop = options_.stop;
    auto plan = plan_uploads(*context_, registry_, wanted);
    if (!plan && plan.error().code == Code::cancelled) return {};
    if (!plan) return std::unexpected(plan.error());
    plan_ = *std::move(plan);
    for (auto& list : plan_.lists)
      std::erase_if(list, [this](const PlannedUpload& entry) { return is_over(entry); });
    UploadQueue queue = this->queue();
    const auto held = queue.is_held();
    if (!held) return std::unexpected(held.error());
    all_held_ = *held;
    for (const PlannedUpload& entry : plan_)
      if (entry.at) asked_.insert(key_of(entry));
    if (auto added = queue.add(items_of(plan_), UploadQueue::For::this_run); !added)
      return std::unexpected(added.error());
    const auto before = in_queue(queue);
    const auto done = before ? run_queue() : std::unexpected(before.error());
    const auto after = in_queue(queue);
    if (!done) return std::unexpected(done.error());
    if (!after) return std::unexpected(after.error());
    std::ranges::set_difference(*before, *after, std::inserter(taken_out_, taken_out_.end()));
    return {};
  }

  UploadQueue queue() { return UploadQueue(registry_, run_); }

  /// What this run may take.
  static Result<std::set<Key>> in_queue(UploadQueue& queue) {
    const auto items = queue.list();
    if (!items) return std::unexpected(items.error());
    std::set<Key> keys;
    for (const QueuedUpload& item : *items)
      if (!item.of_another_run) keys.emplace(item.video_id, item.platform);
    return keys;
  }

  bool is_over(const PlannedUpload& entry) const {
    return over_.contains(key_of(entry)) || taken_out_.contains(key_of(entry));
  }

  bool is_left() const {
    return std::ranges::any_of(plan_, [&](const PlannedUpload& entry) {
      return !is_over(entry) && (entry.running || entry.at || is_paused_since(entry));
    });
  }

  /// By a person, since this run began; what was paused before is not waited for.
  bool is_paused_since(const PlannedUpload& entry) const {
    return is_paused(entry) && (all_held_ || asked_.contains(key_of(entry)));
  }

  /// Somebody else is at what is left, and may die before it is done; or all of it is paused.
  Result<void> wait_for_others() {
    const bool others = std::ranges::any_of(
        plan_, [&](const PlannedUpload& entry) { return !is_over(entry) && (entry.running || entry.at); });
    UploadQueue queue = this->queue();
    const auto before = queue.version();
    if (!before) return std::unexpected(before.error());
    while (context_->clock.wait(kWaitForOthers, options_.stop) && !others) {
      const auto now = queue.version();
      if (!now) return std::unexpected(now.error());
      if (*now != *before) break;
    }
    return {};
  }

  Result<void> run_queue() {
    using Until = RunnerOptions::Until;
    QueueRunner runner(
        *context_, {.until = options_.wait ? Until::nothing_left : Until::nothing_due,
                    .destinations = options_.plan.destinations,
                    .at_once = options_.at_once,
                    .at_once_per_platform = options_.at_once_per_platform,
                    .run = run_,
                    .try_at_once = std::exchange(first_round_, false),
                    .stop = options_.stop,
                    .on_result = [this](const RunningUpload&, const StageResult& result,
                                        bool final) { note(result, final); },
                    .on_wait = [this](const Destination& p, const DestinationWait& wait) { tell(p, wait); },
                    .on_trouble = options_.on_trouble});
    options_.on_start(plan_, runner);
    auto done = runner.run();
    waits_ = runner.waits();
    options_.on_end();
    return done;
  }

  void tell(const Destination& destination, const DestinationWait& wait) {
    if (std::exchange(told_[destination.name], wait.since) != wait.since) options_.on_wait(destination, wait);
  }

  void note(const StageResult& result, bool final) {
    const Key key{result.video_id, result.platform};
    if (final) over_.insert(key);
    const auto [found, first] = tried_.emplace(key, results_.size());
    if (first)
      results_.push_back(result);
    else
      results_[found->second] = result;
    options_.on_result(result);
  }

  // Without an attempt of its own: it was too soon, or there is something to be mended first.
  void add_untried() {
    for (const PlannedUpload& entry : plan_) {
      if (tried_.contains(key_of(entry))) continue;
      const DestinationWait* wait = waits_.find(entry.platform);
      if (taken_out_.contains(key_of(entry)))
        results_.push_back(done_by_others(entry));
      else if (is_paused(entry))
        results_.push_back(result_of(entry, UploadStatus::pending, Code::rate_limited,
                                     fmt::format("paused; to let it go: asfs-videos queue resume {}",
                                                 all_held_ ? std::string_view("--all") : entry.video_id)));
      else if (wait && entry.action != Action::skip)
        results_.push_back(result_of(entry, UploadStatus::pending, code_of(wait->why), reason_text(*wait)));
      else if (entry.action != Action::skip)
        results_.push_back(too_soon(entry));
      else if (entry.code != Code::blocked)
        results_.push_back(undone(entry));
    }
  }

  StageResult undone(const PlannedUpload& entry) {
    StageResult result = result_of(entry, UploadStatus::pending, entry.code, std::string(entry.reason));
    if (const auto row = registry_.get_upload_status(entry.video_id, entry.platform); row && *row) {
      result.status = parse_status((*row)->upload_status).value_or(UploadStatus::pending);
      result.retry_count = (*row)->retry_count;
    }
    return result;
  }

  /// Another program had it out of the queue: uploaded, or a person took it out.
  StageResult done_by_others(const PlannedUpload& entry) {
    StageResult result = result_of(entry, UploadStatus::pending, Code::failed, "taken out of the queue");
    const auto row = registry_.get_upload_status(entry.video_id, entry.platform);
    if (!row || !*row) return result;
    result.status = parse_status((*row)->upload_status).value_or(UploadStatus::pending);
    result.post_id = (*row)->platform_post_id;
    if (result.status == UploadStatus::success)
      result.error.reset();
    else if ((*row)->error_message)
      result.error->message = *(*row)->error_message;
    return result;
  }

  StageResult too_soon(const PlannedUpload& entry) {
    StageResult result =
        result_of(entry, UploadStatus::rate_limited, Code::rate_limited, std::string(entry.reason));
    if (options_.stop.stop_requested()) result.error->code = Code::cancelled;
    const RateLimits& limits = context_->config.limits(entry.platform);
    UploadLedger ledger(registry_);
    // The same for every upload to the platform: nothing is posted any more.
    auto& slot = slots_[std::string(entry.platform)];
    if (!slot) slot = ledger.next_post_time(entry.platform, limits).value_or(PostTime{context_->clock.now()});
    if (slot->at <= context_->clock.now()) return result;
    result.error->message = too_soon_text(entry.platform, *slot, limits);
    result.retry_at = std::max(slot->at, entry.at.value_or(slot->at));
    if (auto noted = ledger.note_rate_limited(entry.video_id, entry.platform, result.error->message); !noted)
      result.warning = noted.error().message;
    return result;
  }

  LiveContext live_;
  std::shared_ptr<const StageContext> context_;  ///< of this round
  const BulkOptions& options_;
  VideoRegistry& registry_;
  const std::int64_t run_ = new_queue_run();
  UploadPlan plan_;  ///< of this round
  bool first_round_ = true;
  bool all_held_ = false;                                              ///< the whole queue is paused
  std::map<Key, std::size_t> tried_;                                   ///< where its result stands
  std::set<Key> over_;                                                 ///< tried, and not again
  std::set<Key> taken_out_;                                            ///< of the queue, by a person
  std::set<Key> asked_;                                                ///< could go when a round began
  DestinationWaitList waits_{};                                        ///< after the last round
  std::map<std::string, std::optional<TimePoint>> told_;               ///< that it waits, since when
  std::map<std::string, std::optional<PostTime>, std::less<>> slots_;  ///< after the run
  std::vector<StageResult> results_;
};

}  // namespace

Result<std::vector<StageResult>> upload_clips(const StageContext& context, const BulkOptions& options) {
  auto registry = VideoRegistry::open(context.library, context.clock);
  if (!registry) return std::unexpected(registry.error());
  return Bulk(context, options, *registry).run();
}

Code bulk_code(const std::vector<StageResult>& results) {
  std::optional<Code> first;
  for (const StageResult& result : results) {
    if (!result.error) continue;
    const Code code = result.error->code;
    if (code == Code::failed || code == Code::not_found || code == Code::usage || code == Code::library)
      return code == Code::library ? code : Code::failed;
    if (!first) first = code;
  }
  return first.value_or(Code::failed);
}

}  // namespace asfs
