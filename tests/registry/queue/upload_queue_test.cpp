// The queue: what comes next and when, over restarts, processes and missed slots.
#include "registry/queue/upload_queue.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "tests/registry/queue/queue_fixture.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

TEST_CASE("items come in the order they were added, each once, and only for their platform") {
  QueueFixture f;
  CHECK(f.queue.add(std::vector{f.item("b"), f.item("a"), f.item("c")}).value() == 3);
  CHECK_FALSE(f.queue.take("TikTok").value());
  CHECK(f.take() == "b");
  CHECK(f.take() == "a");
  CHECK(f.take() == "c");
  CHECK(f.take() == "");
}

TEST_CASE("what is added again keeps its place") {
  QueueFixture f;
  f.add({f.item("a"), f.item("b")});
  CHECK(f.queue.add(std::vector{f.item("a"), f.item("c")}).value() == 1);
  CHECK(f.order() == "a b c ");
}

TEST_CASE("a process that dies with an item loses it after a while") {
  QueueFixture f;
  f.add({f.item("a")});
  CHECK(f.take() == "a");
  auto other = f.test.open();
  UploadQueue second(other);
  CHECK(f.take(second) == "");
  f.test.clock.advance(kLent + 1s);
  CHECK(f.take(second) == "a");
}

TEST_CASE("a scheduled item waits for its time, and then goes before those without one") {
  QueueFixture f;
  f.add(
      {f.item("soon"), f.item("later", Schedule{f.now() + 1h}), f.item("sooner", Schedule{f.now() + 30min})});
  CHECK(f.order() == "sooner later soon ");
  CHECK(f.queue.next_ready("YouTube").value() <= f.now());
  CHECK(f.take() == "soon");
  CHECK(f.take() == "");
  f.test.clock.advance(61min);
  REQUIRE(f.queue.remove("soon", "YouTube"));
  CHECK(f.take() == "sooner");
  CHECK(f.take() == "later");
}

TEST_CASE("an item put back waits its pause, then goes first") {
  QueueFixture f;
  f.add({f.item("a"), f.item("b")});
  CHECK(f.take() == "a");
  REQUIRE(f.queue.put_back("a", "YouTube", f.now() + 5min));
  f.test.clock.advance(6min);
  CHECK(f.take() == "a");
  CHECK(f.take() == "b");
}

TEST_CASE("next_ready tells when it is worth to ask again") {
  QueueFixture f;
  CHECK_FALSE(f.queue.next_ready("YouTube").value());
  const TimePoint at = f.now() + 5min;
  f.add({f.item("a", Schedule{at})});
  CHECK(at - *f.queue.next_ready("YouTube").value() < 1ms);
}

TEST_CASE("a held item is passed over until it is let go; so are all") {
  QueueFixture f;
  f.add({f.item("a"), f.item("b")});
  CHECK(f.queue.hold("a", "YouTube", true).value());
  CHECK_FALSE(f.queue.hold("x", "YouTube", true).value());
  CHECK(f.take() == "b");
  CHECK(f.queue.hold_all(true).value() == 2);
  CHECK(f.take() == "");
  CHECK_FALSE(f.queue.next_ready("YouTube").value());
  REQUIRE(f.queue.hold_all(false));
  CHECK(f.take() == "a");
}

TEST_CASE("what is added while all are held is held, too, until all are let go; one can be let go alone") {
  QueueFixture f;
  REQUIRE(f.queue.hold_all(true));
  f.add({f.item("a"), f.item("b"), f.item("timed", Schedule{f.now() + 1h})});
  CHECK(f.queue.is_held().value());
  f.test.clock.advance(2h);
  CHECK(f.take() == "");
  CHECK(f.queue.hold("b", "YouTube", false).value());
  CHECK(f.take() == "b");
  REQUIRE(f.queue.hold_all(false));
  f.add({f.item("c")});
  CHECK(f.take() == "timed");
  CHECK(f.take() == "a");
  CHECK(f.take() == "c");
}

