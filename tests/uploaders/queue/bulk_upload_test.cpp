// Many uploads: the run that works the plan off.
#include "uploaders/queue/bulk_upload.h"

#include <doctest/doctest.h>

#include <thread>

#include "tests/support/hall.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

TEST_CASE("every clip goes to every platform once, and a second run finds nothing to do") {
  Hall hall(4);
  CHECK(failures(hall.run()) == 0);
  CHECK(hall.posts().size() == 12);
  CHECK(hall.run().empty());
  CHECK(hall.posts().size() == 12);
  for (const auto& entry : hall.plan()) CHECK(entry.reason.find("is already on ") != std::string::npos);
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
      if (entry.platform == platform) expected += std::string(entry.video_id) + "\n";
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
