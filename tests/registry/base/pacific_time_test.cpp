#include "registry/base/pacific_time.h"

#include <doctest/doctest.h>

using namespace asfs;
using namespace std::chrono;

namespace {

TimePoint utc(int y, unsigned m, unsigned d, int hour, int minute = 0) {
  return sys_days(year(y) / static_cast<int>(m) / static_cast<int>(d)) + hours(hour) + minutes(minute);
}

}  // namespace

TEST_CASE("midnight in Los Angeles is 08:00 UTC in winter and 07:00 UTC in summer") {
  CHECK(next_pacific_midnight(utc(2026, 1, 15, 12)) == utc(2026, 1, 16, 8));
  CHECK(next_pacific_midnight(utc(2026, 7, 15, 12)) == utc(2026, 7, 16, 7));
}

TEST_CASE("before the day begins there, the same UTC day still holds the next midnight") {
  CHECK(next_pacific_midnight(utc(2026, 1, 15, 7, 59)) == utc(2026, 1, 15, 8));
  CHECK(next_pacific_midnight(utc(2026, 7, 15, 6, 59)) == utc(2026, 7, 15, 7));
}

TEST_CASE("midnight itself belongs to the day that begins") {
  CHECK(next_pacific_midnight(utc(2026, 1, 15, 8)) == utc(2026, 1, 16, 8));
  CHECK(next_pacific_midnight(utc(2026, 7, 15, 7)) == utc(2026, 7, 16, 7));
}

TEST_CASE("the day on which clocks go forward has 23 hours, the one on which they go back 25") {
  CHECK(next_pacific_midnight(utc(2026, 3, 8, 8)) == utc(2026, 3, 9, 7));    // second Sunday of March
  CHECK(next_pacific_midnight(utc(2026, 11, 1, 7)) == utc(2026, 11, 2, 8));  // first Sunday of November
  CHECK(next_pacific_midnight(utc(2026, 3, 8, 7)) == utc(2026, 3, 8, 8));
  CHECK(next_pacific_midnight(utc(2026, 11, 1, 6)) == utc(2026, 11, 1, 7));
}

TEST_CASE("the turn of the year is an ordinary midnight") {
  CHECK(next_pacific_midnight(utc(2026, 12, 31, 20)) == utc(2027, 1, 1, 8));
  CHECK(next_pacific_midnight(utc(2027, 1, 1, 3)) == utc(2027, 1, 1, 8));
}
