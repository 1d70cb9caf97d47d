#include "registry/queue/slot_series.h"

#include <random>

namespace asfs {

std::vector<Schedule> schedules_of(const SlotSeries& series, std::size_t count) {
  std::mt19937_64 random(series.seed);
  const auto part = [&] { return std::uniform_real_distribution<double>(0, 1)(random); };
  std::vector<Schedule> schedules(count, Schedule{series.first, series.if_missed, series.every});
  if (series.every <= std::chrono::seconds(0)) return schedules;
  const auto times = slots_of(series.first, series.every, series.spread, count, part);
  for (std::size_t i = 0; i < count; ++i) schedules[i].at = times[i];
  return schedules;
}

}  // namespace asfs
