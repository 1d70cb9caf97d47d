// The times of uploads that are scheduled together: a first one, a distance, and a random part. Command line
// and window word them alike. Pure; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "registry/queue/upload_queue.h"

namespace asfs {

struct SlotSeries {
  TimePoint first;
  std::chrono::seconds every{0};   ///< 0: all at `first`; the limits keep them apart
  std::chrono::seconds spread{0};  ///< each is later by a random part of it
  Schedule::IfMissed if_missed = Schedule::IfMissed::now;
  std::uint64_t seed = 0;  ///< the same seed gives the same times: what was shown is what is done

  bool operator==(const SlotSeries&) const = default;
};

/// One for each of `count` uploads.
std::vector<Schedule> schedules_of(const SlotSeries& series, std::size_t count);

}  // namespace asfs
