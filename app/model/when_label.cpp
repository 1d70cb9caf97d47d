#include "app/model/when_label.h"

#include <array>
#include <ctime>
#include <utility>

namespace asfs {
namespace {

constexpr std::array<const char*, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::tm local(TimePoint time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm calendar{};
  ::localtime_r(&seconds, &calendar);
  return calendar;
}

enum class Distance { today, this_week, far, other_year };

Distance distance(const std::tm& at, const std::tm& now, Duration away) {
  if (at.tm_year == now.tm_year && at.tm_yday == now.tm_yday) return Distance::today;
  if (away > Duration::zero() && away < std::chrono::hours(6 * 24)) return Distance::this_week;
  return at.tm_year == now.tm_year ? Distance::far : Distance::other_year;
}

Label<32> label(TimePoint at, TimePoint now, bool brief) {
  at = std::chrono::ceil<std::chrono::minutes>(at);
  const std::tm t = local(at);
  const char* day = kWeekdays[static_cast<std::size_t>(t.tm_wday)];
  const char* month = kMonths[static_cast<std::size_t>(t.tm_mon)];
  switch (distance(t, local(now), at - now)) {
    case Distance::today:
      return Label<32>("{:02}:{:02}", t.tm_hour, t.tm_min);
    case Distance::this_week:
      return Label<32>("{} {:02}:{:02}", day, t.tm_hour, t.tm_min);
    case Distance::far:
      if (brief) return Label<32>("{} {} {}", day, t.tm_mday, month);
      return Label<32>("{} {} {} {:02}:{:02}", day, t.tm_mday, month, t.tm_hour, t.tm_min);
    case Distance::other_year:
      if (brief) return Label<32>("{} {} {}", t.tm_mday, month, t.tm_year + 1900);
      return Label<32>("{} {} {} {} {:02}:{:02}", day, t.tm_mday, month, t.tm_year + 1900, t.tm_hour,
                       t.tm_min);
  }
  std::unreachable();
}

}  // namespace

Label<32> when_label(TimePoint at, TimePoint now) {
  return label(at, now, false);
}

Label<32> short_when_label(TimePoint at, TimePoint now) {
  return label(at, now, true);
}

}  // namespace asfs
