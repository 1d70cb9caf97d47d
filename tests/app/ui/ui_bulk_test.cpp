// The question before many uploads, and the plan that it shows.
#include <doctest/doctest.h>

#include "app/views/time_fields.h"
#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kTikTok = 1, kYouTube = 2;

/// The question about all pending of two videos is open.
struct BulkFixture {
  TableFixture fixture{video_sql("clip_001", "Five knots") + video_sql("clip_002", "The long rise")};
  UiDriver window;
  std::uint64_t asked = 0;

  BulkFixture() {
    window.state.table = fixture.table();
    window.click("Upload All Pending");
    CHECK_FALSE(wish().videos);
  }
  /// Of the plan that was asked for.
  BulkWish wish() {
    const auto plan = window.only_action<MakePlan>();
    asked = plan.number;
    return plan.what;
  }
  /// The engine has made it.
  void answer(std::size_t uploads = 2) {
    PlanView plan{.number = asked, .bytes = 12'400'000, .uploads = uploads, .last = "Thu 18:00"};
    plan.platforms[kYouTube] = {
        .now = 1, .later = 2, .skipped = 1, .audience = "1 private, 2 public", .last = "Thu 18:00"};
    plan.lines = {{.title = "The long rise", .platform = kYouTube, .text = "now"},
                  {.title = "Gone", .platform = kYouTube, .text = "the file is missing", .skipped = true}};
    plan.skipped = 1;
    window.state.plan = std::make_shared<const PlanView>(plan);
    window.frames(2);
  }
  void retype(std::string_view field, std::string_view text) {
    window.click(field);
    window.key(ImGuiKey_A, ImGuiMod_Ctrl);
    window.type(text);
  }
  /// What the last edit asked for.
  BulkWish last_wish() {
    const auto plan = std::get<MakePlan>(window.actions.back());
    window.actions.clear();
    asked = plan.number;
    return plan.what;
  }
};

}  // namespace

TEST_CASE("Upload All Pending asks first and shows the plan: counts, times, reasons, bytes and the end") {
  BulkFixture f;
  CHECK(f.window.shows("Working out what goes when…"));
  f.answer(3);
  CHECK(f.window.shows("1 now, 2 later, 1 skipped"));
  CHECK(f.window.shows("1 now, 2 later, 1 skipped"));
  CHECK(f.window.shows("Seen by: 1 private, 2 public"));
  CHECK(f.window.shows("until Thu 18:00"));
  CHECK(f.window.shows("12.4 MB to send, the last about Thu 18:00."));
  CHECK(f.window.shows("the file is missing"));
  CHECK(f.window.shows("Start 3 uploads"));
  SUBCASE("confirmed") {
    f.window.click("Start uploads");
    CHECK(f.window.only_action<UploadMany>().what == BulkWish{});
  }
  SUBCASE("cancelled") {
    f.window.click("Cancel");
  }
  CHECK(f.window.actions.empty());
  CHECK_FALSE(f.window.shows("12.4 MB"));
}

TEST_CASE("a question that is closed before its plan is there waits for it no longer") {
  BulkFixture f;
  SUBCASE("by Cancel") {
    f.window.click("Cancel");
  }
  SUBCASE("by Escape") {
    f.window.key(ImGuiKey_Escape);
  }
  f.window.only_action<DropPlan>();
}

TEST_CASE("nothing starts before the plan is there, or when there is nothing to do") {
  BulkFixture f;
  f.window.click("Start uploads");
  f.window.key(ImGuiKey_Enter);
  CHECK(f.window.actions.empty());
  f.answer(0);
  f.window.click("Start uploads");
  CHECK(f.window.actions.empty());
}

TEST_CASE("the plan follows the platforms that are chosen; one of an earlier choice is not shown") {
  BulkFixture f;
  f.answer();
  f.window.click("On TikTok");
  const BulkWish wish = f.wish();
  CHECK_FALSE(wish.platforms[kTikTok]);
  CHECK(wish.platforms[kYouTube]);
  CHECK(f.window.shows("Working out what goes when…"));
  f.answer();
  CHECK(f.window.shows("12.4 MB to send"));
  f.window.click("Start uploads");
  CHECK_FALSE(f.window.only_action<UploadMany>().what.platforms[kTikTok]);
}

TEST_CASE("from a time on: the next full hour is offered, and the plan follows what is typed") {
  BulkFixture f;
  f.window.click("From a time on");
  BulkWish wish = f.wish();
  REQUIRE(wish.series);
  CHECK(wish.series->first == next_full_hour(f.window.state.time));
  CHECK(wish.series->every == 0s);
  f.retype("One every", "2h");
  wish = f.last_wish();
  CHECK(wish.series->every == 2h);
  f.retype("Later by up to", "15m");
  CHECK(f.last_wish().series->spread == 15min);
  f.retype("Date", "2025-12-24");
  wish = f.last_wish();
  CHECK(wish.series->first - f.window.state.time > 22 * 24h);
  f.window.click("Use the next slot");
  wish = f.wish();
  CHECK(wish.series->if_missed == Schedule::IfMissed::next);
  f.answer();
  CHECK(f.window.shows("Schedule 2 uploads"));
  f.window.click("Start uploads");
  CHECK(f.window.only_action<UploadMany>().what == wish);  // what was planned is what is done
}

TEST_CASE("what is no time and no span is marked, explained, and cannot be confirmed") {
  BulkFixture f;
  f.window.click("From a time on");
  f.wish();
  f.answer();
  SUBCASE("no date") {
    f.retype("Date", "tomorrow");
    CHECK(f.window.shows("Give a date and a time"));
  }
  SUBCASE("the past") {
    f.retype("Date", "2001-01-01");
    CHECK(f.window.shows("That time is over."));
  }
  SUBCASE("no span") {
    f.retype("One every", "week");
    CHECK(f.window.shows("Give spans such as"));
  }
  f.window.actions.clear();
  f.window.click("Start uploads");
  CHECK(f.window.actions.empty());
}

TEST_CASE("back to as soon as possible, the times are forgotten") {
  BulkFixture f;
  f.window.click("From a time on");
  CHECK(f.wish().series);
  f.window.click("As soon as possible");
  CHECK_FALSE(f.wish().series);
}
