// Times as people write them, and slots over a change of the clocks.
#include "registry/base/local_time.h"

#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "tests/support/zone.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

std::string utc(const std::optional<TimePoint>& time) {
  return time ? utc_timestamp(*time).substr(0, 19) : "none";
}

}  // namespace

TEST_CASE("a time without an offset is local, one with an offset is not") {
  const Zone zone(kBerlin);
  CHECK(utc(parse_time("2026-12-01T18:00")) == "2026-12-01T17:00:00");
  CHECK(utc(parse_time("2026-07-01 18:00:30")) == "2026-07-01T16:00:30");
  CHECK(utc(parse_time("2026-12-01T18:00Z")) == "2026-12-01T18:00:00");
  CHECK(utc(parse_time("2026-12-01T18:00+05:30")) == "2026-12-01T12:30:00");
  CHECK(utc(parse_time("2026-12-01T18:00:15-08:00")) == "2026-12-02T02:00:15");
}

TEST_CASE("what is no time is refused") {
  for (const char* text : {"",
                           "tomorrow",
                           "2026-12-01",
                           "2026-13-01T10:00",
                           "2026-02-30T10:00",
                           "2026-12-01T24:00",
                           "2026-12-01T10:60",
                           "2026-12-01T18:00X",
                           "2026-12-01T18:00+0100",
                           "18:00",
                           "2026-12-01T18:00+25:99",
                           "2026-12-01T18:00+14:30",
                           "2026-12-01T18:00-12:01",
                           "2026-12-01T18:00+01:60",
                           "2026-12-01T18:00+01:00x",
                           "2027-02-29T10:00",
                           "2026-00-01T10:00",
                           "2026-12-1T10:00",
                           "2026-12-01T1:5",
                           "2026-12-01T18:00:",
                           "2026-12-01T18:00:60",
                           "+026-12-01T10:00",
                           " 2026-12-01T10:00",
                           "2026-12-01T+8:00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
  }
}

TEST_CASE("a time that the change of the clocks leaves out is as much later") {
  const Zone zone(kBerlin);
  CHECK(utc(parse_time("2026-03-29T02:30")) == "2026-03-29T01:30:00");
}

TEST_CASE("of a time that comes twice the first is meant, whatever the season in which it is asked") {
  const Zone zone(kBerlin);
  for (const char* asked : {"2026-01-10T12:00", "2026-07-10T12:00"}) {
    const std::time_t before = std::chrono::system_clock::to_time_t(*parse_time(asked));
    std::tm season{};
    ::localtime_r(&before, &season);
    std::mktime(&season);  // which remembers the season for the next time that it is asked
    CHECK(utc(parse_time("2026-10-25T02:30")) == "2026-10-25T00:30:00");
    CHECK(utc(slot_at(*parse_time("2026-10-24T02:30"), 24h, 1)) == "2026-10-25T00:30:00");
  }
}

TEST_CASE("daily slots keep the time of day over a change of the clocks, hourly ones their distance") {
  const Zone zone(kBerlin);
  const auto saturday = *parse_time("2026-10-24T18:00");
  CHECK(utc(slot_at(saturday, 24h, 1)) == "2026-10-25T17:00:00");
  CHECK(utc(slot_at(saturday, 0s, 2)) == "2026-10-26T17:00:00");
  CHECK(slot_at(saturday, 1h, 30) == saturday + 30h);
}

TEST_CASE("the next slot lies after now, also when many were slept through") {
  const Zone zone(kBerlin);
  const auto first = *parse_time("2026-10-24T18:00");
  CHECK(next_slot_after(first, 24h, first - 1h) == first);
  CHECK(next_slot_after(first, 24h, first) == slot_at(first, 24h, 1));
  CHECK(utc(next_slot_after(first, 24h, first + 24h * 200 - 1h)) == "2027-05-12T16:00:00");
  CHECK(next_slot_after(first, 45min, first + 100min) == first + 135min);
}

TEST_CASE("a span of time is numbers with units") {
  CHECK(parse_span("45s") == 45s);
  CHECK(parse_span("15m") == 15min);
  CHECK(parse_span("1h30m") == 90min);
  CHECK(parse_span("2d") == 48h);
  for (const char* text : {"", "5", "m", "-5m", "5 m", "1h30", "9999999999d"}) CHECK_FALSE(parse_span(text));
}
