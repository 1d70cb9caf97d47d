// The plan of many uploads.
#include "uploaders/queue/upload_plan.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "tests/support/hall.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;
using Action = PlannedUpload::Action;

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

TEST_CASE("thousands are planned in their order, each by its own words, also where threads share the work") {
  Hall hall(1);
  Stranger(hall).run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
      " INSERT INTO videos(id, file_path, created_at) SELECT printf('v%04d', i), 'clip_0.mp4',"
      " '2026-02-11T08:00:00' FROM n;"
      "INSERT INTO asfs_metadata SELECT id, CASE rowid % 14 WHEN 0 THEN '{\"captoin\": \"\"}' ELSE"
      " '{\"privacy\": \"public\", \"YouTube\": {\"privacy\": \"unlisted\"}}' END FROM videos"
      " WHERE id <> 'clip_0' AND rowid % 7 = 0;"
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp) SELECT id, 'YouTube',"
      " 'SUCCESS', '2026-02-11T08:00:00' FROM videos WHERE rowid % 5 = 0");
  const auto plan = hall.plan(only("YouTube"));
  REQUIRE(plan.size() == 3001);
  std::string sent, left_out;
  std::map<std::string, int> told;
  for (const PlannedUpload& entry : plan) {
    std::string& last = entry.action == Action::skip ? left_out : sent;
    if (entry.action != Action::skip) REQUIRE(left_out.empty());
    REQUIRE(last < entry.video_id);
    last = entry.video_id;
    ++told[entry.action != Action::skip ? std::string(entry.audience)
           : entry.code == Code::usage  ? "wrong"
                                        : "posted"];
  }
  CHECK(told["posted"] == 600);
  CHECK(told["wrong"] == 172);     // of every 14th those that are not posted
  CHECK(told["unlisted"] == 171);  // of every other 7th
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
