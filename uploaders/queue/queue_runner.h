// Works off the library's queue: takes what is due, uploads it, and decides by the result whether the item is
// done, waits, or is given up. As fast as the limits let it and no faster; window, `watch` and the bulk
// command each have one, and several processes may run one on the same library.
//
// run() blocks its caller's thread and starts one std::async task per upload; all have ended when it returns.
// The other functions may be called from any thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/queue/candidates.h"
#include "registry/queue/destination_waits.h"
#include "registry/queue/upload_queue.h"
#include "uploaders/accounts/account_state.h"
#include "uploaders/queue/running_upload.h"
#include "uploaders/stage/live_context.h"
#include "uploaders/stage/upload_stage.h"

namespace asfs {

struct RunnerOptions {
  enum class Until : std::uint8_t {
    nothing_due,   ///< what cannot go now is left in the queue
    nothing_left,  ///< through cooldowns, retries and what platforms wait for; not for what is paused
    stopped,       ///< and takes over what processes that end leave unfinished
  };
  Until until = Until::stopped;
  DestinationChoice destinations = kEveryDestination;
  int at_once = 0;  ///< uploads that run in all, and on one platform; 0: as the config says
  int at_once_per_platform = 0;
  std::int64_t run = 0;     ///< new_queue_run() of who has items of its own in the queue
  bool try_at_once = true;  ///< what platforms wait for may be over: one upload tries when the run begins
  std::stop_token stop;     ///< uploads stop where they can be resumed; their items stay in the queue
  /// Called on run()'s thread after each upload. `final`: the queue is done with it.
  std::function<void(const RunningUpload&, const StageResult&, bool final)> on_result =
      [](const RunningUpload&, const StageResult&, bool) {};
  /// Called on run()'s thread when a platform, as a whole, begins to wait, or waits already when the run
  /// begins.
  std::function<void(const Destination&, const DestinationWait&)> on_wait = [](const Destination&,
                                                                               const DestinationWait&) {};
  /// Called on run()'s thread, once, when a changed configuration cannot be used.
  std::function<void(const Error&)> on_trouble = [](const Error&) {};
  /// Called on any thread when other uploads run than before.
  std::function<void()> on_change = [] {};
};

/// Uploads of processes that have ended come into the queue again, as the first, to be looked up: how many.
Result<int> pick_up_unfinished(VideoRegistry& registry, const Destinations& destinations,
                               const DestinationChoice& chosen);

class QueueRunner {
 public:
  QueueRunner(StageContext context, RunnerOptions options);

  /// Only the library can make it fail.
  Result<void> run();

  /// The queue, an account or the clock has changed.
  void wake();
  RunningUploads running() const;
  /// Stops one that runs, where it can be resumed; false when it does not run.
  bool cancel(std::string_view video_id, std::string_view platform);
  /// A platform that waits, for a login or something else, is tried again.
  void go_on(std::size_t destination);
  /// What platforms wait for, as of the last round.
  DestinationWaitList waits() const;
  /// The newest configuration; it lives as long as it is held.
  std::shared_ptr<const StageContext> context() const { return live_.get(); }

 private:
  struct Done {
    std::shared_ptr<RunningUpload> upload;
    StageResult result;
  };

  UploadQueue queue(VideoRegistry& registry) const;
  Result<void> pick_up_sometimes(VideoRegistry& registry);
  Result<void> work_off(VideoRegistry& registry);
  Result<void> dispatch(VideoRegistry& registry);
  Result<void> look_at_waits(VideoRegistry& registry);
  Result<void> hear_of_bytes(DestinationWaits& waits, const DestinationWaitList& list);
  bool is_mended(std::size_t destination);
  bool has_room(std::size_t destination) const;
  Result<bool> start_one(VideoRegistry& registry, std::size_t destination);
  /// What may be sent now, and what it leaves room for.
  struct Chance {
    UploadQueue::Which which = UploadQueue::Which::any;
    std::vector<TimePoint> chosen_times;
    bool after_offline = false;
  };
  Result<std::optional<Chance>> chance_of(VideoRegistry& registry, std::size_t destination);
  Result<bool> may_probe(VideoRegistry& registry, std::size_t destination, const DestinationWait& wait);
  Result<PostTimes> post_times(VideoRegistry& registry, std::size_t destination) const;
  void start(std::shared_ptr<RunningUpload> upload);
  Result<StageResult> result_of(RunningUpload& upload, const StageContext& context);
  void run_one(const std::shared_ptr<RunningUpload>& upload, const StageContext& context);
  void ended(const std::shared_ptr<RunningUpload>& upload, StageResult result);
  Result<bool> settle(VideoRegistry& registry, const Done& done);
  Result<void> settle_finished(VideoRegistry& registry);
  bool over() const;
  void rest();
  void not_before(TimePoint at);
  const Destinations& destinations() const { return context_->config.destinations; }
  const std::string& name_at(std::size_t destination) const { return destinations()[destination].name; }

  LiveContext live_;
  std::shared_ptr<const StageContext> context_;  ///< of this round
  const RunnerOptions options_;
  TimePoint pick_up_at_{};  ///< when the dead are looked for again
  TimePoint last_round_ =
      TimePoint::max();          ///< when it began: the clock may be put back, before the first, too
  DestinationChoice insists_{};  ///< a person has it tried in this round
  bool due_ = false;             ///< the last round started something
  bool left_ = false;            ///< something is in the queue that can go later
  std::array<std::optional<TimePoint>, kMostDestinations>
      told_{};  ///< since when it waits, told to the person
  /// Of a platform that waits: how its account's files were when that was last looked at.
  std::array<std::optional<AccountState>, kMostDestinations> accounts_{};
  std::optional<TimePoint> next_round_;  ///< what the last round found worth waiting for
  std::list<std::future<void>> tasks_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  RunningUploads active_;
  std::vector<Done> finished_;
  DestinationChoice go_on_{};
  DestinationWaitList waits_{};
  std::stop_source nap_;
  bool woken_ = false;
};

}  // namespace asfs
