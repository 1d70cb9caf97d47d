// Many uploads: what a run waits for, and what people and other programs change meanwhile.
#include <doctest/doctest.h>

#include "tests/support/hall.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/queue/bulk_upload.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kYouTube = 2;

/// What a run that waits says of platforms, in order.
struct Told {
  std::vector<DestinationWait> waits;
  void listen(BulkOptions& options) {
    options.on_wait = [this](const Destination&, const DestinationWait& wait) { waits.push_back(wait); };
  }
};

}  // namespace

TEST_CASE("without a connection a run that waits goes on waiting, and then sends each once") {
  Hall hall(3);
  hall.config.upload.transient_tries = 0;
  const Config online = hall.config;
  hall.config.of<YouTubeConfig>().upload_base = hall.config.of<YouTubeConfig>().api_base =
      "http://127.0.0.1:1";
  const TimePoint began = hall.clock.now();
  hall.context.read_config = [&]() -> Result<Config> {
    return hall.clock.now() - began < 2h ? hall.config : online;
  };
  BulkOptions options{.plan = only("YouTube"), .wait = true};
  Told told;
  told.listen(options);
  int tries = 0;
  options.on_result = [&](const StageResult& result) { tries += result.next == NextStep::connect; };
  CHECK(failures(hall.run(options)) == 0);
  CHECK(hall.posts().size() == 3);
  REQUIRE(told.waits.size() == 1);
  CHECK(told.waits[0].why == DestinationWait::Why::offline);
  CHECK(hall.clock.now() - began < 2h + 2min);
  CHECK(tries > 100);
  CHECK(tries < 150);
  // An hour without a connection does not fill the library with tries that could not be.
  CHECK(std::stoi(Stranger(hall).ask("SELECT count(*) FROM asfs_attempts")) <= 6);
  CHECK(Stranger(hall).ask("SELECT max(retry_count) FROM video_uploads") == "0");
}

TEST_CASE(
    "without a connection a run that does not wait tries a few, and says of all that they are pending") {
  Hall hall(6);
  hall.config.upload.transient_tries = 0;
  hall.config.of<YouTubeConfig>().upload_base = "http://127.0.0.1:1";
  const auto results = hall.run({.plan = only("YouTube"), .at_once_per_platform = 1});
  REQUIRE(results.size() == 6);
  for (const auto& result : results) {
    CHECK(static_cast<int>(result.error->code) == static_cast<int>(Code::offline));
    CHECK(static_cast<int>(result.status) == static_cast<int>(UploadStatus::pending));
  }
  CHECK(Stranger(hall).ask("SELECT count(*) FROM asfs_attempts") == "1");
  CHECK(UploadQueue(hall.registry).list()->empty());
}

TEST_CASE("what is wrong with the account holds the platform, is told once, and is tried by one upload") {
  Hall hall(5);
  hall.fault({{"kind", "status"}, {"status", 403}, {"reason", "accessNotConfigured"}, {"times", 4}});
  BulkOptions options{.plan = only("YouTube"), .wait = true, .at_once_per_platform = 1};
  Told told;
  told.listen(options);
  CHECK(failures(hall.run(options)) == 0);
  CHECK(hall.posts().size() == 5);
  REQUIRE(told.waits.size() == 1);
  CHECK(told.waits[0].said.find("switch the YouTube Data API on") != std::string::npos);
  CHECK(Stranger(hall).ask("SELECT count(*) FROM asfs_attempts") == "9");
  CHECK(Stranger(hall).ask("SELECT max(retry_count) FROM video_uploads") == "0");
}

TEST_CASE(
    "a session that ended holds the platform without a request, and goes on after another program's "
    "sign-in") {
  Hall hall(2);
  hall.config.of<YouTubeConfig>().limits = {.hold = false};
  hall.credentials = stored_credentials(hall.library, hall.config, hall.clock);
  StageContext context{hall.library, hall.config, *hall.credentials, hall.clock};
  const TokenStore store(hall.library);
  REQUIRE(store.save("YouTube", {.tokens = {.access_token = "of-yesterday"}}));
  const TimePoint began = hall.clock.now();
  bool signed_in = false;
  context.read_config = [&]() -> Result<Config> {
    if (hall.clock.now() - began > 1h && !std::exchange(signed_in, true))
      REQUIRE(store.save("YouTube", {.tokens = {.access_token = hall.token()}}));
    return hall.config;
  };
  BulkOptions options{.plan = only("YouTube"), .wait = true, .at_once_per_platform = 1};
  Told told;
  told.listen(options);
  const auto results = upload_clips(context, options);
  REQUIRE(results);
  CHECK(failures(*results) == 0);
  CHECK(hall.posts().size() == 2);
  REQUIRE(told.waits.size() == 1);
  CHECK(told.waits[0].why == DestinationWait::Why::sign_in);
  CHECK(hall.clock.now() - began < 1h + 1min);
  CHECK(Stranger(hall).ask("SELECT count(*) FROM asfs_attempts") == "3");
}

