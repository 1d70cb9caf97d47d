#include "uploaders/bandwidth.h"

#include <algorithm>
#include <cmath>

namespace asfs {
namespace {

/// What was not used is lost after so long: a pause does not make a burst.
constexpr std::chrono::duration<double> kBurst{0.25};
constexpr Duration kNap = std::chrono::milliseconds(100);

}  // namespace

void Bandwidth::set_limit(std::uint64_t bytes_per_second) {
  const std::scoped_lock lock(mutex_);
  limit_ = bytes_per_second;
}

std::uint64_t Bandwidth::limit() const {
  const std::scoped_lock lock(mutex_);
  return limit_;
}

// How long to wait before asking again; zero when something was granted.
Duration Bandwidth::refill(std::size_t& granted, std::size_t wanted) {
  const std::scoped_lock lock(mutex_);
  granted = wanted;
  if (limit_ == 0) return Duration::zero();
  const double rate = static_cast<double>(limit_);
  const TimePoint now = clock_.now();
  const std::chrono::duration<double> passed = std::max<Duration>(now - filled_at_, Duration::zero());
  filled_at_ = now;
  const double most = std::max(1.0, rate * kBurst.count());
  bytes_ = std::min(most, bytes_ + passed.count() * rate);
  if (bytes_ < 1) {
    const auto until = std::chrono::ceil<Duration>(std::chrono::duration<double>((1 - bytes_) / rate));
    return std::clamp<Duration>(until, Duration(1000), kNap);
  }
  granted = std::min(wanted, static_cast<std::size_t>(bytes_));
  bytes_ -= static_cast<double>(granted);
  return Duration::zero();
}

std::size_t Bandwidth::take(std::size_t wanted, const std::stop_token& stop) {
  std::size_t granted = wanted;
  while (wanted > 0 && !stop.stop_requested()) {
    const Duration nap = refill(granted, wanted);
    if (nap == Duration::zero()) break;
    clock_.wait(nap, stop);
  }
  return granted;
}

Bandwidth& bandwidth() {
  static Bandwidth shared(system_clock());
  return shared;
}

}  // namespace asfs
