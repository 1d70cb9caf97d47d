#include "uploaders/queue/queue_turns.h"

#include <algorithm>
#include <array>
#include <utility>

#include "registry/ledger/upload_ledger.h"
#include "uploaders/row/platforms.h"

namespace asfs {
namespace {

/// The queue keeps milliseconds, and a pause ends a little after the slot it waited for.
constexpr std::chrono::seconds kSameTime{1};

class Turns {
 public:
  Turns(std::span<const QueuedUpload> items, const Destinations& destinations, TimePoint now)
      : items_(items),
        now_(now),
        turns_(items.size()),
        lines_(destinations.size()),
        held_(destinations.size()) {
    for (std::size_t i = 0; i < items.size(); ++i)
      if (const auto place = destinations.index_of(items[i].platform)) line_of(*place, items[i]).push_back(i);
  }

  bool needs(std::size_t p) const {
    const auto& line = lines_[p];
    return !held_[p].empty() || !line.chosen.empty() || !line.paused.empty() || !line.in_line.empty();
  }

  void walk(std::size_t platform, PostTimes book, bool hold, bool signed_in, bool waits) {
    auto& line = lines_[platform];
    const auto time_of = [&](std::size_t i) { return *items_[i].not_before; };
    std::ranges::stable_sort(line.chosen, {}, time_of);
    std::ranges::stable_sort(line.paused, {}, time_of);
    TimePoint now = now_;
    const auto slot_of = [&](std::size_t i) {
      const PostTime soonest = book.next(now);
      PostTime slot = book.next(std::max(now, items_[i].not_before.value_or(now)));
      // Put back until the limits let it: that is what it waits for.
      if (slot.why == PostTime::Why::free && slot.at - soonest.at < kSameTime) slot.why = soonest.why;
      return slot;
    };
    for (const std::size_t i : held_[platform]) turns_[i] = turn_of(items_[i], slot_of(i), signed_in, waits);
    const auto send = [&](std::size_t i) {
      const PostTime slot = slot_of(i);
      turns_[i] = turn_of(items_[i], slot, signed_in, waits);
      now = slot.at;
      if (hold) book.take(slot.at);
    };
    in_order_of_sending(line, time_of, book, now, send);
  }

  std::vector<QueueTurn> take() { return std::move(turns_); }

 private:
  /// Those behind what is held do not wait for it.
  std::vector<std::size_t>& line_of(std::size_t platform, const QueuedUpload& item) {
    if (item.held) return held_[platform];
    auto& line = lines_[platform];
    if (!item.not_before) return line.in_line;
    return item.schedule ? line.chosen : line.paused;
  }

  QueueTurn turn_of(const QueuedUpload& item, const PostTime& slot, bool signed_in, bool waits) const {
    using Why = QueueTurn::Why;
    QueueTurn turn;
    if (slot.at > now_) turn.at = slot.at;
    if (item.held) {
      turn.why = Why::held;
    } else if (!signed_in) {
      turn.why = Why::sign_in;
    } else if (waits && !(item.schedule && item.not_before && *item.not_before > now_)) {
      turn.why = Why::platform;
    } else if (slot.why != PostTime::Why::free) {
      turn.why = Why::limit;
      turn.limit = slot.why;
    } else if (item.not_before && *item.not_before > now_) {
      turn.why = item.schedule && item.schedule->at == *item.not_before ? Why::scheduled : Why::pause;
    }
    return turn;
  }

  const std::span<const QueuedUpload> items_;
  const TimePoint now_;
  std::vector<QueueTurn> turns_;
  std::vector<DestinationLine<std::size_t>> lines_;
  std::vector<std::vector<std::size_t>> held_;
};

}  // namespace

Result<std::vector<QueueTurn>> queue_turns(VideoRegistry& registry, const Config& config, TimePoint now,
                                           std::span<const QueuedUpload> items,
                                           const DestinationChoice& signed_in,
                                           const DestinationWaitList& waits) {
  const Destinations& destinations = config.destinations;
  Turns turns(items, destinations, now);
  UploadLedger ledger(registry);
  for (std::size_t p = 0; p < destinations.size(); ++p) {
    if (!turns.needs(p)) continue;
    const std::string& name = destinations[p].name;
    const RateLimits& limits = config.limits(name);
    auto book = ledger.post_times(name, limits);
    if (!book) return std::unexpected(book.error());
    turns.walk(p, *std::move(book), limits.hold, signed_in[p], waits.find(name) != nullptr);
  }
  return turns.take();
}

std::string reason_text(const QueueTurn& turn, const RateLimits& limits, const DestinationWait* wait) {
  switch (turn.why) {
    case QueueTurn::Why::scheduled:
      return "scheduled";
    case QueueTurn::Why::pause:
      return "a pause before the next try";
    case QueueTurn::Why::limit:
      return reason_text(turn.limit, limits);
    case QueueTurn::Why::held:
      return "paused";
    case QueueTurn::Why::sign_in:
      return "waits for a sign-in";
    case QueueTurn::Why::platform:
      return wait ? reason_text(*wait) : "waits for the platform";
    case QueueTurn::Why::ready:
      return "waits for its turn";
  }
  std::unreachable();
}

}  // namespace asfs
