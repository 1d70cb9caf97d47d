// Stage 10 for many videos: everything that is planned (upload_plan.h), through the queue, as fast as the
// limits let it. Behind `upload --all-pending`, `watch`, and stages that upload what they made.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "uploaders/queue/queue_runner.h"
#include "uploaders/queue/upload_plan.h"

namespace asfs {

struct BulkOptions {
  PlanOptions plan;  ///< without a series
  /// Until nothing is left, through cooldowns, retries and what platforms wait for: also what other processes
  /// have begun, should they end before it is done, and what a person has paused since it began. Not what was
  /// paused before.
  bool wait = false;
  int at_once = 0;  ///< as RunnerOptions
  int at_once_per_platform = 0;
  std::stop_token stop;
  std::function<void(const StageResult&)> on_result = [](const StageResult&) {};
  /// As RunnerOptions.
  std::function<void(const Destination&, const DestinationWait&)> on_wait = [](const Destination&,
                                                                               const DestinationWait&) {};
  std::function<void(const Error&)> on_trouble = [](const Error&) {};
  /// Called with what is to be done, and the runner to watch, which lives until on_end; once for each round.
  std::function<void(const UploadPlan&, const QueueRunner&)> on_start = [](const auto&, const auto&) {};
  std::function<void()> on_end = [] {};
};

/// One result for each upload that was asked for, the last one where it was tried again: first what was
/// tried, then what could not go now (RATE_LIMITED with the time) or at all (missing, too long, not signed
/// in, paused, offline, failed for good, unclear and to be looked at by a person). What is posted was not
/// asked for. What is left when it ends is not in the queue any more, except what others put there, and what
/// a person has paused or given a time.
Result<std::vector<StageResult>> upload_clips(const StageContext& context, const BulkOptions& options);

/// For all together: 1 when one failed, else the first reason why one is not done.
Code bulk_code(const std::vector<StageResult>& results);

}  // namespace asfs
