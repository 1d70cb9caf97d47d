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
  std::string_view video_id;
  std::string_view title;
  std::string_view platform;  ///< the destination
  std::string_view reason;
  std::string_view audience;    ///< who will see it, in words; "" where that is not looked at any more
  std::string_view warning;     ///< of its account, as account_warning() says it; "" for none
  std::optional<TimePoint> at;  ///< when it may start; nullopt for what is skipped, or paused
  std::uint64_t bytes = 0;
  std::optional<Schedule> schedule;  ///< its time in the series that was asked for
  Action action = Action::skip;
  /// Of what is skipped: blocked when it is done, or somebody is at it; else why it is left undone (failed:
  /// for good, or a person has to look).
  Code code = Code::blocked;
  bool running = false;  ///< skipped because somebody is at it
};

/// By platform, in the order of sending; what is skipped comes last.
struct UploadPlan {
  std::vector<PlannedUpload> uploads;
  std::vector<std::unique_ptr<Arena>> texts;  ///< what they are views of

  auto begin() const { return uploads.begin(); }
  auto end() const { return uploads.end(); }
  std::size_t size() const { return uploads.size(); }
  const PlannedUpload& operator[](std::size_t index) const { return uploads[index]; }
};

std::string_view name_of(PlannedUpload::Action action);

struct PlanOptions {
  DestinationChoice destinations = kEveryDestination;
  DestinationChoice signed_in = kEveryDestination;
  std::shared_ptr<const std::vector<std::string>> only;  ///< these videos; null: all
  std::optional<SlotSeries> series;  ///< not as soon as possible, but at these times, on each platform
  std::stop_token stop;              ///< Code::cancelled
};

/// What waits in the queue already takes its slots, also when it is not among those asked for. Times beyond
/// the first slots are estimates: they take an upload for an instant. Code::cancelled within 100 ms of a
/// stop.
Result<UploadPlan> plan_uploads(const StageContext& context, VideoRegistry& registry,
                                const PlanOptions& options);

/// What of it goes into the queue.
std::vector<QueueItem> items_of(const UploadPlan& plan);

}  // namespace asfs
