// Legibility: contrast, sizes, fonts.
#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <cmath>

#include "app/ui/theme.h"
#include "app/window/fonts.h"
#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// Relative luminance as WCAG defines it.
double luminance(ImU32 c) {
  const auto linear = [](unsigned channel) {
    const double v = channel / 255.0;
    return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(c & 0xFF) + 0.7152 * linear((c >> 8) & 0xFF) + 0.0722 * linear((c >> 16) & 0xFF);
}

double contrast(ImU32 a, ImU32 b) {
  const double light = std::max(luminance(a), luminance(b)), dark = std::min(luminance(a), luminance(b));
  return (light + 0.05) / (dark + 0.05);
}

/// Every glyph's corners lie inside the window.
bool inside_the_window() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
    if (window->Active && !window->Hidden &&
        (window->Pos.x < 0 || window->Pos.y < 0 || window->Pos.x + window->Size.x > size.x + 1 ||
         window->Pos.y + window->Size.y > size.y + 1))
      return false;
  return true;
}

}  // namespace

TEST_CASE("text has a contrast of 4.5 : 1 or more wherever it stands") {
  using namespace asfs::colour;
  for (const ImU32 ground : {kBackground, kSurface, kRaised, kHover})
    for (const ImU32 text : {kText, kTextDim, kTextFaint, kAccent, kSuccess, kDanger, kWarning, kWaiting})
      CHECK(contrast(text, ground) >= 4.5);
  for (const ImU32 ground : {kBackground, kSurface, kRaised, kHover})
    for (const DestinationColumn& column : destination_columns(Destinations::first_ones()))
      CHECK(contrast(rgb(column.colour), ground) >= 4.5);
  for (const ImU32 fill : {kAccentFill, kAccentFillHover, kAccentFillActive})
    CHECK(contrast(kOnAccent, fill) >= 4.5);
  for (const ImU32 button : {kRaisedHover, kOutline}) CHECK(contrast(kText, button) >= 4.5);
  CHECK(contrast(kTextDim, kRaisedHover) >= 4.5);  // toasts
}

TEST_CASE("every dialog and strip stays inside a small window and a large scale") {
  const TableFixture fixture(many_videos_sql(50));
  for (const float scale : {1.0f, 2.0f})
    for (const ImVec2 size : {ImVec2(1280, 720), ImVec2(2560, 1440), ImVec2(800, 600)}) {
      UiDriver window(size.x, size.y, scale);
      window.state.table = fixture.table();
      window.frames(3);
      CHECK(inside_the_window());
      open_dialog(
          window.ui,
          Settle{
              "clip_1", "YouTube", "A title", "the post may be live, look at the account first", true, {}});
      window.frames(3);
      CHECK(inside_the_window());
      CHECK(window.count("It is live") == 1);
    }
}

TEST_CASE("a font of the system brings colour emoji and Japanese, when there is one") {
  const std::vector<SystemFont> system = find_system_fonts();
  UiDriver window;
  window.frames();
  window.ui.fonts = build_fonts(*ImGui::GetIO().Fonts, system);
  window.frames(2);
  ImFontBaked* baked = window.ui.fonts.regular->GetFontBaked(36);
  for (const SystemFont& font : system)
    if (font.emoji) {
      const ImFontGlyph* face = baked->FindGlyphNoFallback(0x1F600);
      REQUIRE(face);
      CHECK(face->Colored);
      CHECK(face->X1 - face->X0 > 24);
    }
  for (const ImWchar invisible : {0xFE0F, 0x200D, 0x1F3FD, 0x202E}) {
    const ImFontGlyph* glyph = baked->FindGlyphNoFallback(invisible);
    REQUIRE(glyph);
    CHECK(glyph->AdvanceX == 0.0f);
    CHECK_FALSE(glyph->Visible);
  }
  accept_textures();
  release_fonts(*ImGui::GetIO().Fonts);
}

TEST_CASE("good news never hides an error that nobody has read") {
  UiDriver window;
  show_notice(window.ui, {Notice::Kind::error, "Not uploaded", {}, {}}, 0);
  for (int i = 0; i < 20; ++i) show_notice(window.ui, {Notice::Kind::success, std::to_string(i), {}, {}}, 1);
  REQUIRE(window.ui.toasts.size() == 5);
  CHECK(window.ui.toasts.front().notice.text == "Not uploaded");
  CHECK(window.ui.toasts.back().notice.text == "19");
}

TEST_CASE("a character that no font has is an empty box, not a question mark") {
  UiDriver window;
  window.frames();
  window.ui.fonts = build_fonts(*ImGui::GetIO().Fonts, {});
  window.frames(2);
  ImFontBaked* baked = window.ui.fonts.regular->GetFontBaked(15);
  const ImFontGlyph* box = baked->FindGlyphNoFallback(0x25A1);
  REQUIRE(box);
  CHECK(baked->FindGlyph(0x1F9EB)->AdvanceX == box->AdvanceX);
  CHECK(baked->FindGlyph(0x1F9EB)->U0 == box->U0);
  accept_textures();
}

TEST_CASE("a damaged or foreign font file is passed over") {
  const TempFolder folder;
  write_file(folder / "broken.ttf", "this is no font");
  write_file(folder / "empty.ttf", "");
  CHECK_FALSE(open_font((folder / "broken.ttf").native(), 0));
  CHECK_FALSE(open_font((folder / "empty.ttf").native(), 0));
  CHECK_FALSE(open_font((folder / "missing.ttf").native(), 0));
}
