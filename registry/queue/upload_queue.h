// The uploads that are asked for: what comes next, when, and in which order. It lies in the library, so that
// it outlives the process, and several processes can work on it at once.
//
// An item is only a wish. Whether it may be sent is the ledger's word: claim() keeps two processes, and two
// posts, apart. take() lends an item to its caller for kLent; one whose caller died is due again after that,
// or as soon as somebody asks for it by take_back_lent().
//
// Uses the registry's connection, so the registry's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/videos/video_registry.h"

namespace asfs {

inline constexpr std::chrono::minutes kLent{10};
/// A slot is missed when it is over for so long and nobody was there to use it.
inline constexpr std::chrono::minutes kMissedAfter{10};

/// When an item is to be sent, as a person asked.
struct Schedule {
  enum class IfMissed : std::uint8_t { now, next };
  TimePoint at;
  IfMissed if_missed = IfMissed::now;
  std::chrono::seconds every{0};  ///< distance of the slots; whole days keep the local time of day. 0: a day
};

struct QueueItem {
  std::string video_id;
  std::string platform;
  std::string metadata_json = "{}";
  bool by_hand = false;              ///< a person asked for this very one: FAILED_FINAL is tried again
  std::optional<Schedule> schedule;  ///< nullopt: as soon as the limits let it
};

struct QueuedUpload : QueueItem {
  std::int64_t place = 0;               ///< those without a time go by this
  std::optional<TimePoint> not_before;  ///< scheduled, or a pause after a failure, or taken by somebody
  bool held = false;
  bool of_another_run = false;  ///< nobody else may take it
  std::string title;            ///< of the video; only list() reads it
};

class UploadQueue {
 public:
  enum class For : std::uint8_t {
    everybody,  ///< any run may take it
    this_run,   ///< dies with this run, or its process; what is added takes the place of what it had
  };

  /// `run` tells several workers of one process apart (new_queue_run()); 0 for those who share everything.
  explicit UploadQueue(VideoRegistry& registry, std::int64_t run = 0) : registry_(registry), run_(run) {}

  /// Puts items at the end, all or none; those added together are one series. An item that is there already
  /// keeps its place, and gets the new time and words if the new one has them. How many were not there
  /// before.
  Result<int> add(std::span<const QueueItem> items, For whom = For::everybody);

  enum class Which : std::uint8_t { any, chosen_time };
  /// Lends the next due item of a platform to this run: what goes by a time that a person chose and is due
  /// goes first, the oldest time first; then pauses that are over; then by place. Missed slots of
  /// `IfMissed::next` are moved first, with their whole series.
  Result<std::optional<QueuedUpload>> take(std::string_view platform, Which which = Which::any);
  /// What is lent to processes that have ended is due again: how many.
  Result<int> take_back_lent();
  /// After the clock was put back: a pause that no pause of ours can be is over.
  Result<void> mend_pauses();
  /// When take() may have something: now or earlier when it has; nullopt when nothing is waiting.
  Result<std::optional<TimePoint>> next_ready(std::string_view platform);
  /// The times that people chose, after now and up to `until`, ascending: those that are not paused.
  Result<std::vector<TimePoint>> chosen_times(std::string_view platform, TimePoint until);
  /// Whether take() has something that goes by a chosen time.
  Result<bool> is_chosen_due(std::string_view platform);
  /// Back into the queue; not before `until`. nullopt: to its time, or its place in the line.
  Result<void> put_back(std::string_view video_id, std::string_view platform, std::optional<TimePoint> until);
  /// Done or given up. False when it is not there.
  Result<bool> remove(std::string_view video_id, std::string_view platform);
  /// These videos from every platform.
  Result<int> remove(std::span<const std::string> video_ids);
  Result<int> remove_all();
  /// Of this run alone, and of processes that have ended.
  Result<int> remove_of_this_run();

  // What a person decides about an item is kept: it outlives the run that put it there.
  Result<bool> hold(std::string_view video_id, std::string_view platform, bool held);
  /// Everything that waits, and `held` what is added from now on, too, until all are let go.
  Result<int> hold_all(bool held);
  /// Whether what is added is held.
  Result<bool> is_held();
  enum class Move : std::uint8_t { first, up, down, last };
  /// Among those without a time on the same platform; `up` and `down` by one. False when it is not there, or
  /// goes by a time.
  Result<bool> move(std::string_view video_id, std::string_view platform, Move where);
  /// Another time, as a series of its own; nullopt: none any more. A pause after a failure stays. False when
  /// it is not there.
  Result<bool> reschedule(std::string_view video_id, std::string_view platform,
                          const std::optional<Schedule>& schedule);

  /// The cap on the upload speed of every program that works the queue off, in bytes per second; 0: none.
  Result<std::uint64_t> speed_limit();
  Result<void> set_speed_limit(std::uint64_t bytes_per_second);

  /// Another one whenever anything in the queue has changed, whoever did it: cheap to ask.
  Result<std::int64_t> version();
  /// In the order of sending: by time, then by place. Titles take most of the time.
  enum class Titles : std::uint8_t { read, left_out };
  Result<std::vector<QueuedUpload>> list(Titles titles = Titles::read);
  Result<std::optional<QueuedUpload>> find(std::string_view video_id, std::string_view platform);

 private:
  VideoRegistry& registry_;
  const std::int64_t run_;
};

/// A number no other run of this process has.
std::int64_t new_queue_run();

/// The slots of a schedule: `count` times from `first`, `every` apart, each later by up to `spread` as
/// `random` (0 to 1) says. Whole days keep the local time of day.
std::vector<TimePoint> slots_of(TimePoint first, std::chrono::seconds every, std::chrono::seconds spread,
                                std::size_t count, const std::function<double()>& random);

}  // namespace asfs
