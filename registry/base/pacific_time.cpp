#include "registry/base/pacific_time.h"

namespace asfs {
namespace {

using namespace std::chrono;

constexpr hours kStandard{8};  // behind UTC
constexpr hours kSummer{7};

// Both changes happen at 2:00 of the time in force before them.
bool is_summer(sys_seconds utc) {
  const year in = year_month_day(floor<days>(utc - kStandard)).year();
  const sys_seconds begin = sys_days(in / March / Sunday[2]) + hours(2) + kStandard;
  const sys_seconds end = sys_days(in / November / Sunday[1]) + hours(2) + kSummer;
  return utc >= begin && utc < end;
}

}  // namespace

TimePoint next_pacific_midnight(TimePoint time) {
  const auto now = floor<seconds>(time);
  const auto today = floor<days>(now - (is_summer(now) ? kSummer : kStandard));
  const sys_seconds midnight = today + days(1);
  // Midnight itself is never within a change, so the summer reading, if it is one, is right.
  return is_summer(midnight + kSummer) ? midnight + kSummer : midnight + kStandard;
}

}  // namespace asfs
