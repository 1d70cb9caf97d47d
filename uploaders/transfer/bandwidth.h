// The upload speed of this process, shared by all its uploads, and its cap. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>

#include "registry/base/clock.h"

namespace asfs {

class Bandwidth {
 public:
  explicit Bandwidth(const Clock& clock) : clock_(clock), filled_at_(clock.now()) {}

  /// Bytes per second; 0: no cap. Counts at once, also for uploads that run.
  void set_limit(std::uint64_t bytes_per_second);
  std::uint64_t limit() const;

  /// Waits until a part of `wanted` bytes may be sent, and takes it: how many, at least 1. Returns at once
  /// when `stop` is requested.
  std::size_t take(std::size_t wanted, const std::stop_token& stop);

 private:
  Duration refill(std::size_t& granted, std::size_t wanted);

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::uint64_t limit_ = 0;
  double bytes_ = 0;  ///< that may be sent now
  TimePoint filled_at_;
};

/// `500k`, `2M`, `1.5 MB/s`: bytes a second; `off` for 0. nullopt: not a speed.
std::optional<std::uint64_t> parse_speed(std::string_view text);

/// That of this process.
Bandwidth& bandwidth();

}  // namespace asfs
