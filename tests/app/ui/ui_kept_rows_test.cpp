// Rows that are put down as they were: nobody can tell them from rows that are drawn anew.
#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <functional>
#include <random>

#include "app/views/row.h"
#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"
#include "tests/support/waiting.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// As the person's: nobody looks for controls.
void look_for_no_controls() {
  ImGui::GetCurrentContext()->TestEngineHookItems = false;
}

std::vector<ImDrawVert> corners_of_frame() {
  std::vector<ImDrawVert> corners;
  for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
    for (const ImDrawCmd& command : list->CmdBuffer)
      for (unsigned i = 0; i < command.ElemCount; ++i)
        corners.push_back(list->VtxBuffer[static_cast<int>(
            command.VtxOffset + list->IdxBuffer[static_cast<int>(command.IdxOffset + i)])]);
  return corners;
}

bool alike(const ImDrawVert& a, const ImDrawVert& b) {
  return std::abs(a.pos.x - b.pos.x) < 0.01f && std::abs(a.pos.y - b.pos.y) < 0.01f && a.uv.x == b.uv.x &&
         a.uv.y == b.uv.y && a.col == b.col;
}

/// What a person could tell after one more thing was done.
struct Seen {
  std::size_t dialog = 0, selected = 0, actions = 0, corners = 0;
  std::uint64_t anchor = 0;
  ImGuiID cursor = 0;
  std::string menu;
  bool operator==(const Seen&) const = default;
};

Seen seen(const UiDriver& window) {
  return {window.ui.dialog.index(),  window.ui.selection.size(), window.actions.size(),
          corners_of_frame().size(), window.ui.anchor,           ImGui::GetCurrentContext()->NavId,
          window.ui.menu.id};
}

void do_something(std::mt19937& random, UiDriver& window) {
  constexpr std::array kKeys{ImGuiKey_UpArrow,    ImGuiKey_DownArrow, ImGuiKey_DownArrow, ImGuiKey_LeftArrow,
                             ImGuiKey_RightArrow, ImGuiKey_Tab,       ImGuiKey_Space,     ImGuiKey_Enter,
                             ImGuiKey_Escape,     ImGuiKey_PageDown,  ImGuiKey_PageUp,    ImGuiKey_A};
  constexpr std::array kModifiers{ImGuiMod_None, ImGuiMod_None, ImGuiMod_Shift, ImGuiMod_Ctrl};
  const auto any = [&](auto count) { return static_cast<decltype(count)>(random() % count); };
  ImGuiIO& io = ImGui::GetIO();
  const unsigned what = any(10u);
  if (what < 4)
    io.AddMousePosEvent(static_cast<float>(any(1280u)), static_cast<float>(any(720u)));
  else if (what < 6)
    io.AddMouseButtonEvent(0, !io.MouseDown[0]);
  else if (what == 6)
    io.AddMouseWheelEvent(0, static_cast<float>(any(3u)) - 1.0f);
  else if (what == 7 && any(3u) == 0)
    io.AddMouseButtonEvent(1, !io.MouseDown[1]);
  else
    window.key(kKeys[any(kKeys.size())], kModifiers[any(kModifiers.size())]);
  window.frames(1 + static_cast<int>(any(3u)));
}

}  // namespace

TEST_CASE("a row that has not changed is not laid out again, and one that has is") {
  const TableFixture fixture(video_sql("clip_001", "Five knots") + video_sql("clip_002", "Six knots"));
  UiDriver window;
  window.state.table = fixture.table();
  look_for_no_controls();
  window.info.columns[0].destination.caption = "Aforetime";
  window.frames(3);
  REQUIRE(window.shows("Aforetime"));
  const std::string before = window.drawn();
  window.info.columns[0].icon = "@";  // behind its back
  window.frames();
  const auto at_signs = [&] { return std::ranges::count(window.drawn(), '@'); };
  const auto kept = at_signs();
  auto info = std::make_shared<AppInfo>(window.info);
  window.state.info = info;
  window.frames();
  CHECK(at_signs() == kept + 1);  // one row of the two: the other is where ranges begin, and always drawn
}