TEST_CASE("what a person decides about an item of a run outlives the run") {
  QueueFixture f;
  UploadQueue mine(f.registry, new_queue_run());
  std::string kept;
  SUBCASE("a pause") {
    REQUIRE(mine.add(std::vector{f.item("a"), f.item("b")}, UploadQueue::For::this_run));
    REQUIRE(f.queue.hold("b", "YouTube", true));
    kept = "b ";
  }
  SUBCASE("a time") {
    REQUIRE(mine.add(std::vector{f.item("a"), f.item("b")}, UploadQueue::For::this_run));
    REQUIRE(f.queue.reschedule("b", "YouTube", Schedule{f.now() + 1h}));
    kept = "b ";
  }
  SUBCASE("a pause of all") {
    REQUIRE(mine.add(std::vector{f.item("a"), f.item("b")}, UploadQueue::For::this_run));
    REQUIRE(f.queue.hold_all(true));
    kept = "a b ";
  }
  REQUIRE(mine.add(std::vector{f.item("a"), f.item("b")}, UploadQueue::For::this_run));
  REQUIRE(mine.remove_of_this_run());
  CHECK(f.order() == kept);
  CHECK(f.take() == "");
}

TEST_CASE("an item that is put back without a time goes to its place in the line, or to its time") {
  QueueFixture f;
  f.add({f.item("a"), f.item("b"), f.item("timed", Schedule{f.now() + 1h})});
  CHECK(f.take() == "a");
  REQUIRE(f.queue.put_back("a", "YouTube", std::nullopt));
  CHECK(f.take() == "a");
  f.test.clock.advance(2h);
  CHECK(f.take() == "timed");
  REQUIRE(f.queue.put_back("timed", "YouTube", std::nullopt));
  CHECK(f.take() == "timed");
}

TEST_CASE("a chosen time goes before a pause that was over sooner") {
  QueueFixture f;
  f.add({f.item("a"), f.item("timed", Schedule{f.now() + 1h})});
  CHECK(f.take() == "a");
  REQUIRE(f.queue.put_back("a", "YouTube", f.now() + 30min));
  f.test.clock.advance(61min);
  CHECK(f.take() == "timed");
  CHECK(f.take() == "a");
}

TEST_CASE("the order can be changed") {
  QueueFixture f;
  f.add({f.item("a"), f.item("b"), f.item("c")});
  using enum UploadQueue::Move;
  CHECK(f.queue.move("c", "YouTube", first).value());
  CHECK(f.order() == "c a b ");
  CHECK(f.queue.move("a", "YouTube", down).value());
  CHECK(f.order() == "c b a ");
  CHECK(f.queue.move("a", "YouTube", up).value());
  CHECK(f.order() == "c a b ");
  CHECK(f.queue.move("c", "YouTube", last).value());
  CHECK(f.order() == "a b c ");
  CHECK(f.take() == "a");
}

TEST_CASE("at the end of the line there is nowhere to go, and only its own platform's line counts") {
  QueueFixture f;
  f.add({f.item("a"), {.video_id = "x", .platform = "TikTok"}, f.item("b")});
  using enum UploadQueue::Move;
  CHECK(f.queue.move("a", "YouTube", up).value());
  CHECK(f.queue.move("x", "TikTok", up).value());
  CHECK(f.order() == "a x b ");
  CHECK(f.queue.move("b", "YouTube", up).value());
  CHECK(f.order() == "b x a ");
  CHECK_FALSE(f.queue.move("x", "YouTube", first).value());
}

TEST_CASE("what goes by a time has no place in the line") {
  QueueFixture f;
  f.add({f.item("a"), f.item("timed", Schedule{f.now() + 1h})});
  CHECK_FALSE(f.queue.move("timed", "YouTube", UploadQueue::Move::first).value());
  CHECK(f.queue.reschedule("timed", "YouTube", std::nullopt).value());
  CHECK(f.queue.move("timed", "YouTube", UploadQueue::Move::first).value());
  CHECK(f.take() == "timed");
}

