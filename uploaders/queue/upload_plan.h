// What a bulk upload does with every video on every platform: now, at a time, or not, and why. The same list
// is shown before it starts (`plan`, the window's dialog) and worked off when it runs.
#pragma once

#include <cstddef>
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
  std::vector<std::vector<PlannedUpload>>
      lists;  ///< one after another: hundreds of thousands stay where they are
  std::vector<std::unique_ptr<Arena>> texts;  ///< what they are views of

  std::size_t size() const;
  const PlannedUpload& operator[](std::size_t index) const;  ///< below size()

  class Iterator {
   public:
    using value_type = PlannedUpload;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const UploadPlan& plan, std::size_t at) : plan_(&plan), at_(at) {}
    const PlannedUpload& operator*() const { return (*plan_)[at_]; }
    Iterator& operator++() { return ++at_, *this; }
    Iterator operator++(int) { return {*plan_, at_++}; }
    bool operator==(const Iterator&) const = default;

   private:
    const UploadPlan* plan_ = nullptr;
    std::size_t at_ = 0;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }
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