TEST_CASE("rows that are kept look as if they were drawn anew, whatever has changed") {
  const std::string videos = many_videos_sql(200);
  const TableFixture before(videos);
  UiDriver window;
  window.state.table = before.table();
  const auto id = [rows = window.state.table](std::size_t place) {
    return std::string(rows->snapshot->text(rows->rows[place], TextColumn::id));
  };
  const TableFixture after(videos + upload_sql(id(5), "YouTube", "FAILED", {}, "no", 2));
  look_for_no_controls();
  ImGuiIO& io = ImGui::GetIO();
  const std::vector<std::function<void()>> changes{
      [] {},
      [&] { window.ui.selection.set(id(5), true); },
      [&] { io.AddMousePosEvent(400, 300), io.AddMouseWheelEvent(0, -1); },
      [&] { io.AddMousePosEvent(400, 620); },
      [&] { io.AddMousePosEvent(-1, -1), window.state.table = after.table(); },
      [&] { set_waiting(window, {waits(id(7), QueueTurn::Why::scheduled, window.state.time)}, {}); },
      [&] { window.state.time += std::chrono::hours(24); },
      [&] {
        auto flipped = std::make_shared<FlippedSwitches>();
        flipped->emplace(id(6), FlippedSwitch{.on = true});
        window.state.flipped = flipped;
      },
      [&] { window.state.flipped.reset(); },
      [&] { window.ui.settings->hidden = {"TikTok"}; },
      [&] {
        io.DisplaySize = {1500, 900};
      },
      [&] {
        io.DisplaySize = {700, 900};
      },
      [&] { ImGui::GetStyle().FontScaleDpi = 1.5f; },
      [&] { window.state.table = before.table({.sort = SortKey::title, .descending = true}); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    changes[i]();
    window.frames(4);
    window.now -= 1.0 / 60;  // what moves by itself stands still
    window.frames();
    const auto kept = corners_of_frame();
    window.ui.kept.forget();
    window.now -= 1.0 / 60;
    window.frames();
    CHECK_MESSAGE(std::ranges::equal(kept, corners_of_frame(), alike), "change ", i);
  }
}

TEST_CASE("an upload that runs is told of in every frame") {
  const TableFixture fixture(many_videos_sql(5));
  UiDriver window;
  window.state.table = fixture.table();
  const auto upload = std::make_shared<RunningUpload>();
  upload->video_id = "clip_2";
  upload->destination = 2;
  upload->progress.step = UploadStep::sending;
  upload->progress.total = 100;
  window.state.running = std::make_shared<RunningUploads>(RunningUploads{upload});
  window.ui.strip = UiState::Strip::closed;
  look_for_no_controls();
  for (const std::uint64_t sent : {10, 20, 30}) {
    upload->progress.sent = sent;
    window.frames(2);
    CHECK(window.shows("Sending " + std::to_string(sent) + " %"));
  }
}

TEST_CASE("a double click on a border makes a column as wide as what stands in it, kept or not") {
  const TableFixture fixture(many_videos_sql(30));
  std::array<float, 2> widths{};
  for (const bool kept : {false, true}) {
    UiDriver window;
    window.state.table = fixture.table();
    window.frames(3);
    ImGui::GetCurrentContext()->TestEngineHookItems = !kept;
    const auto& column = ImGui::GetCurrentContext()->Tables.GetByIndex(0)->Columns[kDuplicates];
    const float before = column.WidthGiven;
    const ImVec2 border(column.MaxX, window.centre_of("Title").y);
    window.click_at(border);
    window.click_at(border);
    CHECK(column.WidthGiven < before);
    widths[kept] = column.WidthGiven;
  }
  CHECK(widths[0] == widths[1]);
}

TEST_CASE("whatever a person does with mouse and keys, kept rows answer as rows that are drawn anew") {
  const TableFixture fixture(many_videos_sql(300));
  for (unsigned seed = 1; seed <= 4; ++seed) {
    std::array<std::vector<Seen>, 2> traces;
    for (const bool kept : {false, true}) {
      UiDriver window;
      window.state.table = fixture.table();
      window.frames(3);
      ImGui::GetCurrentContext()->TestEngineHookItems = !kept;
      std::mt19937 random(seed);
      for (int i = 0; i < 250; ++i) {
        do_something(random, window);
        traces[kept].push_back(seen(window));
      }
    }
    for (std::size_t i = 0; i < traces[0].size(); ++i)
      REQUIRE_MESSAGE(traces[0][i] == traces[1][i], "seed ", seed, ", step ", i);
  }
}
