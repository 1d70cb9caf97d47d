// The cap on the upload speed.
#include "uploaders/transfer/bandwidth.h"

#include <doctest/doctest.h>

using namespace asfs;
using namespace std::chrono_literals;

namespace {

struct Meter {
  FakeClock clock{TimePoint(24h * 20'000)};
  Bandwidth bandwidth{clock};

  /// Seconds on the clock until all these bytes may be sent.
  double send(std::size_t bytes, std::size_t at_once = 65'536) {
    const TimePoint before = clock.now();
    while (bytes > 0) {
      const std::size_t granted = bandwidth.take(std::min(bytes, at_once), {});
      REQUIRE(granted > 0);
      bytes -= granted;
    }
    return std::chrono::duration<double>(clock.now() - before).count();
  }
};

}  // namespace

TEST_CASE("without a cap nothing waits") {
  Meter meter;
  CHECK(meter.send(1'000'000'000) == 0);
}

TEST_CASE("with a cap the bytes take their time, whatever the size of the pieces") {
  Meter meter;
  meter.bandwidth.set_limit(1'000'000);
  for (const std::size_t piece : {1'000u, 16'384u, 4'000'000u}) {
    const double seconds = meter.send(10'000'000, piece);
    CHECK(seconds >= 9.7);
    CHECK(seconds <= 10.3);
  }
}

TEST_CASE("a pause does not make a burst, and a new cap counts at once") {
  Meter meter;
  meter.bandwidth.set_limit(1'000'000);
  meter.send(1'000'000);
  meter.clock.advance(1h);
  CHECK(meter.send(1'000'000) >= 0.7);
  meter.bandwidth.set_limit(10'000'000);
  CHECK(meter.send(10'000'000) <= 1.1);
  meter.bandwidth.set_limit(0);
  CHECK(meter.send(10'000'000) == 0);
}

TEST_CASE("who stops does not wait") {
  Meter meter;
  meter.bandwidth.set_limit(1);
  std::stop_source stop;
  stop.request_stop();
  CHECK(meter.bandwidth.take(1'000'000, stop.get_token()) == 1'000'000);
}

TEST_CASE("a speed is read as people write it") {
  CHECK(parse_speed("off") == 0);
  CHECK(parse_speed("500k") == 500'000);
  CHECK(parse_speed("500 kB/s") == 500'000);
  CHECK(parse_speed("1.5M") == 1'500'000);
  CHECK(parse_speed("2 MB/s") == 2'000'000);
  CHECK(parse_speed("1200") == 1'200);
  for (const char* wrong : {"", "fast", "2 m", "-1M", "0", "0.5", "nan", "1e30", "2M M", "B/s"})
    CHECK_MESSAGE(!parse_speed(wrong), wrong);
}