TEST_CASE("a time is given, moved and forgotten again") {
  QueueFixture f;
  f.add({f.item("a"), f.item("b")});
  CHECK(f.queue.reschedule("a", "YouTube", Schedule{f.now() + 1h}).value());
  CHECK(f.take() == "b");
  CHECK(f.take() == "");
  CHECK(f.queue.reschedule("a", "YouTube", Schedule{f.now() + 2h}).value());
  f.test.clock.advance(61min);
  CHECK_FALSE(f.queue.find("a", "YouTube").value()->not_before <= f.now());
  CHECK(f.queue.reschedule("a", "YouTube", std::nullopt).value());
  CHECK_FALSE(f.queue.find("a", "YouTube").value()->schedule);
  CHECK_FALSE(f.queue.find("a", "YouTube").value()->not_before);
  CHECK_FALSE(f.queue.reschedule("nobody", "YouTube", std::nullopt).value());
}

TEST_CASE("forgetting its time does not shorten the pause after a failure") {
  QueueFixture f;
  f.add({f.item("a", Schedule{f.now() + 1min})});
  f.test.clock.advance(2min);
  CHECK(f.take() == "a");
  REQUIRE(f.queue.put_back("a", "YouTube", f.now() + 5min));
  CHECK(f.queue.reschedule("a", "YouTube", std::nullopt).value());
  CHECK(f.take() == "");
  f.test.clock.advance(6min);
  CHECK(f.take() == "a");
}

TEST_CASE("an item that is given another time leaves its series: it is not moved with the others") {
  QueueFixture f;
  const auto at = [&](int hour) {
    return Schedule{f.now() + std::chrono::hours(hour), Schedule::IfMissed::next, 1h};
  };
  f.add({f.item("a", at(1)), f.item("b", at(2))});
  const TimePoint alone = f.now() + 5h;
  REQUIRE(f.queue.reschedule("b", "YouTube", Schedule{alone}));
  f.test.clock.advance(1h + 30min);  // a was slept through
  CHECK(f.take() == "");
  CHECK(alone - f.queue.find("b", "YouTube").value()->schedule->at < 1ms);
  CHECK(f.queue.find("a", "YouTube").value()->schedule->at > f.now());
}

TEST_CASE("a selection of videos is taken out of the queue on every platform") {
  QueueFixture f;
  f.add({f.item("a"), f.item("b"), f.item("c"), {.video_id = "a", .platform = "TikTok"}});
  const std::vector<std::string> chosen{"a", "c", "nobody"};
  CHECK(f.queue.remove(chosen).value() == 3);
  CHECK(f.order() == "b ");
}

TEST_CASE("the version is another one after every change, also by another program, and else the same") {
  QueueFixture f;
  std::int64_t last = f.queue.version().value();
  const auto changed = [&] { return std::exchange(last, f.queue.version().value()) != last; };
  CHECK_FALSE(changed());
  f.add({f.item("a"), f.item("b")});
  CHECK(changed());
  REQUIRE(f.queue.hold("a", "YouTube", true));
  CHECK(changed());
  CHECK(f.take() == "b");
  CHECK(changed());
  Stranger(f.test).run("DELETE FROM asfs_queue WHERE video_id = 'b'");
  CHECK(changed());
  REQUIRE(f.queue.list());
  CHECK_FALSE(changed());
}

TEST_CASE("a slot that was slept through is used at once, or moved with its series to the next one") {
  QueueFixture f;
  const auto at = [&](int hour, Schedule::IfMissed missed) {
    return Schedule{f.now() + std::chrono::hours(hour), missed, 1h};
  };
  using enum Schedule::IfMissed;
  f.add({f.item("a", at(1, next)), f.item("b", at(2, next)), f.item("c", at(3, next))});
  f.test.clock.advance(2h + 30min);  // a and b were slept through
  CHECK(f.take() == "");
  f.test.clock.advance(31min);
  CHECK(f.take() == "a");
  REQUIRE(f.queue.remove("a", "YouTube"));
  CHECK(f.take() == "");
  f.test.clock.advance(1h);
  CHECK(f.take() == "b");

  REQUIRE(f.queue.remove_all());
  f.add({f.item("d", at(1, Schedule::IfMissed::now))});
  f.test.clock.advance(9h);
  CHECK(f.take() == "d");
}

