#include "registry/base/local_time.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace asfs {
namespace {

using namespace std::chrono;

constexpr seconds kDay = hours(24);

std::tm local_calendar(TimePoint time) {
  const std::time_t seconds_since_epoch = system_clock::to_time_t(time);
  std::tm calendar{};
  ::localtime_r(&seconds_since_epoch, &calendar);
  return calendar;
}

/// The first moment at which local clocks show this, or where they never do, as much later as they are put
/// on.
TimePoint from_calendar(std::tm calendar) {
  constexpr std::time_t kDayLong = 86400;
  const auto ahead_at = [](std::time_t moment) -> std::time_t {
    std::tm there{};
    ::localtime_r(&moment, &there);
    return there.tm_gmtoff;
  };
  const std::time_t shown = ::timegm(&calendar);  // as if it were UTC
  const std::time_t before = ahead_at(shown - kDayLong), after = ahead_at(shown + kDayLong);
  std::time_t moment = shown - before;
  for (const std::time_t ahead : {std::min(before, after), std::max(before, after)})
    if (ahead_at(shown - ahead) == ahead) moment = shown - ahead;  // the larger offset is the earlier moment
  return TimePoint(seconds(moment));
}

seconds step_of(seconds every) {
  return every <= seconds(0) ? kDay : every;
}

}  // namespace

std::optional<TimePoint> parse_time(std::string_view text) {
  bool good = true;
  const auto number = [&](std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      good = good && i < text.size() && text[i] >= '0' && text[i] <= '9';
      if (good) value = value * 10 + (text[i] - '0');
    }
    if (good) text.remove_prefix(digits);
    return value;
  };
  const auto sign = [&](std::string_view any_of) {
    const char found = text.empty() ? '\0' : text.front();
    good = good && any_of.find(found) != any_of.npos;
    if (good) text.remove_prefix(1);
    return found;
  };
  const int year = number(4), month = (sign("-"), number(2)), day = (sign("-"), number(2));
  const int hour = (sign("T "), number(2)), minute = (sign(":"), number(2));
  const int second = text.starts_with(':') ? (sign(":"), number(2)) : 0;
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!good || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const TimePoint utc = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
  if (text == "Z") return utc;
  if (!text.empty()) {
    const bool behind = sign("+-") == '-';
    const int offset_hours = number(2), offset_minutes = (sign(":"), number(2));
    const Duration ahead = hours(offset_hours) + minutes(offset_minutes);
    // No clock on earth is further from UTC.
    if (!good || !text.empty() || offset_minutes > 59 || ahead > hours(behind ? 12 : 14)) return std::nullopt;
    return behind ? utc + ahead : utc - ahead;
  }
  std::tm calendar{};
  calendar.tm_year = year - 1900;
  calendar.tm_mon = month - 1;
  calendar.tm_mday = day;
  calendar.tm_hour = hour;
  calendar.tm_min = minute;
  calendar.tm_sec = second;
  return from_calendar(calendar);
}

std::string time_text(TimePoint time) {
  return local_timestamp(ceil<seconds>(time)).substr(0, 19).replace(10, 1, " ");
}

std::optional<seconds> parse_span(std::string_view text) {
  seconds total{0};
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    int count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end == text.data() + text.size() || count < 0 || count > 1'000'000)
      return std::nullopt;
    switch (*end) {
      case 's':
        total += seconds(count);
        break;
      case 'm':
        total += minutes(count);
        break;
      case 'h':
        total += hours(count);
        break;
      case 'd':
        total += count * kDay;
        break;
      default:
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  }
  return total;
}

TimePoint slot_at(TimePoint first, seconds every, int index) {
  const seconds step = step_of(every);
  if (step % kDay != seconds(0)) return first + step * index;
  std::tm calendar = local_calendar(first);
  calendar.tm_mday += static_cast<int>(step / kDay) * index;
  return from_calendar(calendar) + (first - floor<seconds>(first));
}

TimePoint next_slot_after(TimePoint first, seconds every, TimePoint now) {
  if (first > now) return first;
  // A change of the clocks can shift a slot by an hour at most: start one early.
  int index = std::max(0, static_cast<int>((now - first) / step_of(every)) - 1);
  while (slot_at(first, every, index) <= now) ++index;
  return slot_at(first, every, index);
}

}  // namespace asfs
