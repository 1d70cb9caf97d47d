// The engine, as the window uses it: actions in, snapshots and notices out, against the practice platforms.
#include "app/engine/engine.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "registry/base/files.h"
#include "tests/support/destinations.h"
#include "tests/support/engine_house.h"
#include "tests/support/make_video.h"
#include "tests/support/temp_folder.h"
#include "tests/support/webhook_receiver.h"

using namespace asfs;
using test::EngineHouse;

TEST_CASE("a button press uploads the video, and the row turns to uploaded") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  REQUIRE(
      house.until([](const AppState& state) { return state.table && state.table->snapshot->size() == 1; }));
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK(house.until_status(0, UploadStatus::success));
  CHECK(house.until_notice("clip is on YouTube"));
  CHECK(house.posts() == 1);
}

TEST_CASE("what the question shows is what is posted, whatever words the video and the queue have") {
  EngineHouse house;
  house.add_video("clip");
  auto registry = VideoRegistry::open(house.library());
  REQUIRE(registry);
  const std::string id = "clip";
  REQUIRE(registry->change_metadata({&id, 1}, [](std::size_t, const std::string&) {
    return Result<std::string>(R"({"title":"Own title","YouTube":{"privacy":"unlisted"}})");
  }));
  house.start();
  std::uint64_t number = 0;
  const auto shown = [&](const std::string& platform) {
    house.ask(PreviewPost{id, platform, ++number});
    REQUIRE(house.until([&](const AppState& s) { return s.post && s.post->number == number; }));
    return *house.state().post;
  };
  const PostView asked = shown("YouTube");
  CHECK(asked.post.text == "Own title");
  CHECK(asked.post.audience == "unlisted");
  CHECK(asked.problem.empty());
  house.ask(StartUpload{.video_id = id, .platform = "YouTube"});
  REQUIRE(house.until_status(0, UploadStatus::success));
  const auto post = house.practice.posts().at(0);
  CHECK(post["title"] == asked.post.text);
  const auto made =
      house.practice.api("/youtube/v3/videos?part=status&id=" + post["post_id"].get<std::string>());
  CHECK(made.json()["items"][0]["status"]["privacyStatus"] == asked.post.audience);
  // Put into the queue with words of its own, as `upload --at --privacy` does.
  REQUIRE(UploadQueue(*registry).add(
      std::vector<QueueItem>{{.video_id = id,
                              .platform = "TikTok",
                              .metadata_json = R"({"privacy":"SELF_ONLY"})",
                              .schedule = Schedule{.at = system_clock().now() + std::chrono::hours(1)}}}));
  CHECK(shown("TikTok").post.audience == "private");
  REQUIRE(registry->change_metadata({&id, 1}, [](std::size_t, const std::string&) {
    return Result<std::string>(R"({"publish_at":"2020-01-01T00:00:00Z"})");
  }));
  CHECK(shown("YouTube").problem.find("YouTube would publish it at once") != std::string::npos);
  CHECK(shown("Instagram").problem.find("Instagram would publish it at once") != std::string::npos);
}

TEST_CASE("a second press is refused, offers to enable duplicates, and the answer really uploads again") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  REQUIRE(house.until_notice("is on YouTube"));
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  REQUIRE(house.until_notice("not uploaded to YouTube"));
  REQUIRE(house.notices().back().blocked);
  CHECK(house.posts() == 1);
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube", .allow_duplicates = true});
  CHECK(house.until([&](const AppState&) { return house.posts() == 2; }));
}

TEST_CASE("Upload All Pending takes every video that is not uploaded, and tells once") {
  EngineHouse house;
  for (int i = 1; i <= 5; ++i) house.add_video("clip" + std::to_string(i), i);
  house.start();
  REQUIRE(
      house.until([](const AppState& state) { return state.table && state.table->snapshot->size() == 5; }));
  house.ask(StartUpload{.video_id = "clip3", .platform = "YouTube"});
  REQUIRE(house.until_status(2, UploadStatus::success));
  house.ask(MakePlan{.number = 1});
  REQUIRE(house.until([](const AppState& state) { return state.plan && state.plan->number == 1; }));
  const auto plan = house.state().plan;
  CHECK(plan->lines.size() == 14);
  CHECK(plan->destinations[place_of("YouTube")].now == 4);
  CHECK(plan->bytes > 0);
  house.ask(UploadMany{});
  CHECK(house.until_notice("Bulk upload: 14 uploaded, 0 failed"));
  CHECK(house.posts() == 15);
}