TEST_CASE("scheduling an item again moves it; its words stay when none are given") {
  QueueFixture f;
  f.add({{.video_id = "a", .platform = "YouTube", .metadata_json = R"({"title":"T"})"}});
  f.add({f.item("a", Schedule{f.now() + 1h})});
  CHECK(f.take() == "");
  const auto item = f.queue.find("a", "YouTube").value();
  REQUIRE(item);
  CHECK(item->metadata_json == R"({"title":"T"})");
  REQUIRE(item->schedule);
  CHECK(f.now() + 1h - item->schedule->at < 1ms);
}

TEST_CASE("the items of one run are its own and go with it") {
  QueueFixture f;
  UploadQueue mine(f.registry, new_queue_run()), other(f.registry, new_queue_run());
  REQUIRE(mine.add(std::vector{f.item("mine")}, UploadQueue::For::this_run));
  REQUIRE(other.add(std::vector{f.item("other")}, UploadQueue::For::this_run));
  CHECK(f.take() == "");
  CHECK(f.take(mine) == "mine");
  CHECK(f.take(mine) == "");
  CHECK(mine.remove_of_this_run().value() == 1);
  CHECK(f.order() == "other ");
}

TEST_CASE("the items of a process that has ended go with the next run that begins") {
  QueueFixture f;
  UploadQueue mine(f.registry, new_queue_run());
  REQUIRE(mine.add(std::vector{f.item("a")}, UploadQueue::For::this_run));
  // Another process of this machine: its pid is beyond what the kernel gives out.
  Stranger(f.test).run("UPDATE asfs_queue SET session = '4194999' || substr(session, instr(session, ' '))");
  CHECK(f.queue.remove_of_this_run().value() == 1);
  CHECK(f.order() == "");
}

TEST_CASE("a pause set by a clock that was a year ahead does not last a year") {
  QueueFixture f;
  f.add({f.item("a")});
  REQUIRE(f.queue.put_back("a", "YouTube", f.now() + 24h * 365));
  REQUIRE(f.queue.mend_pauses());
  CHECK(f.take() == "a");
}

TEST_CASE("over months of random pauses, schedules and dead processes nothing is lost and nothing starves") {
  QueueFixture f;
  std::mt19937 random(5);
  std::vector<QueueItem> items;
  std::map<std::string, TimePoint> due;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "v" + std::to_string(i);
    std::optional<Schedule> schedule;
    if (random() % 2) schedule = Schedule{f.now() + std::chrono::minutes(random() % 60'000)};
    due[id] = schedule ? schedule->at : f.now();
    items.push_back(f.item(id, schedule));
  }
  f.add(items);
  auto other = f.test.open();
  UploadQueue second(other);
  for (int step = 0; step < 200'000 && !due.empty(); ++step) {
    UploadQueue& queue = random() % 2 ? f.queue : second;
    const std::string id = f.take(queue);
    if (id.empty()) {
      f.test.clock.advance(std::chrono::minutes(1 + random() % 20));
      continue;
    }
    REQUIRE(due.contains(id));
    REQUIRE(f.now() >= due[id] - 1ms);
    // The wait of something that is due ends with the work before it, and that takes two minutes at most
    // here.
    REQUIRE(f.now() - due[id] < 24h);
    const auto fate = random() % 10;
    if (fate < 5) {
      REQUIRE(queue.remove(id, "YouTube").value());
      due.erase(id);
    } else if (fate < 8) {
      due[id] = f.now() + std::chrono::minutes(random() % 300);
      REQUIRE(queue.put_back(id, "YouTube", due[id]));
    } else {
      due[id] = f.now() + kLent;  // its process dies
    }
    f.test.clock.advance(std::chrono::seconds(random() % 120));
  }
  CHECK(due.empty());
}
