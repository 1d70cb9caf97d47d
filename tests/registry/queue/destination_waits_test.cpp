// What whole platforms wait for: tried again at growing pauses, by one program at a time.
#include "registry/queue/destination_waits.h"

#include <doctest/doctest.h>

#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;
using Why = DestinationWait::Why;

namespace {

struct Waiting {
  TestLibrary test;
  VideoRegistry registry = test.open();
  DestinationWaits waits{registry};

  std::optional<DestinationWait> of(std::string_view platform) {
    const auto list = waits.list().value();
    const DestinationWait* wait = list.find(platform);
    return wait ? std::optional(*wait) : std::nullopt;
  }
  bool probe(std::string_view platform) { return waits.take_probe(platform).value(); }
  /// How long until the next try may be made.
  Duration pause(std::string_view platform) {
    const TimePoint began = test.clock.now();
    while (!probe(platform)) test.clock.advance(1s);
    return test.clock.now() - began;
  }
};

}  // namespace

TEST_CASE("a platform without a connection is tried at growing pauses, up to a minute") {
  Waiting f;
  Duration last{0};
  for (int i = 0; i < 10; ++i) {
    REQUIRE(f.waits.begin("YouTube", Why::offline, "no route"));
    const Duration pause = f.pause("YouTube");
    CHECK(pause >= last);
    last = pause;
  }
  CHECK(last >= 50s);
  CHECK(last <= 70s);
}

TEST_CASE("it says since when it waits, and what it was told last") {
  Waiting f;
  REQUIRE(f.waits.begin("YouTube", Why::offline, "no route"));
  f.test.clock.advance(1h);
  REQUIRE(f.waits.begin("YouTube", Why::offline, "no name"));
  CHECK(reason_text(*f.of("YouTube")) == "offline since 2026-02-11 08:00");
  CHECK(f.of("YouTube")->said == "no name");
  CHECK_FALSE(f.of("TikTok"));
}

TEST_CASE("of several programs one tries, and the others wait on") {
  Waiting f;
  auto other = f.test.open();
  REQUIRE(f.waits.begin("YouTube", Why::account, "not switched on"));
  f.test.clock.advance(5s);
  CHECK(f.probe("YouTube"));
  CHECK_FALSE(DestinationWaits(other).take_probe("YouTube").value());
}

TEST_CASE("an answer ends being offline; a fault of the account ends when an upload works") {
  Waiting f;
  REQUIRE(f.waits.begin("YouTube", Why::offline, "no route"));
  REQUIRE(f.waits.answered("YouTube", false));
  CHECK_FALSE(f.of("YouTube"));
  REQUIRE(f.waits.begin("YouTube", Why::account, "not switched on"));
  REQUIRE(f.waits.answered("YouTube", false));
  CHECK(f.of("YouTube"));
  REQUIRE(f.waits.answered("YouTube", true));
  CHECK_FALSE(f.of("YouTube"));
}

TEST_CASE("when one platform answers, those that are offline are tried at once, the others are not") {
  Waiting f;
  for (const auto platform : {"YouTube", "TikTok"}) {
    const Why why = std::string_view(platform) == "TikTok" ? Why::offline : Why::account;
    for (int i = 0; i < 12; ++i) {
      REQUIRE(f.waits.begin(platform, why, "trouble"));
      f.pause(platform);
    }
  }
  f.test.clock.advance(20s);
  CHECK_FALSE(f.probe("TikTok"));
  REQUIRE(f.waits.answered("Instagram", true));
  CHECK(f.probe("TikTok"));
  CHECK_FALSE(f.probe("YouTube"));
}

TEST_CASE("a person, or a sign-in, has it tried at once") {
  Waiting f;
  REQUIRE(f.waits.begin("YouTube", Why::sign_in, "the session has ended"));
  CHECK_FALSE(f.probe("YouTube"));
  REQUIRE(f.waits.probe_now("YouTube"));
  CHECK(f.probe("YouTube"));
  CHECK_FALSE(f.probe("YouTube"));
}

TEST_CASE("a wait noted by a clock that was a year ahead does not last a year") {
  Waiting f;
  REQUIRE(f.waits.begin("YouTube", Why::offline, "no route"));
  f.test.clock.advance(-24h * 365);
  CHECK(f.probe("YouTube"));
}
