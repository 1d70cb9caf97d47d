#include "registry/base/clock.h"

#include <fmt/format.h>

#include <condition_variable>
#include <ctime>

namespace asfs {
namespace {

class SystemClock final : public Clock {
 public:
  TimePoint now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }

  bool wait(Duration duration, std::stop_token stop) const override {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, duration, [] { return false; });
    return !stop.stop_requested();
  }
};

std::string format_time(const std::tm& tm, TimePoint time, std::string_view suffix) {
  const auto micros = (time - std::chrono::floor<std::chrono::seconds>(time)).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}{}", tm.tm_year + 1900, tm.tm_mon + 1,
                     tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, micros, suffix);
}

std::time_t whole_seconds(TimePoint time) {
  return static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

FakeClock::FakeClock(TimePoint start) : now_(start) {}

TimePoint FakeClock::now() const {
  std::scoped_lock lock(mutex_);
  return now_;
}

bool FakeClock::wait(Duration duration, std::stop_token stop) const {
  if (stop.stop_requested()) return false;
  advance(duration);
  return true;
}

void FakeClock::advance(Duration by) const {
  std::scoped_lock lock(mutex_);
  now_ += by;
}

std::string local_timestamp(TimePoint time) {
  const std::time_t seconds = whole_seconds(time);
  std::tm tm{};
  localtime_r(&seconds, &tm);
  return format_time(tm, time, "");
}

std::string utc_timestamp(TimePoint time) {
  const std::time_t seconds = whole_seconds(time);
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  return format_time(tm, time, "Z");
}

std::string short_time(std::string_view timestamp) {
  constexpr std::string_view shape = "0000-00-00T00:00";
  if (timestamp.size() < shape.size()) return std::string(timestamp);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool fits = shape[i] == '0' ? timestamp[i] >= '0' && timestamp[i] <= '9' : timestamp[i] == shape[i];
    if (!fits) return std::string(timestamp);
  }
  std::string out(timestamp.substr(0, shape.size()));
  out[10] = ' ';
  return out;
}

std::int64_t unix_millis(TimePoint time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

TimePoint from_unix_millis(std::int64_t millis) {
  return TimePoint(std::chrono::milliseconds(millis));
}

}  // namespace asfs