TEST_CASE("without a login the whole line waits, tells once, and goes on after the login") {
  EngineHouse house;
  for (int i = 1; i <= 5; ++i) house.add_video("clip" + std::to_string(i), i);
  house.start_with_accounts();
  for (int i = 1; i <= 5; ++i)
    house.ask(StartUpload{.video_id = "clip" + std::to_string(i), .platform = "YouTube"});
  REQUIRE(house.until_notice("YouTube waits for you to sign in"));
  REQUIRE(house.until([](const AppState& s) { return s.running->empty() && s.waiting->size() == 5; }));
  REQUIRE(house.posts() == 0);
  const auto folder = house.library().tokens_folder();
  std::filesystem::create_directories(folder);
  REQUIRE(write_file_atomically(folder / "youtube.token", house.practice.token()));
  house.ask(RefreshNow{});
  CHECK(house.until([&](const AppState&) { return house.posts() == 5; }));
  const auto told = std::ranges::count_if(
      house.notices(), [](const Notice& n) { return n.text.find("sign in") != std::string::npos; });
  CHECK(told == 1);
}

TEST_CASE("what is too soon says when, waits in the queue, and goes out by itself, also after a restart") {
  EngineHouse house;
  for (int i = 1; i <= 3; ++i) house.add_video("clip" + std::to_string(i), i);
  house.write_config("rate_limits.json",
                     R"({"YouTube": {"cooldown_seconds": 1, "max_per_hour": 2, "max_per_day": 0}})");
  house.start();
  for (int i = 1; i <= 3; ++i)
    house.ask(StartUpload{.video_id = "clip" + std::to_string(i), .platform = "YouTube"});
  CHECK(house.until([&](const AppState&) { return house.posts() == 2; }));
  CHECK(house.until([](const AppState& s) { return s.running->empty() && s.waiting->size() == 1; }));
  house.stop();
  house.write_config("rate_limits.json",
                     R"({"YouTube": {"cooldown_seconds": 1, "max_per_hour": 3, "max_per_day": 0}})");
  house.start();
  CHECK(house.until_notice("Going on with 1 upload from last time"));
  CHECK(house.until([&](const AppState& s) { return house.posts() == 3 && s.waiting->empty(); }));
}

TEST_CASE("what waits can be paused and cancelled, one or all, and tells when the next goes") {
  EngineHouse house;
  for (int i = 1; i <= 4; ++i) house.add_video("clip" + std::to_string(i), i);
  house.write_config("rate_limits.json", R"({"YouTube": {"cooldown_seconds": 3600}})");
  house.start();
  for (int i = 1; i <= 4; ++i)
    house.ask(StartUpload{.video_id = "clip" + std::to_string(i), .platform = "YouTube"});
  REQUIRE(house.until([&](const AppState& s) { return house.posts() == 1 && s.waiting->size() == 3; }));
  const auto waits = [&](const std::string& id) {
    return house.state().waiting->find(upload_key(id, place_of("YouTube"))) != nullptr;
  };
  const std::string one = waits("clip2") ? "clip2" : "clip3";
  CHECK(house.until([](const AppState& s) { return bool(s.waiting->next); }));
  house.ask(PauseQueue{true});
  CHECK(house.until([](const AppState& s) { return s.waiting->paused == 3; }));
  house.ask(PauseQueue{false});
  CHECK(house.until([](const AppState& s) { return s.waiting->paused == 0; }));
  house.ask(CancelUpload{.video_id = one, .platform = "YouTube"});
  CHECK(house.until([&](const AppState&) { return !waits(one); }));
  CHECK(house.state().waiting->size() == 2);
  house.ask(CancelAll{});
  CHECK(house.until([](const AppState& s) { return s.waiting->empty(); }));
  CHECK(house.posts() == 1);
}

