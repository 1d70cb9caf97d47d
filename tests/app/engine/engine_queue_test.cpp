// The queue, as the window changes it: a real library, real uploads to the practice platforms.
#include <doctest/doctest.h>

#include "tests/support/destinations.h"
#include "tests/support/engine_house.h"
#include "uploaders/transfer/bandwidth.h"

using namespace asfs;
using namespace std::chrono_literals;
using test::EngineHouse;
using Why = QueueTurn::Why;

namespace {

constexpr std::size_t kYouTube = 2;

VideoIds ids(std::vector<std::string> list) {
  return std::make_shared<const std::vector<std::string>>(std::move(list));
}

BulkWish on_youtube(VideoIds videos) {
  return {.videos = std::move(videos), .destinations = only_these({"YouTube"})};
}

/// Three clips; YouTube takes one an hour.
struct SlowHouse : EngineHouse {
  SlowHouse() {
    for (int i = 1; i <= 3; ++i) add_video("clip" + std::to_string(i), i);
    write_config("rate_limits.json", R"({"YouTube": {"cooldown_seconds": 3600}})");
    start();
  }
  QueueTurn turn(const std::string& id) const {
    const auto view = state().waiting;
    const QueueTurn* found = view->find(upload_key(id, kYouTube));
    return found ? *found : QueueTurn();
  }
  /// In the order of sending.
  std::string waiting() const {
    const auto view = state().waiting;
    std::string text;
    for (const std::uint32_t i : view->order) text += view->queue->items[i].video_id + " ";
    return text;
  }
  bool until_waiting(const std::string& wanted) {
    return until([&](const AppState&) { return waiting() == wanted; });
  }
  TimePoint later() const { return system_clock().now() + 48h; }
};

}  // namespace

TEST_CASE("a selection is uploaded, and nothing else") {
  EngineHouse house;
  for (int i = 1; i <= 4; ++i) house.add_video("clip" + std::to_string(i), i);
  house.start();
  house.ask(MakePlan{.what = on_youtube(ids({"clip2", "clip4"})), .number = 7});
  REQUIRE(house.until([](const AppState& s) { return s.plan && s.plan->number == 7; }));
  CHECK(house.state().plan->uploads == 2);
  CHECK(house.state().plan->destinations[kYouTube].now == 2);
  CHECK(house.state().plan->last.empty());
  house.ask(UploadMany{on_youtube(ids({"clip2", "clip4"}))});
  CHECK(house.until_notice("Bulk upload: 2 uploaded, 0 failed"));
  CHECK(house.posts() == 2);
}

TEST_CASE("what is asked for while another bulk upload is being planned is uploaded, too") {
  EngineHouse house;
  for (int i = 1; i <= 3; ++i) house.add_video("clip" + std::to_string(i), i);
  house.start();
  for (int i = 1; i <= 3; ++i) house.ask(UploadMany{on_youtube(ids({"clip" + std::to_string(i)}))});
  CHECK(house.until([](const AppState& s) {
    int uploaded = 0;
    for (std::size_t i = 0; s.table && i < s.table->snapshot->size(); ++i)
      uploaded += s.table->snapshot->video(i).uploads[kYouTube].status == UploadStatus::success;
    return uploaded == 3;
  }));
}

TEST_CASE("of plans asked for in a row the newest is shown in the end") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  for (std::uint64_t i = 1; i <= 20; ++i) house.ask(MakePlan{.number = i});
  CHECK(house.until([](const AppState& s) { return s.plan && s.plan->number == 20; }));
}

TEST_CASE("a plan beyond the limits says when the last one goes") {
  SlowHouse house;
  house.ask(MakePlan{.what = on_youtube(nullptr), .number = 1});
  REQUIRE(house.until([](const AppState& s) { return s.plan != nullptr; }));
  const auto plan = house.state().plan;
  CHECK(plan->destinations[kYouTube].now == 1);
  CHECK(plan->destinations[kYouTube].later == 2);
  CHECK_FALSE(plan->last.empty());
  CHECK(plan->last == plan->destinations[kYouTube].last);
}

TEST_CASE("a selection scheduled as a series waits for its times") {
  SlowHouse house;
  BulkWish wish = on_youtube(ids({"clip1", "clip3"}));
  wish.series = SlotSeries{.first = house.later(), .every = 24h};
  house.ask(UploadMany{wish});
  REQUIRE(house.until_notice("2 uploads scheduled"));
  REQUIRE(house.until_waiting("clip1 clip3 "));
  CHECK(house.turn("clip1").why == Why::scheduled);
  CHECK(house.turn("clip3").at - house.turn("clip1").at >= 23h);
  CHECK(house.posts() == 0);
}

