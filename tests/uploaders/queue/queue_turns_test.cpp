// When what waits in the queue goes, and why it waits.
#include "uploaders/queue/queue_turns.h"

#include <doctest/doctest.h>

#include "registry/ledger/upload_ledger.h"
#include "tests/support/destinations.h"
#include "tests/support/test_library.h"
#include "uploaders/row/platforms.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;
using Why = QueueTurn::Why;

namespace {

struct TurnsFixture {
  TestLibrary test;
  VideoRegistry registry = test.open();
  UploadQueue queue{registry};
  Config config = upload_config(test.library, "").value();
  DestinationChoice signed_in = kEveryDestination;
  DestinationWaits waits{registry};

  explicit TurnsFixture(RateLimits limits = {}) { config.of<YouTubeConfig>().limits = limits; }
  TimePoint now() const { return test.clock.now(); }
  void add(const std::string& id, std::optional<Schedule> schedule = std::nullopt) {
    const QueueItem item{.video_id = id, .platform = "YouTube", .schedule = schedule};
    REQUIRE(queue.add({&item, 1}));
  }
  /// `a 0m ready|b 60m limit|`: when each goes, in minutes from now, and why it waits.
  std::string text() {
    const auto items = queue.list().value();
    const auto list = waits.list().value();
    const auto turns = queue_turns(registry, config, now(), items, signed_in, list).value();
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto wait =
          turns[i].at == TimePoint() ? 0min : std::chrono::round<std::chrono::minutes>(turns[i].at - now());
      out += items[i].video_id + " " + std::to_string(wait.count()) + "m " +
             reason_text(turns[i], config.of<YouTubeConfig>().limits, list.find("YouTube")) + "|";
    }
    return out;
  }
};

}  // namespace

TEST_CASE("without limits everything waits for its turn only") {
  TurnsFixture f;
  f.add("a");
  f.add("b");
  CHECK(f.text() == "a 0m waits for its turn|b 0m waits for its turn|");
}

TEST_CASE("the limits space out what waits, and say which of them does") {
  TurnsFixture f({.cooldown = 60min});
  f.add("a");
  f.add("b");
  f.add("c");
  CHECK(f.text() ==
        "a 0m waits for its turn|b 60m one upload every 60 minutes|c 120m one upload every 60 minutes|");
}

TEST_CASE("what has no time takes no slot by which a chosen time would become later") {
  TurnsFixture f({.cooldown = 60min});
  f.add("a");
  f.add("b");
  f.add("timed", Schedule{f.now() + 30min});
  CHECK(f.text() ==
        "timed 30m scheduled|a 90m one upload every 60 minutes|b 150m one upload every 60 minutes|");
  REQUIRE(f.queue.remove("timed", "YouTube"));
  f.add("later", Schedule{f.now() + 90min});
  CHECK(f.text() == "later 90m scheduled|a 0m waits for its turn|b 150m one upload every 60 minutes|");
  REQUIRE(f.queue.hold("later", "YouTube", true));
  CHECK(f.text() == "later 90m paused|a 0m waits for its turn|b 60m one upload every 60 minutes|");
}

TEST_CASE("of a day's uploads those with a chosen time are kept back") {
  TurnsFixture f({.max_per_day = 2});
  f.add("a");
  f.add("b");
  f.add("timed", Schedule{f.now() + 3h});
  CHECK(f.text() == "timed 180m scheduled|a 0m waits for its turn|b 1440m 2 uploads a day|");
}

TEST_CASE("a platform that cannot be reached holds its whole line, and says since when") {
  TurnsFixture f;
  f.add("a");
  f.add("timed", Schedule{f.now() + 30min});
  REQUIRE(f.waits.begin("YouTube", DestinationWait::Why::offline, "no such host"));
  CHECK(f.text() == "timed 30m scheduled|a 0m offline since 2026-02-11 08:00|");
  REQUIRE(f.waits.begin("YouTube", DestinationWait::Why::account, "the API is not switched on"));
  CHECK(f.text() == "timed 30m scheduled|a 0m the API is not switched on|");
  REQUIRE(f.waits.answered("YouTube", true));
  CHECK(f.text() == "timed 30m scheduled|a 0m waits for its turn|");
}

TEST_CASE("a pause after a failure is told from a schedule") {
  TurnsFixture f;
  f.add("a", Schedule{f.now() + 1min});
  REQUIRE(f.queue.put_back("a", "YouTube", f.now() + 5min));
  CHECK(f.text() == "a 5m a pause before the next try|");
}

TEST_CASE("what was put back until the limits let it waits for the limits, not for a pause") {
  TurnsFixture f({.cooldown = 60min});
  UploadLedger ledger(f.registry);
  REQUIRE(f.registry.register_video({.id = "posted", .file_path = "posted.mp4", .title = "posted"}));
  const auto claimed = ledger.claim({.video_id = "posted", .platform = "YouTube"});
  REQUIRE(claimed);
  REQUIRE(ledger.finish(claimed->attempt_id, {.state = AttemptState::succeeded, .post_id = "1"}));
  f.add("a");
  REQUIRE(f.queue.put_back("a", "YouTube", f.now() + 60min));
  CHECK(f.text() == "a 60m one upload every 60 minutes|");
}

TEST_CASE("what is paused takes no slot from those behind it") {
  TurnsFixture f({.cooldown = 60min});
  f.add("a");
  f.add("b");
  REQUIRE(f.queue.hold("a", "YouTube", true));
  CHECK(f.text() == "a 0m paused|b 0m waits for its turn|");
}

TEST_CASE("without a login the platform's line waits for it") {
  TurnsFixture f;
  f.add("a");
  f.signed_in.reset(place_of("YouTube"));
  CHECK(f.text() == "a 0m waits for a sign-in|");
}
