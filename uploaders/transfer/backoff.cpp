#include "uploaders/transfer/backoff.h"

#include <algorithm>

namespace asfs {
namespace {

using namespace std::chrono;

constexpr Duration kSignOfLife = seconds(5);  // between two of them
constexpr Duration kLongest = minutes(5);

}  // namespace

void Backoff::progressed(std::uint64_t offset) {
  tried_ = 0;
  if (!first_offset_) first_offset_ = offset;
  got_further_ = offset > *first_offset_;
}

bool Backoff::too_long(std::optional<TimePoint> not_before) const {
  return not_before && *not_before - clock_.now() > kLongest;
}

bool Backoff::wait(std::optional<TimePoint> not_before, const std::stop_token& stop,
                   const std::function<void()>& alive) {
  const auto doubled = std::uint64_t{config_.backoff_first_ms} << std::min(tried_, 20);
  const auto most = std::min<std::uint64_t>(config_.backoff_max_ms, doubled);
  ++tried_;
  Duration left = milliseconds(std::uniform_int_distribution<std::uint64_t>(0, most)(random_));
  if (not_before) left = std::max<Duration>(left, *not_before - clock_.now());
  for (; left > Duration::zero(); left -= kSignOfLife) {
    alive();
    if (!clock_.wait(std::min(left, kSignOfLife), stop)) return false;
  }
  return !stop.stop_requested();
}

}  // namespace asfs
