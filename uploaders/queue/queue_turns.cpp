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

/// What waits on one destination; its turns are written into `turns`, by the place of the item.
class LineTurns {
 public:
  LineTurns(std::span<const QueuedUpload> items, TimePoint now, std::vector<QueueTurn>& turns)
      : items_(items), now_(now), turns_(turns) {}

  void add(std::size_t i) { line_of(items_[i]).push_back(i); }
  bool empty() const {
    return held_.empty() && line_.chosen.empty() && line_.paused.empty() && line_.in_line.empty();
  }

  void begin(PostTimes book, bool signed_in, bool waits) {
    signed_in_ = signed_in;
    waits_ = waits;
    const auto time_of = [&](std::size_t i) { return *items_[i].not_before; };
    std::ranges::stable_sort(line_.chosen, {}, time_of);
    std::ranges::stable_sort(line_.paused, {}, time_of);
    order_.emplace(line_, time_of, std::move(book), now_);
    for (const std::size_t i : held_) turns_[i] = turn_of(items_[i], slot_of(i));
  }
  std::optional<TimePoint> soonest() {
    next_ = order_->next();
    if (next_ == nullptr) return std::nullopt;
    slot_ = slot_of(*next_);
    return slot_.at;
  }
  void send() {
    turns_[*next_] = turn_of(items_[*next_], slot_);
    order_->sent(slot_.at);
  }
  void sent_by_app(TimePoint at) { order_->sent_by_app(at); }

 private:
  /// Those behind what is held do not wait for it.
  std::vector<std::size_t>& line_of(const QueuedUpload& item) {
    if (item.held) return held_;
    if (!item.not_before) return line_.in_line;
    return item.schedule ? line_.chosen : line_.paused;
  }

  PostTime slot_of(std::size_t i) const {
    const TimePoint now = order_->now();
    const PostTime soonest = order_->book().next(now);
    PostTime slot = order_->book().next(std::max(now, items_[i].not_before.value_or(now)));
    // Put back until the limits let it: that is what it waits for.
    if (slot.why == PostTime::Why::free && slot.at - soonest.at < kSameTime) slot.why = soonest.why;
    return slot;
  }

  QueueTurn turn_of(const QueuedUpload& item, const PostTime& slot) const {
    using Why = QueueTurn::Why;
    QueueTurn turn;
    if (slot.at > now_) turn.at = slot.at;
    if (item.held) {
      turn.why = Why::held;
    } else if (!signed_in_) {
      turn.why = Why::sign_in;
    } else if (waits_ && !(item.schedule && item.not_before && *item.not_before > now_)) {
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
  std::vector<QueueTurn>& turns_;
  DestinationLine<std::size_t> line_;
  std::vector<std::size_t> held_;
  std::optional<LineInOrder<std::size_t>> order_;
  bool signed_in_ = true, waits_ = false;
  const std::size_t* next_ = nullptr;  ///< of soonest(), like the next
  PostTime slot_;
};

}  // namespace

std::vector<std::vector<std::size_t>> apps_of(const Config& config) {
  const Destinations& destinations = config.destinations;
  std::vector<std::vector<std::size_t>> apps;
  std::vector<bool> known(destinations.size());
  for (std::size_t p = 0; p < destinations.size(); ++p) {
    if (known[p]) continue;
    apps.push_back({p});
    for (const std::string& other : config.limits(destinations[p].name).app_shared)
      if (const auto place = destinations.index_of(other))
        apps.back().push_back(*place), known[*place] = true;
  }
  return apps;
}

Result<std::vector<QueueTurn>> queue_turns(VideoRegistry& registry, const Config& config, TimePoint now,
                                           std::span<const QueuedUpload> items,
                                           const DestinationChoice& signed_in,
                                           const DestinationWaitList& waits) {
  const Destinations& destinations = config.destinations;
  std::vector<QueueTurn> turns(items.size());
  std::vector<LineTurns> lines(destinations.size(), LineTurns(items, now, turns));
  for (std::size_t i = 0; i < items.size(); ++i)
    if (const auto place = destinations.index_of(items[i].platform)) lines[*place].add(i);
  UploadLedger ledger(registry);
  for (const auto& app : apps_of(config)) {
    std::vector<LineTurns*> together;
    for (const std::size_t p : app) {
      if (lines[p].empty()) continue;
      const std::string& name = destinations[p].name;
      auto book = ledger.post_times(name, config.limits(name));
      if (!book) return std::unexpected(book.error());
      lines[p].begin(*std::move(book), signed_in[p], waits.find(name) != nullptr);
      together.push_back(&lines[p]);
    }
    send_in_turn(together);
  }
  return turns;
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
