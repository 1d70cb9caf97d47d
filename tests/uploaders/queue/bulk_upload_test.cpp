// Many uploads: the plan, and the run that works it off.
#include "uploaders/queue/bulk_upload.h"

#include <doctest/doctest.h>

#include <thread>

#include "tests/support/destinations.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/row/platforms.h"
#include "uploaders/tiktok/settings.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;
using Action = PlannedUpload::Action;

namespace {

// A library of small clips, and practice platforms. The clock ticks when everybody waits.
struct Hall : Practice, TestLibrary {
  Config config = upload_config(library, server().url()).value();
  std::unique_ptr<Credentials> credentials = practice_credentials(server().url());
  StageContext context{library, config, *credentials, clock};
  VideoRegistry registry = open();

  explicit Hall(int clips) {
    for (int i = 0; i < clips; ++i) add("clip_" + std::to_string(i), static_cast<unsigned>(i + 1));
  }
  void add(const std::string& id, unsigned seed) {
    const std::string content = test_bytes(20'000, seed);
    write_file(library.home / (id + ".mp4"), content);
    Sha256 hash;
    hash.update(std::as_bytes(std::span(content)));
    REQUIRE(registry.register_video({.id = id,
                                     .file_path = id + ".mp4",
                                     .title = id,
                                     .checksum = hash.finish(),
                                     .facts = FileFacts{20'000, {}}}));
  }
  void limit(const RateLimits& limits) {
    for (RateLimits* each : {&config.of<InstagramConfig>().limits, &config.of<TikTokConfig>().limits,
                             &config.of<YouTubeConfig>().limits}) {
      const bool pacific = each->pacific_day;
      *each = limits;
      each->pacific_day = pacific;
      each->retry_delay = 60s;
      each->longest_retry_delay = 1h;
    }
  }
  std::vector<PlannedUpload> plan(const PlanOptions& options = {}) {
    auto made = plan_uploads(context, registry, options);
    REQUIRE(made);
    return *std::move(made);
  }
  std::vector<StageResult> run(BulkOptions options = {}) {
    auto results = upload_clips(context, options);
    REQUIRE_MESSAGE(results, (results ? "" : results.error().message));
    return *std::move(results);
  }
  PlannedUpload planned(const std::string& id, std::string_view platform) {
    for (auto& entry : plan())
      if (entry.video_id == id && entry.platform == platform) return entry;
    FAIL("not in the plan");
    return {};
  }
  /// `id@time` of every attempt on the platform, in order.
  std::string attempts(std::string_view platform) {
    return Stranger(*this).ask(
        "SELECT video_id || ' ' || strftime('%s', started_at) FROM asfs_attempts WHERE platform = '" +
        std::string(platform) + "' ORDER BY id");
  }
};

PlanOptions only(std::string_view platform) {
  PlanOptions options;
  options.destinations = only_these({platform});
  return options;
}

PlanOptions only(std::string_view platform, std::vector<std::string> videos) {
  PlanOptions options = only(platform);
  options.only = std::make_shared<const std::vector<std::string>>(std::move(videos));
  return options;
}

std::string text_of(const std::vector<PlannedUpload>& plan) {
  std::string text;
  for (const auto& entry : plan)
    text += entry.video_id + " " + std::string(name_of(entry.action)) + ": " + entry.reason + "\n";
  return text;
}

int failures(const std::vector<StageResult>& results) {
  return static_cast<int>(std::ranges::count_if(results, [](const auto& r) { return r.error.has_value(); }));
}

}  // namespace

TEST_CASE("every clip goes to every platform once, and a second run finds nothing to do") {
  Hall hall(4);
  CHECK(failures(hall.run()) == 0);
  CHECK(hall.posts().size() == 12);
  CHECK(hall.run().empty());
  CHECK(hall.posts().size() == 12);
  for (const auto& entry : hall.plan()) CHECK(entry.reason.find("is already on ") != std::string::npos);
}

TEST_CASE("the plan says for every video what happens, and why") {
  Hall hall(1);
  hall.add("copy", 1);  // the same bytes as clip_0
  hall.add("gone", 9);
  std::filesystem::remove(hall.library.home / "gone.mp4");
  hall.add("long", 10);
  hall.add("edited", 11);
  write_file(hall.library.home / "edited.mp4", test_bytes(20'001, 11));
  Stranger(hall).run("UPDATE videos SET duration = 100000 WHERE id = 'long'");
  for (const char* id : {"final", "unclear", "later", "paused"})
    hall.add(id, static_cast<unsigned>(id[0] + id[2]));
  for (int i = 0; i < 4; ++i) REQUIRE(hall.registry.increment_retry_count("final", "TikTok", "it broke"));
  UploadLedger ledger(hall.registry);
  REQUIRE(ledger.finish(ledger.claim({.video_id = "unclear", .platform = "TikTok"})->attempt_id,
                        {.state = AttemptState::unconfirmed}));
  REQUIRE(hall.run({.plan = only("TikTok", {"clip_0"})}).size() == 1);
  UploadQueue queue(hall.registry);
  REQUIRE(queue.add(std::vector<QueueItem>{
      {.video_id = "later", .platform = "TikTok", .schedule = Schedule{hall.clock.now() + 1h}},
      {.video_id = "paused", .platform = "TikTok"}}));
  REQUIRE(queue.hold("paused", "TikTok", true));
  const std::string text = text_of(hall.plan(only("TikTok")));
  CAPTURE(text);
  for (const char* line :
       {"clip_0 skip: clip_0 is already on TikTok", "copy skip: copy has the same content as clip_0",
        "gone skip: the file is missing: gone.mp4",
        "edited skip: the file was changed since it was registered: edited.mp4", "long skip: the video is ",
        "final skip: final failed 4 times", "unclear skip: ", "later wait: scheduled", "paused wait: paused"})
    CHECK(text.find(line) != std::string::npos);
  auto unsigned_in = only("TikTok");
  unsigned_in.signed_in.reset();
  CHECK(text_of(hall.plan(unsigned_in)).find("later skip: not signed in") != std::string::npos);
}

TEST_CASE("the plan of a selection leaves the rest out, but not the slots that the queue takes before it") {
  Hall hall(3);
  hall.limit({.cooldown = 1h});
  UploadQueue queue(hall.registry);
  REQUIRE(queue.add(std::vector<QueueItem>{{.video_id = "clip_2", .platform = "TikTok"}}));
  const auto plan = hall.plan(only("TikTok", {"clip_0"}));
  REQUIRE(plan.size() == 1);
  CHECK(plan[0].video_id == "clip_0");
  CHECK(plan[0].action == Action::wait);
  CHECK(*plan[0].at - hall.clock.now() == 1h);
}

TEST_CASE("planned as a series, uploads go at its times, but no faster than the limits let them") {
  Hall hall(3);
  hall.limit({.cooldown = 1h});
  PlanOptions options = only("TikTok");
  const TimePoint first = hall.clock.now() + 2h;
  options.series = SlotSeries{.first = first, .every = 90min};
  auto plan = hall.plan(options);
  REQUIRE(plan.size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(*plan[static_cast<std::size_t>(i)].at == first + i * 90min);
    CHECK(plan[static_cast<std::size_t>(i)].reason == "scheduled");
  }
  options.series->every = 30min;
  plan = hall.plan(options);
  CHECK(*plan[1].at == first + 1h);
  CHECK(plan[1].reason == "one upload every 60 minutes");
  CHECK(items_of(plan)[1].schedule->at == first + 30min);  // the slot is what was asked for
}

TEST_CASE("a series gives the same random times for the same seed, and others for another") {
  const auto times = [](std::uint64_t seed) {
    std::vector<TimePoint> at;
    for (const Schedule& s : schedules_of({.every = 1h, .spread = 30min, .seed = seed}, 5))
      at.push_back(s.at);
    return at;
  };
  CHECK(times(1) == times(1));
  CHECK(times(1) != times(2));
}

TEST_CASE("the run does what the plan said, in its order and at its times") {
  Hall hall(7);
  hall.limit({.cooldown = 10min, .max_per_hour = 3, .max_per_day = 5});
  UploadQueue queue(hall.registry);
  REQUIRE(queue.add(std::vector<QueueItem>{
      {.video_id = "clip_5", .platform = "YouTube", .schedule = Schedule{hall.clock.now() + 25min}}}));
  const auto plan = hall.plan();
  CHECK(failures(hall.run({.wait = true})) == 0);
  CHECK(hall.posts().size() == 21);
  for (const auto platform : known_platforms()) {
    std::string expected;
    for (const auto& entry : plan)
      if (entry.platform == platform) expected += entry.video_id + "\n";
    std::string real;
    std::istringstream lines(hall.attempts(platform));
    std::size_t index = 0;
    for (std::string id; lines >> id;) {
      std::int64_t seconds = 0;
      lines >> seconds;
      real += id + "\n";
      while (plan[index].platform != platform) ++index;
      // The platforms take a while to process a video; the plan takes it for an instant.
      const double late =
          std::chrono::duration<double>(TimePoint(std::chrono::seconds(seconds)) - *plan[index].at).count();
      CHECK(late >= -1);
      CHECK(late < 300);
      ++index;
    }
    CHECK(real == expected);
  }
}

TEST_CASE("without waiting, what is too soon is RATE_LIMITED with its time and not in the queue") {
  Hall hall(3);
  hall.limit({.cooldown = 1h});
  const auto results = hall.run({.plan = only("YouTube")});
  REQUIRE(results.size() == 3);
  CHECK(failures(results) == 2);
  CHECK(hall.posts().size() == 1);
  CHECK(results.back().retry_at > hall.clock.now() + 59min);
  CHECK(static_cast<int>(bulk_code(results)) == static_cast<int>(Code::rate_limited));
  CHECK(hall.registry.get_upload_status("clip_2", "YouTube")->value().is(UploadStatus::rate_limited));
  CHECK(UploadQueue(hall.registry).list()->empty());
}

TEST_CASE("no more uploads run at once than the config says, in all and on a platform") {
  Hall hall(6);
  SUBCASE("in all") {
    hall.config.upload.at_once = 1;
  }
  SUBCASE("on a platform") {
    hall.config.upload.at_once_per_platform = 1;
  }
  BulkOptions options{.plan = only("YouTube")};
  const QueueRunner* watched = nullptr;
  std::size_t beside = 0;
  options.on_start = [&](const auto&, const QueueRunner& runner) { watched = &runner; };
  options.on_result = [&](const StageResult&) { beside = std::max(beside, watched->running().size()); };
  CHECK(failures(hall.run(options)) == 0);
  CHECK(beside == 0);
}

TEST_CASE("passing failures are tried again until they work, lasting ones are told once") {
  Hall hall(2);
  hall.config.upload.transient_tries = 1;
  hall.fault({{"kind", "status"}, {"status", 503}, {"times", 5}});
  std::filesystem::remove(hall.library.home / "clip_1.mp4");
  const auto results = hall.run({.plan = only("YouTube"), .wait = true});
  REQUIRE(results.size() == 2);
  CHECK_FALSE(results[0].error);
  CHECK(results[1].error->message.find("missing") != std::string::npos);
  CHECK(hall.posts().size() == 1);
}

TEST_CASE("a platform's own wait holds its line, and is waited for") {
  Hall hall(3);
  hall.limit({});
  hall.fault({{"kind", "status"}, {"status", 403}, {"reason", "quotaExceeded"}, {"times", 1}});
  const TimePoint before = hall.clock.now();
  CHECK(failures(hall.run({.plan = only("YouTube"), .wait = true, .at_once_per_platform = 1})) == 0);
  CHECK(hall.posts().size() == 3);
  CHECK(hall.clock.now() - before > 1h);
}

TEST_CASE("a pause that began while the clock was ahead is over when it is right again") {
  Hall hall(1);
  UploadQueue queue(hall.registry);
  const QueueItem item{.video_id = "clip_0", .platform = "YouTube"};
  REQUIRE(queue.add({&item, 1}));
  const TimePoint before = hall.clock.now();
  hall.clock.advance(240h);
  REQUIRE(queue.put_back("clip_0", "YouTube", hall.clock.now() + 1h));
  hall.clock.advance(-240h);
  CHECK(failures(hall.run({.plan = only("YouTube"), .wait = true})) == 0);
  CHECK(hall.posts().size() == 1);
  CHECK(hall.clock.now() - before < 24h);
}

TEST_CASE("four passing failures are final, and the run ends") {
  Hall hall(1);
  hall.config.upload.transient_tries = 0;
  hall.fault({{"kind", "status"}, {"status", 503}, {"times", 1000}});
  const auto results = hall.run({.plan = only("YouTube"), .wait = true});
  REQUIRE(results.size() == 1);
  CHECK(static_cast<int>(results[0].status) == static_cast<int>(UploadStatus::failed_final));
  CHECK(results[0].retry_count == 4);
}

TEST_CASE("stopped in the middle, the rest is left for the next run") {
  Hall hall(6);
  std::stop_source stop;
  BulkOptions options{.plan = only("YouTube"), .at_once_per_platform = 1, .stop = stop.get_token()};
  options.on_result = [&](const StageResult&) { stop.request_stop(); };
  const auto results = hall.run(options);
  CHECK(results.size() == 6);
  CHECK(hall.posts().size() < 6);
  CHECK(UploadQueue(hall.registry).list()->empty());
  CHECK(failures(hall.run({.plan = only("YouTube")})) == 0);
  CHECK(hall.posts().size() == 6);
}

TEST_CASE("who waits takes over what another program began and does not end") {
  Hall hall(2);
  UploadLedger ledger(hall.registry);
  REQUIRE(ledger.claim({.video_id = "clip_1", .platform = "YouTube"}));
  CHECK(hall.planned("clip_1", "YouTube").reason.find("is being uploaded") != std::string::npos);
  CHECK(hall.run({.plan = only("YouTube")}).size() == 1);
  CHECK(failures(hall.run({.plan = only("YouTube"), .wait = true})) == 0);
  CHECK(hall.posts().size() == 2);
}

TEST_CASE("a worker that stays takes over what another program began and does not end") {
  Hall hall(1);
  const ClaimRequest request{.video_id = "clip_0", .platform = "YouTube"};
  REQUIRE(UploadLedger(hall.registry).claim(request));
  std::stop_source stop;
  QueueRunner runner(hall.context, {.stop = stop.get_token(),
                                    .on_result = [&](const auto&, const StageResult& result, bool) {
                                      CHECK_FALSE(result.error);
                                      stop.request_stop();
                                    }});
  REQUIRE(runner.run());
  CHECK(hall.posts().size() == 1);
}

TEST_CASE("what another run dies with is taken over by who waits") {
  Hall hall(1);
  UploadQueue other(hall.registry, new_queue_run());
  REQUIRE(other.add(std::vector<QueueItem>{{.video_id = "clip_0", .platform = "YouTube"}},
                    UploadQueue::For::this_run));
  BulkOptions options{.plan = only("YouTube"), .wait = true};
  int rounds = 0;
  options.on_start = [&](const auto&, const auto&) {
    if (++rounds == 3)
      Stranger(hall).run("UPDATE asfs_queue SET session = '4194999' || substr(session, instr(session, ' '))");
  };
  CHECK(failures(hall.run(options)) == 0);
  CHECK(hall.posts().size() == 1);
  CHECK(rounds >= 4);
}

TEST_CASE("what a person takes out of the queue meanwhile is not uploaded") {
  Hall hall(4);
  hall.limit({.cooldown = 10min});
  BulkOptions options{.plan = only("YouTube"), .wait = true, .at_once_per_platform = 1};
  options.on_result = [&](const StageResult& result) {
    auto registry = hall.open();
    if (result.video_id == "clip_0") CHECK(UploadQueue(registry).remove("clip_2", "YouTube").value());
  };
  const auto results = hall.run(options);
  CHECK(hall.posts().size() == 3);
  REQUIRE(failures(results) == 1);
  CHECK(results.back().video_id == "clip_2");
  CHECK(results.back().error->message == "taken out of the queue");
}

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
  options.on_start = [&](const std::vector<PlannedUpload>& plan, const auto&) {
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

TEST_CASE("what has no time leaves a chosen time its slot") {
  Hall hall(4);
  hall.limit({.cooldown = 1h});
  const TimePoint at = hall.clock.now() + 30min;
  const QueueItem timed{.video_id = "clip_3", .platform = "YouTube", .schedule = Schedule{at}};
  REQUIRE(UploadQueue(hall.registry).add({&timed, 1}));
  CHECK(failures(hall.run({.plan = only("YouTube"), .wait = true})) == 0);
  const std::string attempts = hall.attempts("YouTube");
  CHECK(attempts.starts_with(
      "clip_3 " + std::to_string(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count())));
  CHECK(hall.posts().size() == 4);
}

TEST_CASE("a plan that nobody wants any more ends") {
  Hall hall(3);
  std::stop_source stop;
  stop.request_stop();
  PlanOptions options;
  options.stop = stop.get_token();
  const auto plan = plan_uploads(hall.context, hall.registry, options);
  REQUIRE_FALSE(plan);
  CHECK(static_cast<int>(plan.error().code) == static_cast<int>(Code::cancelled));
}

TEST_CASE("two runs at once share the work and post nothing twice") {
  Hall hall(12);
  std::vector<StageResult> one, two;
  {
    const std::jthread other([&] { two = upload_clips(hall.context, {.wait = true}).value_or(two); });
    one = hall.run({.wait = true});
  }
  CHECK(hall.posts().size() == 36);
  CHECK(Stranger(hall).ask("SELECT count(*) FROM video_uploads WHERE upload_status = 'SUCCESS'") == "36");
}

TEST_CASE("what is left undone is named, and its kind is no success: failed for good, and to be looked at") {
  Hall hall(1);
  hall.add("final", 7);
  hall.add("unclear", 8);
  for (int i = 0; i < 4; ++i) REQUIRE(hall.registry.increment_retry_count("final", "TikTok", "it broke"));
  UploadLedger ledger(hall.registry);
  REQUIRE(ledger.finish(ledger.claim({.video_id = "unclear", .platform = "TikTok"})->attempt_id,
                        {.state = AttemptState::unconfirmed}));
  for (int run = 0; run < 2; ++run) {
    const auto results = hall.run({.plan = only("TikTok")});
    REQUIRE(failures(results) == 2);
    const auto& final = results[results.size() - 2];
    CHECK(final.video_id == "final");
    CHECK(static_cast<int>(final.status) == static_cast<int>(UploadStatus::failed_final));
    CHECK(final.error->message.starts_with("final failed 4 times on TikTok"));
    CHECK(results.back().video_id == "unclear");
    CHECK(results.back().error->message.find("settle unclear TikTok") != std::string::npos);
    CHECK(static_cast<int>(bulk_code(results)) == static_cast<int>(Code::failed));
  }
  CHECK(hall.posts().size() == 1);
}

TEST_CASE("the plan says who will see each post, by the same words that are sent") {
  Hall hall(2);
  REQUIRE(
      hall.registry.change_metadata(std::vector<std::string>{"clip_1"}, [](std::size_t, const std::string&) {
        return Result<std::string>(R"({"YouTube":{"privacy":"unlisted"}})");
      }));
  CHECK(hall.planned("clip_0", "YouTube").audience == hall.config.of<YouTubeConfig>().privacy);
  CHECK(hall.planned("clip_1", "YouTube").audience == "unlisted");
  UploadQueue queue(hall.registry);
  REQUIRE(queue.add(std::vector<QueueItem>{
      {.video_id = "clip_1", .platform = "YouTube", .metadata_json = R"({"privacy":"private"})"}}));
  CHECK(hall.planned("clip_1", "YouTube").audience == "private");
}