TEST_CASE("a cancelled upload can be resumed") {
  EngineHouse house;
  house.add_large_video("clip");
  house.practice.fault({{"kind", "slow"}, {"bytes_per_second", 100'000}});
  house.start();
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  REQUIRE(house.until(
      [](const AppState& s) { return !s.running->empty() && s.running->front()->progress.sent > 0; }));
  house.ask(CancelUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK(house.until_notice("can be resumed"));
  CHECK(house.until_status(0, UploadStatus::pending));
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK(house.until_status(0, UploadStatus::success));
  CHECK(house.posts() == 1);
}

TEST_CASE("who cancels an upload after its last byte is told that the post may still appear") {
  EngineHouse house;
  house.add_video("clip");
  house.practice.fault({{"kind", "stall"}, {"at_byte", house.size_of("clip")}, {"seconds", 60}});
  house.start();
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  REQUIRE(house.until(
      [](const AppState& s) { return !s.running->empty() && s.running->front()->progress.may_be_live; }));
  house.ask(CancelUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK(house.until_notice("clip: stopped, but its post may still appear on YouTube"));
  CHECK(house.notices().back().detail.find("Nothing is sent again") != std::string::npos);
  CHECK(house.until_status(0, UploadStatus::in_progress));
  house.ask(CancelAll{});  // nothing waits; what may be live is told of all the same
  CHECK(house.until_notice("1 post may still appear"));
}

TEST_CASE("closing in the middle of an upload leaves it resumable") {
  EngineHouse house;
  house.add_large_video("clip");
  house.practice.fault({{"kind", "slow"}, {"bytes_per_second", 100'000}});
  house.start();
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  REQUIRE(house.until(
      [](const AppState& s) { return !s.running->empty() && s.running->front()->progress.sent > 0; }));
  house.stop();
  CHECK(house.posts() == 0);
  house.start();
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK(house.until_status(0, UploadStatus::success));
  CHECK(house.posts() == 1);
}

TEST_CASE("a change made by another program is shown") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  REQUIRE(
      house.until([](const AppState& state) { return state.table && state.table->snapshot->size() == 1; }));
  auto other = VideoRegistry::open(house.library());
  REQUIRE(other);
  REQUIRE(other->set_title("clip", "Renamed elsewhere"));
  CHECK(house.until(
      [](const AppState& state) { return state.table->snapshot->video(0).title == "Renamed elsewhere"; }));
}

TEST_CASE("the toggle is saved") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  house.ask(SetDuplicateAllowed{.video_id = "clip", .allowed = true});
  CHECK(house.until([](const AppState& s) {
    return s.table && s.table->snapshot->size() == 1 && s.table->snapshot->video(0).duplicate_allowed;
  }));
}

TEST_CASE("a switch flipped while another program holds the library shows at once, and is saved afterwards") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  REQUIRE(house.until([](const AppState& s) { return s.table && s.table->snapshot->size() == 1; }));
  Stranger other(house.library().database());
  other.run("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");  // it waits its turn, as the Python program does
  house.ask(SetDuplicateAllowed{.video_id = "clip", .allowed = true});
  const AppState state = house.state();
  REQUIRE(state.flipped);
  CHECK(state.flipped->at("clip").on);
  CHECK_FALSE(state.table->snapshot->video(0).duplicate_allowed);
  CHECK(house.until([](const AppState& s) { return s.unsaved_for > 0.1; }));
  other.run("COMMIT");
  CHECK(house.until([](const AppState& s) {
    return !s.flipped && s.unsaved_for == 0 && s.table->snapshot->video(0).duplicate_allowed;
  }));
}

TEST_CASE("what was added in practice is taken over into the library when a person asks for it") {
  EngineHouse house;
  const Library real = house.library();
  house.practise();
  house.add_video("clip");
  house.start();
  REQUIRE(house.until([](const AppState& s) { return s.newcomers == 1; }));
  CHECK_FALSE(std::filesystem::exists(real.database()));
  house.ask(TakeOverNewcomers{});
  CHECK(house.until_notice("1 video is now in the library"));
  CHECK(house.until([](const AppState& s) { return s.newcomers == 0; }));
  CHECK(VideoRegistry::open(real)->get_video("clip").value());
}

TEST_CASE("dropped files are registered, and what cannot be is told") {
  EngineHouse house;
  house.start();
  test::TempFolder folder;
  test::write_file(folder / "words.mp4", "no video");
  test::make_video(folder / "new.mp4");
  house.ask(RegisterFiles{{folder / "new.mp4", folder / "words.mp4"}});
  CHECK(house.until([](const AppState& state) { return state.table && state.table->snapshot->size() == 1; }));
  CHECK(house.until_notice("1 file was not registered"));
}

TEST_CASE("of many files dropped at once those that cannot be registered are told together") {
  EngineHouse house;
  house.start();
  test::TempFolder folder;
  RegisterFiles dropped;
  for (const char* name : {"a.mp4", "b.mp4", "c.mp4", "d.mp4", "e.mp4"}) {
    test::write_file(folder / name, "no video");
    dropped.paths.push_back(folder / name);
  }
  house.ask(dropped);
  REQUIRE(house.until_notice("0 added, 0 there already"));
  REQUIRE(house.notices().size() == 2);
  const Notice& told = house.notices().front();
  CHECK(told.text == "5 files were not registered");
  CHECK(told.detail.find("a.mp4") != std::string::npos);
  CHECK(told.detail.find("c.mp4") != std::string::npos);
  CHECK(told.detail.find("d.mp4") == std::string::npos);
  CHECK(told.detail.ends_with("\nand 2 more"));
}

TEST_CASE("a CSV that is dropped with files, or alone, says what their posts say") {
  EngineHouse house;
  house.start();
  test::TempFolder folder;
  test::make_video(folder / "new.mp4");
  test::write_file(folder / "posts.csv", "file,title\nnew.mp4,First\n");
  house.ask(RegisterFiles{{folder / "posts.csv", folder / "new.mp4"}});
  REQUIRE(house.until_notice("posts.csv says what the posts of 1 video are to say"));
  auto registry = VideoRegistry::open(house.library());
  REQUIRE(registry);
  CHECK(registry->get_metadata("new") == R"({"title":"First"})");
  test::write_file(folder / "again.csv", "id,title\nnew,Second\n");
  house.ask(RegisterFiles{{folder / "again.csv"}});
  REQUIRE(house.until_notice("again.csv says"));
  CHECK(registry->get_metadata("new") == R"({"title":"Second"})");
}

TEST_CASE("a dropped CSV with a mistake changes nothing and tells where it is") {
  EngineHouse house;
  house.start();
  test::TempFolder folder;
  test::make_video(folder / "new.mp4");
  test::write_file(folder / "bad.csv", "file,draft\nnew.mp4,perhaps\n");
  house.ask(RegisterFiles{{folder / "new.mp4", folder / "bad.csv"}});
  REQUIRE(house.until_notice("bad.csv has 1 mistake; nothing was changed"));
  CHECK(house.notices().back().detail.ends_with("bad.csv, line 2, column 2 (draft): must be true or false"));
  CHECK(VideoRegistry::open(house.library())->get_all_videos()->empty());
}

TEST_CASE("the window tells webhooks what is over") {
  const test::Receiver receiver;
  EngineHouse house;
  house.practise();
  test::write_webhook(house.library(), receiver.url());
  house.add_video("clip");
  house.start();
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  REQUIRE(receiver.until(1));
  const auto body = receiver.told()[0].json();
  CHECK(body["event"] == "uploaded");
  CHECK(body["video_id"] == "clip");
  CHECK(body["practice"] == true);
}

TEST_CASE("a broken webhooks.json is a warning in the window, and uploads go on") {
  EngineHouse house;
  test::write_webhooks(house.library(), "{");
  house.add_video("clip");
  house.start();
  CHECK(house.until_notice("A webhook could not be told"));
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK(house.until_notice("clip is on YouTube"));
}

TEST_CASE("a library that drops out is not made anew by a click, and all goes on when it is back") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  REQUIRE(
      house.until([](const AppState& state) { return state.table && state.table->snapshot->size() == 1; }));
  const auto home = house.library().home, away = std::filesystem::path(home.native() + "-away");
  std::filesystem::rename(home, away);
  CHECK(house.until([](const AppState& state) {
    return state.library_error && state.library_error->find("is gone") != std::string::npos;
  }));
  house.ask(SetDuplicateAllowed{"clip", true});
  CHECK(house.until_notice("Not saved"));
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK_FALSE(std::filesystem::exists(home));
  std::filesystem::rename(away, home);
  CHECK(house.until([](const AppState& state) { return !state.library_error; }));
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK(house.until_status(0, UploadStatus::success));
  CHECK(house.posts() == 1);
}

TEST_CASE("what the Python program registered without a checksum is found out while nothing else is to do") {
  EngineHouse house;
  house.add_video("clip");
  auto registry = VideoRegistry::open(house.library());
  REQUIRE(registry);
  const auto checksum = registry->get_video("clip").value()->checksum;
  registry->database().execute("UPDATE videos SET checksum = NULL, duration = 0; DELETE FROM asfs_files");
  house.start();
  CHECK(house.until(
      [&](const AppState&) { return registry->get_video("clip").value()->checksum == checksum; }));
}

TEST_CASE("a plan that nobody waits for any more is not made") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  house.ask(MakePlan{.number = 1});
  house.ask(DropPlan{});
  house.ask(MakePlan{.number = 2});
  CHECK(house.until([](const AppState& state) { return state.plan && state.plan->number == 2; }));
}
