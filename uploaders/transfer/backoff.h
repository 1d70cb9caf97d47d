// Waiting between tries: longer each time, by full jitter, until the tries are spent. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <stop_token>

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/store/config.h"

namespace asfs {

class Backoff {
 public:
  /// `tries`: how often wait() may be called without progress in between.
  Backoff(const UploadConfig& config, const Clock& clock, int tries)
      : config_(config), clock_(clock), tries_(tries) {}

  /// The platform has everything up to `offset`, which is further than before.
  void progressed(std::uint64_t offset);
  /// Bytes arrived in this try; where an earlier one had got to does not count.
  bool got_further() const { return got_further_; }
  /// No tries are left.
  bool spent() const { return tried_ >= tries_; }
  /// A platform that asks for more patience than this is not waited for; the attempt ends.
  bool too_long(std::optional<TimePoint> not_before) const;

  /// Waits, at least until `not_before`. `alive` is called every few seconds. False when stopped.
  bool wait(std::optional<TimePoint> not_before, const std::stop_token& stop,
            const std::function<void()>& alive);

 private:
  const UploadConfig& config_;
  const Clock& clock_;
  int tries_;
  int tried_ = 0;
  std::optional<std::uint64_t> first_offset_;
  bool got_further_ = false;
  std::minstd_rand random_{random_number()};
};

}  // namespace asfs
