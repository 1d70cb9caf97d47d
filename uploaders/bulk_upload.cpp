#include "uploaders/bulk_upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "uploaders/platforms.h"

namespace asfs {
namespace {

using Action = PlannedUpload::Action;
using Key = std::pair<std::string, std::string>;

Key key_of(const PlannedUpload& entry) {
  return {entry.video_id, std::string(entry.platform)};
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

/// For what other processes have begun.
constexpr std::chrono::seconds kWaitForOthers{5};

class Bulk {
 public:
  Bulk(const StageContext& context, const BulkOptions& options, VideoRegistry& registry)
      : context_(context), options_(options), registry_(registry) {}

  Result<std::vector<StageResult>> run() {
    for (;;) {
      const std::size_t tried = tried_.size();
      const auto plan = round();
      if (!plan) return std::unexpected(plan.error());
      if (!options_.wait || options_.stop.stop_requested() || !is_left(*plan)) {
        add_untried(*plan);
        return std::move(results_);
      }
      // Somebody else is at the rest, and may die before it is done.
      if (tried == tried_.size()) context_.clock.wait(kWaitForOthers, options_.stop);
    }
  }

 private:
  /// Plans what has not been tried yet, and works it off as far as it is this run's.
  Result<std::vector<PlannedUpload>> round() {
    auto plan = plan_uploads(context_, registry_, options_.plan);
    if (!plan) return plan;
    std::erase_if(*plan, [this](const PlannedUpload& entry) { return is_over(entry); });
    UploadQueue queue(registry_, run_);
    auto cleared = queue.remove_sessions();
    if (!cleared) return std::unexpected(cleared.error());
    if (auto added = queue.add(items_of(*plan), UploadQueue::For::this_run); !added)
      return std::unexpected(added.error());
    const auto before = in_queue(queue);
    const auto done = before ? run_queue(*plan) : std::unexpected(before.error());
    const auto after = in_queue(queue);
    cleared = queue.remove_sessions();
    if (!done) return std::unexpected(done.error());
    if (!after) return std::unexpected(after.error());
    if (!cleared) return std::unexpected(cleared.error());
    std::ranges::set_difference(*before, *after, std::inserter(taken_out_, taken_out_.end()));
    return plan;
  }

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
    return tried_.contains(key_of(entry)) || taken_out_.contains(key_of(entry));
  }

  /// Not what is paused, which has no time, nor what waits for a login.
  bool is_left(const std::vector<PlannedUpload>& plan) const {
    return std::ranges::any_of(plan, [&](const PlannedUpload& entry) {
      return !is_over(entry) && (entry.running || entry.at) && !no_login_[*platform_index(entry.platform)];
    });
  }

  Result<void> run_queue(const std::vector<PlannedUpload>& plan) {
    using Until = RunnerOptions::Until;
    PlatformChoice usable = options_.plan.platforms;
    for (std::size_t p = 0; p < kPlatformCount; ++p) usable[p] = usable[p] && !no_login_[p];
    QueueRunner runner(context_, {.until = options_.wait ? Until::nothing_left : Until::nothing_due,
                                  .platforms = usable,
                                  .at_once = options_.at_once,
                                  .at_once_per_platform = options_.at_once_per_platform,
                                  .run = run_,
                                  .stop = options_.stop,
                                  .on_result = [this](const RunningUpload&, const StageResult& result, bool) {
                                    note(result);
                                  }});
    options_.on_start(plan, runner);
    auto done = runner.run();
    options_.on_end();
    return done;
  }

  void note(const StageResult& result) {
    const auto [found, first] = tried_.emplace(Key{result.video_id, result.platform}, results_.size());
    if (first)
      results_.push_back(result);
    else
      results_[found->second] = result;
    if (result.error && result.next == NextStep::sign_in) no_login_[*platform_index(result.platform)] = true;
    options_.on_result(result);
  }

  // Without an attempt of its own: it was too soon, or there is something to be mended first.
  void add_untried(const std::vector<PlannedUpload>& plan) {
    for (const PlannedUpload& entry : plan) {
      if (tried_.contains(key_of(entry))) continue;
      if (taken_out_.contains(key_of(entry)))
        results_.push_back(done_by_others(entry));
      else if (no_login_[*platform_index(entry.platform)])
        results_.push_back(result_of(entry, UploadStatus::pending, Code::needs_login,
                                     fmt::format("{} waits for a sign-in", entry.platform)));
      else if (entry.action != Action::skip)
        results_.push_back(too_soon(entry));
      else if (entry.code != Code::blocked)
        results_.push_back(undone(entry));
    }
  }

  StageResult undone(const PlannedUpload& entry) {
    StageResult result = result_of(entry, UploadStatus::pending, entry.code, entry.reason);
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
    StageResult result = result_of(entry, UploadStatus::rate_limited, Code::rate_limited, entry.reason);
    if (options_.stop.stop_requested()) result.error->code = Code::cancelled;
    const RateLimits& limits = find_platform(entry.platform)->limits(context_.config);
    UploadLedger ledger(registry_);
    // The same for every upload to the platform: nothing is posted any more.
    auto& slot = slots_[*platform_index(entry.platform)];
    if (!slot) slot = ledger.next_slot(entry.platform, limits).value_or(Slot{context_.clock.now()});
    if (slot->at <= context_.clock.now()) return result;
    result.error->message = too_soon_text(entry.platform, *slot, limits);
    result.retry_at = std::max(slot->at, entry.at.value_or(slot->at));
    if (auto noted = ledger.note_rate_limited(entry.video_id, entry.platform, result.error->message); !noted)
      result.warning = noted.error().message;
    return result;
  }

  const StageContext& context_;
  const BulkOptions& options_;
  VideoRegistry& registry_;
  const std::int64_t run_ = new_queue_run();
  std::map<Key, std::size_t> tried_;                       ///< where its result stands
  std::set<Key> taken_out_;                                ///< of the queue, by a person
  PlatformChoice no_login_{};                              ///< found out on the way
  std::array<std::optional<Slot>, kPlatformCount> slots_;  ///< after the run
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
