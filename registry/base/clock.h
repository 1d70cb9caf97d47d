// Time comes in through here, so that tests tick a clock by hand instead of sleeping.
// Both clocks may be used from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace asfs {

using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  /// Waits for `duration`, or until `stop` is requested. True when the whole time passed.
  virtual bool wait(Duration duration, std::stop_token stop) const = 0;
};

/// The machine's clock.
const Clock& system_clock();

/// A clock that only moves when told; wait() moves it at once and returns.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(TimePoint start);
  TimePoint now() const override;
  bool wait(Duration duration, std::stop_token stop) const override;
  void advance(Duration by) const;

 private:
  mutable std::mutex mutex_;
  mutable TimePoint now_;
};

/// Local time without offset and with six digits, `2026-02-11T08:00:00.000000`: how the shared tables write
/// time.
std::string local_timestamp(TimePoint time);

/// UTC, `2026-02-11T08:00:00.000000Z`: how our own tables write time.
std::string utc_timestamp(TimePoint time);

/// `2026-02-11 08:00` out of either form, for people; anything else comes back as it is.
std::string short_time(std::string_view timestamp);

/// That much time has gone by since then; also when the clock was set back before it, and nobody can tell.
inline bool has_passed(TimePoint now, TimePoint since, Duration duration) {
  return now < since || now - since >= duration;
}

std::int64_t unix_millis(TimePoint time);
TimePoint from_unix_millis(std::int64_t millis);

}  // namespace asfs
