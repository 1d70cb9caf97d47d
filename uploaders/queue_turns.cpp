#include "uploaders/queue_turns.h"

#include <algorithm>
#include <array>

#include "registry/upload_ledger.h"
#include "uploaders/platforms.h"

namespace asfs {
namespace {

/// The queue keeps milliseconds, and a pause ends a little after the slot it waited for.
constexpr std::chrono::seconds kSameTime{1};

/// What waits on one platform, as indices of the items.
struct Line {
  std::vector<std::size_t> in_line, timed;
};

class Turns {
 public:
  Turns(std::span<const QueuedUpload> items, TimePoint now) : items_(items), now_(now), turns_(items.size()) {
    for (std::size_t i = 0; i < items.size(); ++i)
      if (const auto platform = platform_index(items[i].platform)) {
        Line& line = lines_[*platform];
        (items[i].not_before ? line.timed : line.in_line).push_back(i);
      }
  }

  bool needs(std::size_t platform) const {
    return !lines_[platform].in_line.empty() || !lines_[platform].timed.empty();
  }

  void walk(std::size_t platform, SlotBook book, bool hold, bool signed_in) {
    Line& line = lines_[platform];
    const auto time_of = [&](std::size_t i) { return *items_[i].not_before; };
    std::ranges::stable_sort(line.timed, {}, time_of);
    TimePoint now = now_;
    const auto send = [&](std::size_t i) {
      const Slot soonest = book.next(now);
      Slot slot = book.next(std::max(now, items_[i].not_before.value_or(now)));
      // Put back until the limits let it: that is what it waits for.
      if (slot.why == Slot::Why::free && slot.at - soonest.at < kSameTime) slot.why = soonest.why;
      turns_[i] = turn_of(items_[i], slot, signed_in);
      if (items_[i].held) return;  // those behind it do not wait for it
      now = slot.at;
      if (hold) book.take(slot.at);
    };
    in_order_of_sending<std::size_t>(line.in_line, line.timed, time_of, book, now, send);
  }

  std::vector<QueueTurn> take() { return std::move(turns_); }

 private:
  QueueTurn turn_of(const QueuedUpload& item, const Slot& slot, bool signed_in) const {
    using Why = QueueTurn::Why;
    QueueTurn turn;
    if (slot.at > now_) turn.at = slot.at;
    if (item.held) {
      turn.why = Why::held;
    } else if (!signed_in) {
      turn.why = Why::sign_in;
    } else if (slot.why != Slot::Why::free) {
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
  std::array<Line, kPlatformCount> lines_;
};

}  // namespace

Result<std::vector<QueueTurn>> queue_turns(VideoRegistry& registry, const Config& config, TimePoint now,
                                           std::span<const QueuedUpload> items,
                                           const PlatformChoice& signed_in) {
  Turns turns(items, now);
  UploadLedger ledger(registry);
  for (std::size_t p = 0; p < kPlatformCount; ++p) {
    if (!turns.needs(p)) continue;
    const RateLimits& limits = platforms()[p].limits(config);
    auto book = ledger.slots(kPlatformNames[p], limits);
    if (!book) return std::unexpected(book.error());
    turns.walk(p, *std::move(book), limits.hold, signed_in[p]);
  }
  return turns.take();
}

std::string reason_text(const QueueTurn& turn, const RateLimits& limits) {
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
    default:
      return "waits for its turn";
  }
}

}  // namespace asfs
