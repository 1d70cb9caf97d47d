// When what waits in the queue will go, as far as the limits tell, and what it waits for. The window's strip
// and the `queue` command show it; the runner does not ask it, it only looks at what is due.
//
// queue_turns() uses the registry's connection, so the registry's thread, and changes nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "registry/queue/candidates.h"
#include "registry/queue/destination_waits.h"
#include "registry/queue/upload_queue.h"
#include "registry/store/rate_limits.h"
#include "uploaders/stage/upload_stage.h"

namespace asfs {

struct QueueTurn {
  enum class Why : std::uint8_t {
    ready,      ///< as soon as a hand is free
    scheduled,  ///< for the time a person chose
    pause,      ///< before the next try
    limit,      ///< `limit` says for which
    held,       ///< until a person lets it go
    sign_in,    ///< its account cannot be used
    platform,   ///< everything for the platform waits: DestinationWait says for what
  };
  Why why = Why::ready;
  PostTime::Why limit = PostTime::Why::free;
  /// About when; when it would go where a person has to do something first. The epoch: now.
  TimePoint at;

  /// It is not known when: something has to be done or to happen first.
  bool open_ended() const { return why == Why::held || why == Why::sign_in || why == Why::platform; }
  bool operator==(const QueueTurn&) const = default;
};

/// One for each of `items`, which are in the order of UploadQueue::list(). An upload is taken for an instant.
Result<std::vector<QueueTurn>> queue_turns(VideoRegistry& registry, const Config& config, TimePoint now,
                                           std::span<const QueuedUpload> items,
                                           const DestinationChoice& signed_in,
                                           const DestinationWaitList& waits);

/// `scheduled`, `one upload every 60 minutes`, `waits for a sign-in`, `offline since 14:05`.
std::string reason_text(const QueueTurn& turn, const RateLimits& limits, const DestinationWait* wait);

/// What waits on one platform. Times that people chose go before pauses that are over, those before the line,
/// and nobody takes a slot of which that would make a chosen time later.
template <class Entry>
struct DestinationLine {
  std::vector<Entry> chosen, paused;  ///< ascending by their times
  std::vector<Entry> in_line;         ///< by place
};

/// Goes through a line in the order of sending, as the runner does.
template <class Entry>
class LineInOrder {
 public:
  /// The line outlives it and stays as it is. `time_of` is asked for chosen and paused entries.
  template <class TimeOf>
  LineInOrder(DestinationLine<Entry>& line, const TimeOf& time_of, PostTimes book, TimePoint now)
      : line_(line), book_(std::move(book)), now_(now) {
    for (const Entry& entry : line.chosen) chosen_times_.push_back(time_of(entry));
    for (const Entry& entry : line.paused) paused_times_.push_back(time_of(entry));
  }

  /// Whose turn it is after all that was sent; nullptr: nobody is left.
  Entry* next() {
    const TimePoint slot = book_.next(now_).at;
    const bool any_in_line = in_line_ < line_.in_line.size();
    const bool pause_first =
        paused_ < paused_times_.size() && (!any_in_line || paused_times_[paused_] <= slot);
    if (chosen_ < chosen_times_.size()) {
      const TimePoint at = pause_first ? book_.next(std::max(now_, paused_times_[paused_])).at : slot;
      const std::span times(chosen_times_);
      soon_ = std::max(soon_, chosen_);
      while (soon_ < times.size() && times[soon_] <= at + kLongestWindow) ++soon_;
      if ((!pause_first && !any_in_line) || times[chosen_] <= at ||
          !book_.leaves_room(at, times.subspan(chosen_, soon_ - chosen_)))
        return turn_of(&LineInOrder::chosen_, line_.chosen);
    }
    if (pause_first) return turn_of(&LineInOrder::paused_, line_.paused);
    return any_in_line ? turn_of(&LineInOrder::in_line_, line_.in_line) : nullptr;
  }

  const PostTimes& book() const { return book_; }
  TimePoint now() const { return now_; }

  /// next() went at this time, and takes its slot.
  void sent(TimePoint at) {
    ++(this->*turn_);
    now_ = at;
    book_.take(at);
  }
  /// Another account of the same app was posted to, no later than next() can be.
  void sent_by_app(TimePoint at) { book_.take_by_app(at); }

 private:
  Entry* turn_of(std::size_t LineInOrder::*sent, std::vector<Entry>& list) {
    turn_ = sent;
    return &list[this->*sent];
  }

  DestinationLine<Entry>& line_;
  PostTimes book_;
  TimePoint now_;
  std::vector<TimePoint> chosen_times_, paused_times_;
  std::size_t chosen_ = 0, paused_ = 0, in_line_ = 0;  ///< so many went
  std::size_t soon_ = 0;  ///< of the chosen times: so many lie within the longest window
  std::size_t LineInOrder::*turn_ = nullptr;
};

/// The places of destinations, those together that one app posts to.
std::vector<std::vector<std::size_t>> apps_of(const Config& config);

/// Sends what waits on destinations of one app: what can go soonest first, and it counts for the others. A
/// Line tells its soonest() time, nullopt when nothing is left; send() takes it. Leaves the rest out when it
/// is stopped.
template <class Line>
void send_in_turn(const std::vector<Line*>& lines, const std::stop_token& stop = {}) {
  while (!stop.stop_requested()) {
    Line* first = nullptr;
    TimePoint first_at;
    for (Line* line : lines)
      if (const std::optional<TimePoint> at = line->soonest(); at && (first == nullptr || *at < first_at))
        first = line, first_at = *at;
    if (first == nullptr) return;
    first->send();
    for (Line* line : lines)
      if (line != first) line->sent_by_app(first_at);
  }
}

}  // namespace asfs