TEST_CASE("what a person pauses while a run works is not sent before it is let go") {
  Hall hall(4);
  BulkOptions options{.plan = only("YouTube"), .wait = true, .at_once_per_platform = 1};
  SUBCASE("one video") {
    options.on_result = [&](const StageResult& result) {
      if (result.video_id == "clip_0") REQUIRE(UploadQueue(hall.registry).hold("clip_2", "YouTube", true));
    };
  }
  SUBCASE("all") {
    options.on_result = [&](const StageResult& result) {
      if (result.video_id == "clip_0") REQUIRE(UploadQueue(hall.registry).hold_all(true));
    };
  }
  std::vector<std::size_t> posts;  // when a round began
  options.on_start = [&](const UploadPlan& plan, const auto&) {
    posts.push_back(hall.posts().size());
    if (posts.size() == 1) return;
    for (const auto& entry : plan) CHECK(entry.reason == "paused");
    auto registry = hall.open();
    REQUIRE(UploadQueue(registry).hold_all(false));
  };
  CHECK(failures(hall.run(options)) == 0);
  REQUIRE(posts.size() >= 2);
  CHECK(posts[1] < 4);
  CHECK(hall.posts().size() == 4);
}

TEST_CASE("a time that a person gives while a run works is kept, also when the run does not wait for it") {
  Hall hall(3);
  const TimePoint at = hall.clock.now() + 6h;
  BulkOptions options{.plan = only("YouTube"), .at_once_per_platform = 1};
  options.on_result = [&](const StageResult& result) {
    if (result.video_id != "clip_0") return;
    auto registry = hall.open();
    REQUIRE(UploadQueue(registry).reschedule("clip_1", "YouTube", Schedule{at}));
  };
  SUBCASE("waiting") {
    options.wait = true;
    CHECK(failures(hall.run(options)) == 0);
    CHECK(hall.clock.now() >= at - 1ms);
    CHECK(hall.posts().size() == 3);
  }
  SUBCASE("not waiting") {
    CHECK(failures(hall.run(options)) == 1);
    CHECK(hall.posts().size() == 2);
    CHECK(UploadQueue(hall.registry).find("clip_1", "YouTube").value()->schedule);
  }
}

TEST_CASE("while the queue is paused nothing is sent, whoever plans it, until it goes on") {
  Hall hall(2);
  UploadQueue queue(hall.registry);
  REQUIRE(queue.hold_all(true));
  CHECK(text_of(hall.plan(only("YouTube"))) == "clip_0 wait: paused\nclip_1 wait: paused\n");
  SUBCASE("a run that does not wait ends, and says so") {
    const auto results = hall.run({.plan = only("YouTube")});
    REQUIRE(failures(results) == 2);
    CHECK(results[0].error->message == "paused; to let it go: asfs-videos queue resume --all");
    CHECK(hall.posts().empty());
    CHECK(Stranger(hall).ask("SELECT count(*) FROM video_uploads") == "0");
    REQUIRE(queue.hold_all(false));
  }
  SUBCASE("a run that waits goes on when the queue does") {
    BulkOptions options{.plan = only("YouTube"), .wait = true};
    int rounds = 0;
    options.on_start = [&](const auto&, const auto&) {
      CHECK(hall.posts().empty());
      if (++rounds == 1) REQUIRE(queue.hold_all(false));
    };
    CHECK(failures(hall.run(options)) == 0);
  }
  CHECK(failures(hall.run({.plan = only("YouTube")})) == 0);
  CHECK(hall.posts().size() == 2);
}

TEST_CASE("changed limits reach a run that waits") {
  Hall hall(3);
  hall.limit({.cooldown = 24h});
  const TimePoint began = hall.clock.now();
  hall.context.read_config = [&]() -> Result<Config> {
    Config config = hall.config;
    if (hall.clock.now() - began > 1h) config.of<YouTubeConfig>().limits.cooldown = 0s;
    return config;
  };
  CHECK(failures(hall.run({.plan = only("YouTube"), .wait = true})) == 0);
  CHECK(hall.posts().size() == 3);
  CHECK(hall.clock.now() - began < 2h);
}

TEST_CASE("a configuration that cannot be read is told once, and the one before stays") {
  Hall hall(3);
  hall.limit({.cooldown = 1h});
  int told = 0;
  hall.context.read_config = [&]() -> Result<Config> { return fail(Code::library, "line 1: what is this?"); };
  BulkOptions options{.plan = only("YouTube"), .wait = true};
  options.on_trouble = [&](const Error&) { ++told; };
  CHECK(failures(hall.run(options)) == 0);
  CHECK(told >= 1);
  CHECK(told <= 2);  // by the run, and by its plan
}
