#include "uploaders/transfer/bandwidth.h"

#include <algorithm>
#include <charconv>
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

std::optional<std::uint64_t> parse_speed(std::string_view text) {
  if (text == "off") return 0;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.ends_with("B/s")) unit.remove_suffix(3);
  const double factor = unit == "k" ? 1e3 : unit == "M" ? 1e6 : unit == "G" ? 1e9 : unit.empty() ? 1 : 0;
  const double speed = number * factor;
  if (error != std::errc() || !(speed >= 1) || speed > 1e12) return std::nullopt;
  return static_cast<std::uint64_t>(speed);
}

Bandwidth& bandwidth() {
  static Bandwidth shared(system_clock());
  return shared;
}

}  // namespace asfs
