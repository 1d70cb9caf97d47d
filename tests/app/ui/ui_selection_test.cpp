// Marking videos in the table, and what can be done with them.
#include <doctest/doctest.h>

#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"
#include "tests/support/waiting.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// clip_1 to clip_5, in that order.
struct SelectionFixture {
  TableFixture fixture{many_videos_sql(5)};
  UiDriver window;

  SelectionFixture() { show({.sort = SortKey::title, .descending = false}); }
  void show(const TableQuery& query) {
    window.ui.query = query;
    window.state.table = fixture.table(query);
    window.frames(3);
    window.actions.clear();
  }
  /// Where row `n` from the top can be clicked without pressing anything in it.
  ImVec2 row(int n) const { return {200, window.centre_of("Allow duplicates", n).y}; }
  std::string selected() const {
    std::string ids;
    const VideoIds marked = window.ui.selection.ids(*window.state.table->snapshot);
    for (const std::string& id : *marked) ids += id.substr(id.find('_') + 1);
    return ids;
  }
};

}  // namespace

TEST_CASE("a click marks one row, Ctrl more of them, Shift all between; a click on a button marks none") {
  SelectionFixture f;
  f.window.click_at(f.row(1));
  CHECK(f.selected() == "2");
  f.window.click_at(f.row(2));
  CHECK(f.selected() == "3");
  f.window.click_with(ImGuiMod_Ctrl, f.row(0));
  CHECK(f.selected() == "13");
  f.window.click_with(ImGuiMod_Ctrl, f.row(2));
  CHECK(f.selected() == "1");
  f.window.click_at(f.row(1));
  f.window.click_with(ImGuiMod_Shift, f.row(3));
  CHECK(f.selected() == "234");
  f.window.click("Upload to YouTube", 0);
  CHECK(f.selected() == "234");
}

TEST_CASE("a click on one of several marked rows leaves that one; a Shift click nearer by leaves fewer") {
  SelectionFixture f;
  f.window.click_at(f.row(0));
  f.window.click_with(ImGuiMod_Shift, f.row(4));
  CHECK(f.selected() == "12345");
  f.window.click_with(ImGuiMod_Shift, f.row(2));
  CHECK(f.selected() == "123");
  f.window.click_at(f.row(1));
  CHECK(f.selected() == "2");
  f.window.click_at(f.row(1));
  CHECK(f.selected() == "2");
}

TEST_CASE("a Shift click whose beginning is hidden marks the row alone") {
  SelectionFixture f;
  f.window.click_with(ImGuiMod_Shift, f.row(3));
  CHECK(f.selected() == "4");
  f.show({.sort = SortKey::title, .descending = false, .search = "clip_2"});
  f.window.click_with(ImGuiMod_Shift, f.row(0));
  CHECK(f.selected() == "2");
}

TEST_CASE("Shift and an arrow lead from the header into the rows") {
  SelectionFixture f;
  f.window.key(ImGuiKey_F, ImGuiMod_Ctrl);
  for (int i = 0; i < 11; ++i) f.window.key(ImGuiKey_Tab);
  for (int i = 0; i < 3; ++i) f.window.key(ImGuiKey_DownArrow, ImGuiMod_Shift);
  CHECK(f.window.count("Select") == 5);  // nothing asserts
}

TEST_CASE("the box of a row marks it beside the others") {
  SelectionFixture f;
  f.window.click("Select", 1);
  f.window.click("Select", 3);
  CHECK(f.selected() == "24");
  f.window.click("Select", 1);
  CHECK(f.selected() == "4");
  CHECK(f.window.shows("1 selected"));
}

TEST_CASE("Ctrl+A marks every row that is shown, the box in the header too; Esc marks none") {
  SelectionFixture f;
  f.window.key(ImGuiKey_A, ImGuiMod_Ctrl);
  CHECK(f.selected() == "12345");
  f.window.key(ImGuiKey_Escape);
  CHECK(f.selected() == "");
  f.window.click_at(f.row(1));  // the rows have the keyboard now
  f.window.key(ImGuiKey_A, ImGuiMod_Ctrl);
  CHECK(f.selected() == "12345");
  f.window.key(ImGuiKey_Escape);
  CHECK(f.selected() == "");
  f.show({.sort = SortKey::title, .descending = false, .search = "clip_2"});
  f.window.click("Select all");
  CHECK(f.selected() == "2");
  CHECK(f.window.shows("1 selected, shown or not"));
  f.window.click("Select all");
  CHECK(f.selected() == "");
}

TEST_CASE("the selection survives a refresh, another order and a filter") {
  SelectionFixture f;
  f.window.click_at(f.row(1));
  f.window.click_with(ImGuiMod_Ctrl, f.row(3));
  f.show({.sort = SortKey::title, .descending = true});
  CHECK(f.selected() == "24");
  f.show({.filter = StatusFilter::failed});
  CHECK(f.selected() == "24");
  f.show({.sort = SortKey::duration, .descending = true});
  CHECK(f.selected() == "24");
}

