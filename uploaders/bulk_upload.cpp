#include "uploaders/bulk_upload.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "uploaders/platforms.h"

namespace asfs {
namespace {

using Action = PlannedUpload::Action;
using Key = std::pair<std::string, std::string>;

Key key_of(const PlannedUpload& entry) {
  return {entry.video_id, std::string(entry.platform)};
}

StageResult result_of(const PlannedUpload& entry, UploadStatus status, Code code) {
  StageResult result;
  result.video_id = entry.video_id;
  result.platform = entry.platform;
  result.status = status;
  result.retry_at = entry.at;
  result.error = Error{code, entry.reason};
  return result;
}

class Bulk {
 public:
  Bulk(const StageContext& context, const BulkOptions& options, VideoRegistry& registry)
      : context_(context), options_(options), registry_(registry) {}

  Result<std::vector<StageResult>> run() {
    auto plan = plan_uploads(context_, registry_, options_.plan);
    if (!plan) return std::unexpected(plan.error());
    UploadQueue queue(registry_, context_.config.practice);
    if (auto cleared = queue.remove_sessions(); !cleared) return std::unexpected(cleared.error());
    if (auto added = queue.add(items_of(*plan), UploadQueue::For::this_process); !added)
      return std::unexpected(added.error());
    const auto done = run_queue(*plan);
    const auto cleared = queue.remove_sessions();
    if (!done) return std::unexpected(done.error());
    if (!cleared) return std::unexpected(cleared.error());
    add_untried(*plan);
    return std::move(results_);
  }

 private:
  Result<void> run_queue(const std::vector<PlannedUpload>& plan) {
    using Until = RunnerOptions::Until;
    QueueRunner runner(context_, {.until = options_.wait ? Until::nothing_left : Until::nothing_due,
                                  .platforms = options_.plan.platforms,
                                  .per_platform = options_.per_platform,
                                  .in_all = options_.in_all,
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
    options_.on_result(result);
  }

  // Without an attempt of its own: it was too soon, or there is something to be mended first.
  void add_untried(const std::vector<PlannedUpload>& plan) {
    for (const PlannedUpload& entry : plan) {
      if (tried_.contains(key_of(entry))) continue;
      if (entry.action != Action::skip)
        results_.push_back(too_soon(entry));
      else if (entry.code != Code::blocked)
        results_.push_back(result_of(entry, UploadStatus::pending, entry.code));
    }
  }

  StageResult too_soon(const PlannedUpload& entry) {
    StageResult result = result_of(entry, UploadStatus::rate_limited, Code::rate_limited);
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
  std::map<Key, std::size_t> tried_;                       ///< where its result stands
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