TEST_CASE("one upload is scheduled, moved to another time, and goes out when its time is forgotten") {
  SlowHouse house;
  const TimePoint first = house.later(), second = first + 1h;
  house.ask(ScheduleUpload{"clip1", "YouTube", Schedule{first}});
  REQUIRE(house.until_waiting("clip1 "));
  house.ask(ScheduleUpload{"clip1", "YouTube", Schedule{second}});
  CHECK(house.until([&](const AppState&) { return house.turn("clip1").at - first > 59min; }));
  house.ask(ScheduleUpload{"clip1", "YouTube", std::nullopt});
  CHECK(house.until_notice("is on YouTube"));
  CHECK(house.posts() == 1);
  house.ask(ScheduleUpload{"clip1", "YouTube", Schedule{first}});
  CHECK(house.until_notice("Not saved"));  // it is posted already
}

TEST_CASE("what waits is moved, paused alone, and cancelled as a selection") {
  SlowHouse house;
  house.ask(UploadMany{on_youtube(nullptr)});
  REQUIRE(house.until([&](const AppState&) { return house.posts() == 1; }));
  REQUIRE(house.until_waiting("clip2 clip3 "));
  REQUIRE(house.until([&](const AppState&) { return house.turn("clip2").why == Why::limit; }));
  CHECK(house.turn("clip3").at - house.turn("clip2").at >= 59min);
  house.ask(MoveUpload{"clip3", "YouTube", UploadQueue::Move::up});
  CHECK(house.until_waiting("clip3 clip2 "));
  house.ask(HoldUpload{"clip3", "YouTube", true});
  CHECK(house.until([&](const AppState&) { return house.turn("clip3").why == Why::held; }));
  CHECK(house.state().waiting->paused == 1);
  house.ask(CancelUploads{ids({"clip2", "clip3"})});
  CHECK(house.until_waiting(""));
  CHECK(house.until_notice("Bulk upload: 1 uploaded"));
}

TEST_CASE("another program's change of the queue is shown, and what did not change is not read again") {
  SlowHouse house;
  house.ask(ScheduleUpload{"clip1", "YouTube", Schedule{house.later()}});
  REQUIRE(house.until_waiting("clip1 "));
  const auto queue = house.state().waiting->queue;
  auto other = VideoRegistry::open(house.library());
  REQUIRE(other->set_title("clip2", "Renamed elsewhere"));
  REQUIRE(house.until([](const AppState& s) {
    for (std::size_t i = 0; i < s.table->snapshot->size(); ++i)
      if (s.table->snapshot->video(i).title == "Renamed elsewhere") return true;
    return false;
  }));
  CHECK(house.state().waiting->queue == queue);
  REQUIRE(UploadQueue(*other).hold("clip1", "YouTube", true));
  CHECK(house.until([](const AppState& s) { return s.waiting->paused == 1; }));
  CHECK(house.state().waiting->queue != queue);
}

TEST_CASE("a cap on the speed reaches an upload that runs, and is kept") {
  EngineHouse house;
  house.add_large_video("clip");
  house.start();
  house.ask(SetSpeedLimit{50'000});
  REQUIRE(house.until([](const AppState& s) { return s.speed_limit == 50'000; }));
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  REQUIRE(house.until(
      [](const AppState& s) { return !s.running->empty() && s.running->front()->progress.sent > 0; }));
  CHECK(bandwidth().limit() == 50'000);
  house.ask(SetSpeedLimit{0});
  CHECK(house.until_notice("is on YouTube"));
  house.stop();
  house.start();
  CHECK(house.until([](const AppState& s) { return s.table && s.speed_limit == 0; }));
}

TEST_CASE("duplicates are allowed for a selection at once") {
  EngineHouse house;
  for (int i = 1; i <= 3; ++i) house.add_video("clip" + std::to_string(i), i);
  house.start();
  house.ask(SetDuplicatesAllowed{ids({"clip1", "clip3", "nobody"}), true});
  CHECK(house.until([](const AppState& s) {
    if (!s.table || s.table->snapshot->size() != 3) return false;
    int allowed = 0;
    for (std::size_t i = 0; i < 3; ++i) allowed += s.table->snapshot->video(i).duplicate_allowed;
    return allowed == 2;
  }));
}
