// The engine's tasks: what they throw is told, and what they held is free again.
#include "app/engine/tasks.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/engine_house.h"

using namespace asfs;

namespace {

struct ToldTasks {
  std::mutex mutex;
  std::vector<std::string> told;
  Tasks tasks{[this](const Error& fault) {
    const std::scoped_lock lock(mutex);
    told.push_back(fault.message);
  }};
};

[[noreturn]] void break_down() {
  throw std::runtime_error("no memory");
}

}  // namespace

TEST_CASE("what a task throws is told, and what follows it follows all the same") {
  ToldTasks f;
  std::atomic<int> followed = 0;
  f.tasks.launch(break_down, [&] { ++followed; });
  f.tasks.launch([] {}, [&] { ++followed; });
  f.tasks.wait();
  CHECK(followed == 2);
  CHECK(f.told == std::vector<std::string>{"a fault of the program: no memory"});
}

TEST_CASE("what follows a task may throw, too, and so may who is told") {
  ToldTasks f;
  f.tasks.launch(break_down, break_down);
  f.tasks.wait();
  CHECK(f.told.size() == 2);
  Tasks deaf{[](const Error&) { break_down(); }};
  deaf.launch(break_down);
  deaf.wait();
}

TEST_CASE("who waits for tasks waits for those that they launch, too") {
  ToldTasks f;
  std::atomic<bool> last = false;
  f.tasks.launch([&] { f.tasks.launch([] {}, [&] { f.tasks.launch([&] { last = true; }); }); });
  f.tasks.wait();
  CHECK(last);
}

TEST_CASE("what the queue's worker throws is told, and uploads go on") {
  test::EngineHouse house;
  house.add_video("clip");
  std::atomic<int> reads = 0;
  house.read_config = [&]() -> Result<Config> {
    if (++reads == 1) break_down();
    return upload_config(house.library(), house.practice.server().url());
  };
  house.start();
  REQUIRE(house.until([&](const AppState&) {
    house.ask(RefreshNow{});
    return reads > 0;
  }));
  REQUIRE(house.until_notice("The queue stands still"));
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK(house.until_notice("clip is on YouTube"));
}

TEST_CASE("what the reader's round throws is shown, and the next round shows the library again") {
  test::EngineHouse house;
  house.add_video("clip");
  house.wake_throws = true;
  house.start();
  REQUIRE(house.until([](const AppState& s) { return s.library_error != nullptr; }));
  CHECK(*house.state().library_error == "a fault of the program: no memory");
  house.wake_throws = false;
  CHECK(house.until([](const AppState& s) { return !s.library_error && s.table; }));
}
