// How the runner goes by what whole platforms wait for.
#include <algorithm>
#include <utility>

#include "uploaders/queue/queue_runner.h"

namespace asfs {
namespace {

/// A sign-in by another program.
constexpr std::chrono::seconds kLookForSignIn{5};
/// Another program tries whether a platform works again.
constexpr std::chrono::seconds kLookAtProbe{1};

}  // namespace

// What platforms wait for may be over: a person says so, the account's files are others, or bytes move.
Result<void> QueueRunner::look_at_waits(VideoRegistry& registry) {
  DestinationWaits waits(registry);
  auto list = waits.list();
  if (!list) return std::unexpected(list.error());
  DestinationChoice go_on;
  {
    const std::scoped_lock lock(mutex_);
    go_on = insists_ = std::exchange(go_on_, {});
  }
  if (auto heard = hear_of_bytes(waits, *list); !heard) return heard;
  for (std::size_t p = 0; p < destinations().size(); ++p) {
    if (!list->find(name_at(p)) || !options_.destinations[p]) {
      accounts_[p].reset();
      continue;
    }
    if (go_on[p]) told_[p].reset();  // who asks for it is told again
    if (!is_mended(p) && !go_on[p]) continue;
    if (auto sooner = waits.probe_now(name_at(p)); !sooner) return sooner;
  }
  list = waits.list();
  if (!list) return std::unexpected(list.error());
  {
    const std::scoped_lock lock(mutex_);
    waits_ = *list;
  }
  for (std::size_t p = 0; p < destinations().size(); ++p) {
    const DestinationWait* wait = options_.destinations[p] ? list->find(name_at(p)) : nullptr;
    const auto since = wait ? std::optional(wait->since) : std::nullopt;
    if (std::exchange(told_[p], since) != since && since) options_.on_wait(destinations()[p], *wait);
  }
  return {};
}

/// An upload that began after the platform began to wait, and moves, is as good as one that got through.
Result<void> QueueRunner::hear_of_bytes(DestinationWaits& waits, const DestinationWaitList& list) {
  for (const auto& upload : running()) {
    const DestinationWait* own = list.find(upload->platform);
    if (upload->moved || upload->progress.bytes_per_second == 0) continue;
    if (own && upload->started < own->since) continue;
    upload->moved = true;
    if (auto told = waits.answered(upload->platform, true); !told) return told;
  }
  return {};
}

/// Whether the sign-in, or the app in accounts.json, is another one than when the platform was last looked
/// at.
bool QueueRunner::is_mended(std::size_t destination) {
  auto now = account_state(context_->library, context_->config, name_at(destination));
  const auto before = std::exchange(accounts_[destination], std::move(now));
  return before && before->changed_at != accounts_[destination]->changed_at &&
         accounts_[destination]->usable();
}

Result<bool> QueueRunner::may_probe(VideoRegistry& registry, std::size_t destination,
                                    const DestinationWait& wait) {
  const TimePoint now = context_->clock.now();
  const auto& account = accounts_[destination];
  if (wait.why == DestinationWait::Why::sign_in && account && !account->usable() &&
      !context_->library.practice() && !insists_[destination]) {
    not_before(now + kLookForSignIn);
    return false;
  }
  DestinationWaits waits(registry);
  const auto probe = waits.take_probe(name_at(destination));
  if (probe && !*probe) not_before(std::max<TimePoint>(wait.probe_at, now + kLookAtProbe));
  return probe;
}

DestinationWaitList QueueRunner::waits() const {
  const std::scoped_lock lock(mutex_);
  return waits_;
}

void QueueRunner::go_on(std::size_t destination) {
  {
    const std::scoped_lock lock(mutex_);
    go_on_[destination] = true;
  }
  wake();
}

}  // namespace asfs
