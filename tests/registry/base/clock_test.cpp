#include "registry/base/clock.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "tests/support/zone.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kEight{1'770'796'800'000'000us};  // 2026-02-11T08:00:00Z

}  // namespace

TEST_CASE("a timestamp always has six digits after the second, also when they are zero") {
  const Zone utc("UTC0");
  CHECK(local_timestamp(kEight) == "2026-02-11T08:00:00.000000");
  CHECK(local_timestamp(kEight + 7us) == "2026-02-11T08:00:00.000007");
  CHECK(utc_timestamp(kEight + 999'999us) == "2026-02-11T08:00:00.999999Z");
}

TEST_CASE("a local timestamp is local time without an offset, a UTC timestamp is UTC") {
  const Zone tokyo("JST-9");
  CHECK(local_timestamp(kEight) == "2026-02-11T17:00:00.000000");
  CHECK(utc_timestamp(kEight) == "2026-02-11T08:00:00.000000Z");
}

TEST_CASE("a time before 1970 is written correctly") {
  CHECK(utc_timestamp(TimePoint{-1us}) == "1969-12-31T23:59:59.999999Z");
  CHECK(unix_millis(TimePoint{-1us}) == -1);
}

TEST_CASE("the short time of a timestamp is its day and minute") {
  CHECK(short_time("2026-02-11T08:00:59.123456") == "2026-02-11 08:00");
  CHECK(short_time("2026-02-11T08:00:59.123456Z") == "2026-02-11 08:00");
  CHECK(short_time("2026-02-11T08:00") == "2026-02-11 08:00");
}

TEST_CASE("the short time of anything else is that itself") {
  CHECK(short_time("") == "");
  CHECK(short_time("yesterday") == "yesterday");
  CHECK(short_time("1770796800.123456789") == "1770796800.123456789");
}

TEST_CASE("the fake clock moves only when told, and waiting moves it") {
  const FakeClock clock(kEight);
  CHECK(clock.now() == kEight);
  clock.advance(90s);
  CHECK(clock.now() == kEight + 90s);
  CHECK(clock.wait(1h, {}));
  CHECK(clock.now() == kEight + 90s + 1h);
}

TEST_CASE("a wait on the fake clock that is stopped already does not move it") {
  std::stop_source stop;
  stop.request_stop();
  const FakeClock clock(kEight);
  CHECK_FALSE(clock.wait(1h, stop.get_token()));
  CHECK(clock.now() == kEight);
}

TEST_CASE("a wait on the machine's clock ends at once when it is stopped") {
  std::stop_source stop;
  std::jthread other([&] { stop.request_stop(); });
  CHECK_FALSE(system_clock().wait(1h, stop.get_token()));
}

TEST_CASE("a time has passed also when the clock was set back behind its begin") {
  CHECK_FALSE(has_passed(kEight + 59min, kEight, 1h));
  CHECK(has_passed(kEight + 1h, kEight, 1h));
  CHECK(has_passed(kEight - 1s, kEight, 1h));
}

TEST_CASE("a wait on the machine's clock that nobody stops takes the whole time") {
  const TimePoint before = system_clock().now();
  CHECK(system_clock().wait(2ms, {}));
  CHECK(system_clock().now() - before >= 2ms);
}
