// What a bulk upload does with every video on every platform: now, at a time, or not, and why. The same list
// is shown before it starts (`plan`, the window's dialog) and worked off when it runs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "registry/queue/candidates.h"
#include "registry/queue/slot_series.h"
#include "uploaders/accounts/account_state.h"
#include "uploaders/stage/upload_stage.h"

namespace asfs {

struct PlannedUpload {
  enum class Action : std::uint8_t { upload, wait, skip };
  std::string video_id;
  std::string title;
  std::string platform;  ///< the destination
  Action action = Action::skip;
  std::optional<TimePoint> at;  ///< when it may start; nullopt for what is skipped, or paused
  std::string reason;
  std::string audience;  ///< who will see it, in words; "" where that is not looked at any more
  std::uint64_t bytes = 0;
  std::string warning;               ///< of its account, as account_warning() says it; "" for none
  std::optional<Schedule> schedule;  ///< its time in the series that was asked for
  /// Of what is skipped: blocked when it is done, or somebody is at it; else why it is left undone (failed:
  /// for good, or a person has to look).
  Code code = Code::blocked;
  bool running = false;  ///< skipped because somebody is at it
};

std::string_view name_of(PlannedUpload::Action action);

struct PlanOptions {
  DestinationChoice destinations = kEveryDestination;
  DestinationChoice signed_in = kEveryDestination;
  std::shared_ptr<const std::vector<std::string>> only;  ///< these videos; null: all
  std::optional<SlotSeries> series;  ///< not as soon as possible, but at these times, on each platform
  std::stop_token stop;              ///< Code::cancelled
};

/// By platform, in the order of sending; what is skipped comes last. What waits in the queue already takes
/// its slots, also when it is not among those asked for. Times beyond the first slots are
/// estimates: they take an upload for an instant. Code::cancelled within 100 ms of a stop.
Result<std::vector<PlannedUpload>> plan_uploads(const StageContext& context, VideoRegistry& registry,
                                                const PlanOptions& options);

/// What of it goes into the queue.
std::vector<QueueItem> items_of(const std::vector<PlannedUpload>& plan);

}  // namespace asfs
