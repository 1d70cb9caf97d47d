// The strip at the bottom: what waits, when and why, and what can be done with it.
#include <doctest/doctest.h>

#include "app/model/when_label.h"
#include "registry/base/local_time.h"
#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"
#include "tests/support/waiting.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;
using Why = QueueTurn::Why;
using To = UploadQueue::Move;

namespace {

TimePoint local(const char* text) {
  return parse_time(text).value();
}

}  // namespace

TEST_CASE("what waits says when it goes, and all of it can be paused and resumed") {
  UiDriver window;
  window.state.time = local("2025-12-01 12:00");
  set_waiting(window, {waits("clip_002", Why::scheduled, local("2025-12-04 18:00"))});
  window.frames(2);
  CHECK(window.shows("0 uploading, 1 waiting, next at Thu 18:00"));
  window.click("Pause");
  CHECK(window.only_action<PauseQueue>().paused);
  set_waiting(window, {waits("clip_002", Why::held)});
  window.frames(2);
  CHECK(window.shows("0 uploading, 1 paused"));
  window.click("Resume");
  CHECK_FALSE(window.only_action<PauseQueue>().paused);
}

TEST_CASE("opened, the strip lists what waits in the order of sending, with when and why") {
  UiDriver window;
  window.state.time = local("2025-12-01 12:00");
  Waits limited = waits("after", Why::limit, local("2025-12-01 14:05"));
  limited.turn.limit = PostTime::Why::cooldown;
  set_waiting(window, {waits("timed", Why::scheduled, local("2025-12-01 18:00")), limited, waits("first"),
                       waits("stopped", Why::held), waits("outside", Why::sign_in)});
  window.click("Show the uploads");
  CHECK(window.shows("18:00, scheduled"));
  CHECK(window.shows("14:05, one upload every"));
  CHECK(window.shows("Waits for its turn"));
  CHECK(window.shows("Paused"));
  CHECK(window.shows("Waits for a sign-in"));
  CHECK(window.drawn().find("after") < window.drawn().find("timed"));
  CHECK(window.drawn().find("first") < window.drawn().find("after"));
}

TEST_CASE("what the platform itself holds back says so") {
  UiDriver window;
  window.state.time = local("2025-12-01 12:00");
  Waits asked = waits("asked", Why::limit, local("2025-12-01 13:00"));
  asked.turn.limit = PostTime::Why::platform;
  Waits quota = waits("quota", Why::limit, local("2025-12-01 14:00"));
  quota.turn.limit = PostTime::Why::quota;
  set_waiting(window, {asked, quota});
  window.click("Show the uploads");
  CHECK(window.shows("13:00, the platform asked to wait"));
  CHECK(window.shows("14:00, the posts the platform allows"));
}

TEST_CASE("without a connection the head and the rows say since when") {
  UiDriver window;
  window.state.time = local("2025-12-01 14:20");
  DestinationWaitList waits_for;
  waits_for.set("YouTube", {.since = local("2025-12-01 14:05"), .said = "no such host"});
  set_waiting(window, {waits("a", Why::platform), waits("stopped", Why::held)}, {}, waits_for);
  window.click("Show the uploads");
  CHECK(window.shows("0 uploading, 2 waiting, offline since 14:05"));
  CHECK(window.shows("Offline since 14:05"));
}

TEST_CASE("what is wrong with the account stands in the rows that wait for it") {
  UiDriver window;
  DestinationWaitList waits_for;
  waits_for.set("YouTube", {.why = DestinationWait::Why::account, .said = "Switch the YouTube Data API on"});
  set_waiting(window, {waits("a", Why::platform)}, {}, waits_for);
  window.click("Show the uploads");
  CHECK(window.shows("0 uploading, 1 waiting"));
  CHECK(window.shows("Switch the YouTube Data API on"));
}

TEST_CASE("a paused queue is let go by one button, also when what waits was let go one by one") {
  UiDriver window;
  set_waiting(window, {waits("a"), waits("b", Why::held)}, {}, {}, true);
  window.frames(2);
  window.click("Resume");
  CHECK_FALSE(window.only_action<PauseQueue>().paused);
}

TEST_CASE("what runs is not listed among what waits") {
  UiDriver window;
  set_waiting(window, {waits("runs"), waits("waits_too")}, {upload_key("runs", 2)});
  window.click("Show the uploads");
  CHECK(window.shows("0 uploading, 1 waiting"));
  CHECK(window.count("Cancel YouTube of runs") == 0);
  CHECK(window.count("Cancel YouTube of waits_too") == 1);
}

