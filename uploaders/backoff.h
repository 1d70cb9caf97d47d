// Waiting between tries: longer each time, by full jitter, until the tries are spent. One thread.
#pragma once

#include <functional>
#include <optional>
#include <random>
#include <stop_token>

#include "registry/base/clock.h"
#include "registry/config.h"

namespace asfs {

class Backoff {
 public:
  /// `tries`: how often wait() may be called without progress in between.
  Backoff(const UploadConfig& config, const Clock& clock, int tries)
      : config_(config), clock_(clock), tries_(tries) {}

  void progressed() { tried_ = 0; }
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
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace asfs
