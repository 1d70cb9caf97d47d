#include "registry/base/local_time.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
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

TimePoint from_calendar(std::tm calendar) {
  calendar.tm_isdst = -1;
  return TimePoint(seconds(std::mktime(&calendar)));
}

seconds step_of(seconds every) {
  return every <= seconds(0) ? kDay : every;
}

}  // namespace

std::optional<TimePoint> parse_time(std::string_view text) {
  const std::string copy(text.substr(0, 40));
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, length = 0;
  char separator = 0;
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2d%c%2d:%2d%n", &year, &month, &day, &separator, &hour, &minute,
                  &length) != 6 ||
      (separator != 'T' && separator != ' '))
    return std::nullopt;
  std::string_view rest = std::string_view(copy).substr(static_cast<std::size_t>(length));
  int more = 0;
  if (rest.starts_with(':') && std::sscanf(copy.c_str() + length, ":%2d%n", &second, &more) == 1)
    rest.remove_prefix(static_cast<std::size_t>(more));
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  const TimePoint utc = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
  if (rest == "Z") return utc;
  char sign = 0;
  int offset_hours = 0, offset_minutes = 0, end = 0;
  if (!rest.empty()) {
    const std::string offset(rest);
    if (std::sscanf(offset.c_str(), "%c%2d:%2d%n", &sign, &offset_hours, &offset_minutes, &end) != 3 ||
        (sign != '+' && sign != '-') || static_cast<std::size_t>(end) != offset.size())
      return std::nullopt;
    const Duration ahead = hours(offset_hours) + minutes(offset_minutes);
    return sign == '+' ? utc - ahead : utc + ahead;
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