TEST_CASE("each upload that waits can be moved, paused and cancelled") {
  UiDriver window;
  set_waiting(window, {waits("a"), waits("b", Why::held)});
  window.click("Show the uploads");
  const auto moved = [&](const char* button) {
    window.click(button);
    const auto move = window.only_action<MoveUpload>();
    CHECK(move.video_id == "a");
    CHECK(move.platform == "YouTube");
    return move.where;
  };
  CHECK(moved("Send next YouTube of a") == To::first);
  CHECK(moved("Move up YouTube of a") == To::up);
  CHECK(moved("Move down YouTube of a") == To::down);
  window.click("Pause YouTube of a");
  CHECK(window.only_action<HoldUpload>().held);
  window.click("Resume YouTube of b");
  CHECK_FALSE(window.only_action<HoldUpload>().held);
  window.click("Cancel YouTube of a");
  CHECK(window.only_action<CancelUpload>().video_id == "a");
}

TEST_CASE("what goes by a time has no place to move to; its time can be changed and forgotten") {
  UiDriver window;
  window.state.time = local("2025-12-01 12:00");
  set_waiting(window, {waits("a", Why::scheduled, local("2025-12-04 18:00"))});
  window.click("Show the uploads");
  window.click("Send next YouTube of a");
  CHECK(window.actions.empty());
  window.click("Change the time YouTube of a");
  CHECK(window.shows("When does it go to YouTube?"));
  SUBCASE("another time") {
    window.click("Time of day");
    window.key(ImGuiKey_A, ImGuiMod_Ctrl);
    window.type("19:30");
    window.click("Set the time");
    CHECK(window.only_action<ScheduleUpload>().schedule->at == local("2025-12-04 19:30"));
  }
  SUBCASE("no time") {
    window.click("Forget the time");
    CHECK_FALSE(window.only_action<ScheduleUpload>().schedule);
  }
  SUBCASE("a wrong time is explained and changes nothing") {
    window.click("Time of day");
    window.key(ImGuiKey_A, ImGuiMod_Ctrl);
    window.type("25:00");
    CHECK(window.shows("Give a date and a time"));
    window.click("Set the time");
    CHECK(window.actions.empty());
  }
}

TEST_CASE("a hundred thousand that wait take a third of the window at most, and only what fits is drawn") {
  std::vector<Waits> queue;
  for (int i = 0; i < 100'000; ++i) queue.push_back(waits("clip_" + std::to_string(i)));
  UiDriver window;
  set_waiting(window, queue);
  window.click("Show the uploads");
  CHECK(window.shows("100,000 waiting"));
  const float top = window.centre_of("Fold the uploads").y;
  CHECK(720 - top < 720.0f / 3 + 32 + 40);
  CHECK(window.count("Cancel YouTube of clip_0") == 1);
  CHECK(window.count("Cancel YouTube of clip_50") == 0);
}

TEST_CASE("the cap on the speed is chosen from a list, or typed") {
  UiDriver window;
  set_waiting(window, {waits("a")});
  window.frames(2);
  CHECK(window.shows("Speed: unlimited"));
  window.click("Speed");
  SUBCASE("chosen") {
    window.click("2 MB/s");
    CHECK(window.only_action<SetSpeedLimit>().bytes_per_second == 2'000'000);
  }
  SUBCASE("typed") {
    window.click("Another speed");
    window.type("1.5M");
    window.key(ImGuiKey_Enter);
    CHECK(window.only_action<SetSpeedLimit>().bytes_per_second == 1'500'000);
  }
  SUBCASE("mistyped") {
    window.click("Another speed");
    window.type("fast");
    window.key(ImGuiKey_Enter);
    CHECK(window.actions.empty());
  }
  window.state.speed_limit = 500'000;
  window.frames(2);
  CHECK(window.shows("Speed: 500 kB/s"));
}

TEST_CASE("times are told by what a person needs: the hour today, the weekday this week, else the date") {
  const TimePoint now = local("2025-12-01 12:00");  // a Monday
  CHECK(when_label(local("2025-12-01 18:05"), now).view() == "18:05");
  CHECK(when_label(local("2025-12-01 18:04:20"), now).view() == "18:05");
  CHECK(when_label(local("2025-12-04 18:05"), now).view() == "Thu 18:05");
  CHECK(when_label(local("2025-12-08 18:05"), now).view() == "Mon 8 Dec 18:05");
  CHECK(when_label(local("2026-02-01 08:00"), now).view() == "Sun 1 Feb 2026 08:00");
  CHECK(short_when_label(local("2025-12-08 18:05"), now).view() == "Mon 8 Dec");
}
