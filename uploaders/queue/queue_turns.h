// When what waits in the queue will go, as far as the limits tell, and what it waits for. The window's strip
// and the `queue` command show it; the runner does not ask it, it only looks at what is due.
//
// queue_turns() uses the registry's connection, so the registry's thread, and changes nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
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

/// Goes through it in the order of sending, as the runner does, and calls send(entry) for each, which takes
/// its slot out of `book` and sets `now` to it. `time_of` is asked for chosen and paused entries. Leaves the
/// rest out when it is stopped.
template <class Entry, class TimeOf, class Send>
void in_order_of_sending(DestinationLine<Entry>& line, const TimeOf& time_of, const PostTimes& book,
                         const TimePoint& now, const Send& send, const std::stop_token& stop = {}) {
  std::vector<TimePoint> times;
  for (const Entry& entry : line.chosen) times.push_back(time_of(entry));
  auto chosen = line.chosen.begin();
  auto paused = line.paused.begin();
  auto in_line = line.in_line.begin();
  std::size_t soon = 0;  // of the times: so many lie within the longest window
  while (!stop.stop_requested() &&
         (chosen != line.chosen.end() || paused != line.paused.end() || in_line != line.in_line.end())) {
    const TimePoint slot = book.next(now).at;
    const bool pause_first =
        paused != line.paused.end() && (in_line == line.in_line.end() || time_of(*paused) <= slot);
    const bool anybody = pause_first || in_line != line.in_line.end();
    const TimePoint at = pause_first ? book.next(std::max(now, time_of(*paused))).at : slot;
    if (chosen != line.chosen.end()) {
      const auto sent = static_cast<std::size_t>(chosen - line.chosen.begin());
      soon = std::max(soon, sent);
      while (soon < times.size() && times[soon] <= at + kLongestWindow) ++soon;
      if (!anybody || times[sent] <= at ||
          !book.leaves_room(at, std::span(times).subspan(sent, soon - sent))) {
        send(*chosen++);
        continue;
      }
    }
    send(pause_first ? *paused++ : *in_line++);
  }
}

}  // namespace asfs