TEST_CASE("Shift goes on from the same video after the order has changed") {
  SelectionFixture f;
  f.window.click_at(f.row(1));  // clip_2
  f.show({.sort = SortKey::title, .descending = true});
  f.window.click_with(ImGuiMod_Shift, f.row(1));  // clip_4
  CHECK(f.selected() == "234");
}

TEST_CASE("going through the rows by keyboard marks nothing; Space marks, and Shift extends") {
  SelectionFixture f;
  f.window.click_at(f.row(0));
  f.window.key(ImGuiKey_DownArrow);
  f.window.key(ImGuiKey_DownArrow);
  CHECK(f.selected() == "1");
  f.window.key(ImGuiKey_Space);
  CHECK(f.selected() == "3");
  f.window.key(ImGuiKey_DownArrow, ImGuiMod_Shift);
  CHECK(f.selected() == "34");
}

TEST_CASE("a right click on a marked row is about all that are marked, on another one about that one") {
  SelectionFixture f;
  f.window.click_at(f.row(0));
  f.window.click_with(ImGuiMod_Ctrl, f.row(1));
  f.window.right_click(f.row(1).x, f.row(1).y);
  CHECK(f.selected() == "12");
  CHECK(f.window.count("Open the folder") == 0);
  f.window.click("Forbid duplicates of the selection", 0);
  const auto forbid = f.window.only_action<SetDuplicatesAllowed>();
  CHECK(*forbid.videos == std::vector<std::string>{"clip_1", "clip_2"});
  CHECK_FALSE(forbid.allowed);
  f.window.right_click(f.row(3).x, f.row(3).y);
  CHECK(f.selected() == "4");
  CHECK(f.window.count("Open the folder") == 1);
}

TEST_CASE("the bar acts on what is marked") {
  SelectionFixture f;
  f.window.click_at(f.row(1));
  f.window.click_with(ImGuiMod_Ctrl, f.row(3));
  const std::vector<std::string> both{"clip_2", "clip_4"};
  SUBCASE("upload") {
    f.window.click("Upload the selection");
    const auto plan = f.window.only_action<MakePlan>();
    CHECK(*plan.what.videos == both);
    CHECK_FALSE(plan.what.series);
    CHECK(f.window.shows("Upload 2 videos?"));
  }
  SUBCASE("schedule") {
    f.window.click("Schedule the selection");
    const auto plan = f.window.only_action<MakePlan>();
    CHECK(*plan.what.videos == both);
    CHECK(plan.what.series);
  }
  SUBCASE("duplicates") {
    f.window.click("Allow duplicates of the selection");
    const auto allow = f.window.only_action<SetDuplicatesAllowed>();
    CHECK(*allow.videos == both);
    CHECK(allow.allowed);
  }
  SUBCASE("cancel") {
    set_waiting(f.window, {waits("clip_2")});
    f.window.click("Cancel the uploads of the selection");
    CHECK(*f.window.only_action<CancelUploads>().videos == both);
  }
  SUBCASE("clear") {
    f.window.click("Clear the selection");
    CHECK(f.selected() == "");
    CHECK(f.window.count("Upload the selection") == 0);
  }
}

TEST_CASE("in a narrow window the rest of the bar is in a menu") {
  const TableFixture fixture(many_videos_sql(2));
  UiDriver window(560, 480);
  window.state.table = fixture.table();
  window.frames(2);
  window.key(ImGuiKey_A, ImGuiMod_Ctrl);
  CHECK(window.count("Allow duplicates of the selection") == 0);
  window.click("More for the selection");
  window.click("Allow duplicates of the selection");
  CHECK(window.only_action<SetDuplicatesAllowed>().videos->size() == 2);
}

TEST_CASE("a row without an id cannot be marked") {
  const TableFixture fixture(
      "INSERT INTO videos (id, file_path, title, created_at) VALUES (NULL, 'a.mp4', 'nobody', '2026');");
  UiDriver window;
  window.state.table = fixture.table();
  window.click("Select");
  window.key(ImGuiKey_A, ImGuiMod_Ctrl);
  CHECK(window.ui.selection.empty());
}

TEST_CASE("a hundred thousand rows are marked at once and cleared at once") {
  SelectionFixture f;
  const TableFixture large(many_videos_sql(100'000));
  f.window.state.table = large.table();
  f.window.frames(2);
  f.window.key(ImGuiKey_A, ImGuiMod_Ctrl);
  CHECK(f.window.shows("100,000 selected"));
  f.window.key(ImGuiKey_Escape);
  CHECK(f.window.ui.selection.empty());
}
