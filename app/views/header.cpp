#include "app/views/header.h"

#include <imgui_internal.h>

#include <cstring>
#include <utility>

#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "app/ui/widgets.h"
#include "app/views/bulk_dialog.h"
#include "app/views/columns.h"

namespace asfs {
namespace {

/// Seconds that saving takes without anybody being in the way.
constexpr double kShortWait = 0.4;
constexpr float kBarHeight = 56, kBannerHeight = 40;

/// A full-width strip of the window; content is placed by the caller. Ends with ImGui::EndChild().
void begin_strip(const char* id, float height, ImU32 fill) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, fill);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::BeginChild(id, {0, px(height)}, ImGuiChildFlags_NavFlattened,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
}

void draw_logo(ImVec2 at) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float side = px(28);
  list.AddRectFilled(at, at + ImVec2(side, side), colour::kAccentFill, px(8));
  const ImVec2 c = at + ImVec2(side * 0.5f + px(1), side * 0.5f);
  const float r = px(7);
  list.AddTriangleFilled(c + ImVec2(-r * 0.7f, -r), c + ImVec2(-r * 0.7f, r), c + ImVec2(r, 0),
                         colour::kOnAccent);
}

/// Returns where the name ends.
float draw_name(ImVec2 origin, float centre_y, float limit, const Frame& frame) {
  draw_logo({origin.x + px(size::kMargin), centre_y - px(14)});
  float x = origin.x + px(size::kMargin) + px(28) + px(12);
  ImGui::PushFont(frame.ui.fonts.semibold, size::kHeading - 2);
  draw_text(x, centre_y, colour::kText, "ASFS Videos");
  x += text_width("ASFS Videos") + px(16);
  ImGui::PopFont();
  if (!frame.state.info || limit - x < px(120)) return x;
  ImGui::GetWindowDrawList()->AddLine({x, centre_y - px(8)}, {x, centre_y + px(8)}, colour::kOutline, px(1));
  const Label<512> path = line_label<512>(frame.state.info->library_path);
  draw_elided_left(x + px(16), limit - px(16), centre_y, colour::kTextFaint, path);
  ImGui::SetCursorScreenPos({x + px(16), centre_y - px(12)});
  ImGui::Dummy({limit - px(16) - x - px(16), px(24)});
  tooltip(Label<600>("Library: {}", path.view()));
  return limit;
}

void ask_for_search(Frame& frame) {
  if (frame.ui.query.search == frame.ui.search.data()) return;
  frame.ui.query.search = frame.ui.search.data();
  frame.ask(SetQuery{frame.ui.query});
}

void draw_search(Frame& frame, ImVec2 at, float width) {
  UiState& ui = frame.ui;
  const ImVec2 corner(at.x + width, at.y + px(size::kControl));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, corner, colour::kRaised, px(size::kRounding));
  draw_icon(at.x + px(18), (at.y + corner.y) * 0.5f, colour::kTextFaint, icon::kSearch);

  const bool filled = ui.search[0] != '\0';
  if (ui.focus_search) ImGui::SetKeyboardFocusHere();
  ui.focus_search = false;
  ImGui::SetCursorScreenPos({at.x + px(24), at.y});
  ImGui::SetNextItemWidth(width - px(24) - (filled ? px(32) : 0));
  ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
  const bool edited = ImGui::InputTextWithHint(
      "##Search", width < px(280) ? "Search" : "Search title, path, post id, error", ui.search.data(),
      ui.search.size(), ImGuiInputTextFlags_EscapeClearsAll | ImGuiInputTextFlags_AutoSelectAll);
  const bool active = ImGui::IsItemActive();
  ImGui::PopStyleColor();
  tooltip("Search (Ctrl+F)");
  list.AddRect(at, corner, active ? colour::kAccent : colour::kOutline, px(size::kRounding), 0, px(1));
  if (active) frame.again_in(0.25);
  if (edited) ask_for_search(frame);
  if (!filled) return;
  ImGui::SetCursorScreenPos({corner.x - px(32), at.y});
  if (icon_button({"Clear the search", icon::kClear, nullptr, colour::kTextDim},
                  {px(32), px(size::kControl)})) {
    ui.search[0] = '\0';
    ask_for_search(frame);
  }
  tooltip("Clear the search");
}

void draw_upload_all(Frame& frame, ImVec2 at, const char* label) {
  const bool can = pending_total(frame) > 0;
  ImGui::SetCursorScreenPos(at);
  ImGui::BeginDisabled(!can);
  if (button(label, ButtonKind::primary)) ask_bulk(frame, nullptr, false);
  ImGui::EndDisabled();
  tooltip(can ? "Upload every video that is not uploaded yet. Asks first." : "Nothing is pending.");
}

/// True when `action`, a button at its end, was pressed; null: it has none.
bool draw_banner(const char* id, const Frame& frame, ImU32 tint, const char* banner_icon,
                 std::string_view title, std::string_view text, const char* action = nullptr) {
  begin_strip(id, kBannerHeight, with_alpha(tint, 0.12f));
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float height = px(kBannerHeight);
  float right = origin.x + ImGui::GetContentRegionAvail().x - px(size::kMargin);
  bool pressed = false;
  if (action) {
    right -= button_width(action);
    ImGui::SetCursorScreenPos({right, origin.y + (height - px(size::kControl)) * 0.5f});
    ImGui::BeginDisabled(frame.state.busy);
    pressed = button(action);
    ImGui::EndDisabled();
    right -= px(size::kMargin);
  }
  const float y = origin.y + height * 0.5f;
  draw_icon(origin.x + px(size::kMargin + 8), y, tint, banner_icon);
  float x = origin.x + px(size::kMargin + 28);
  ImGui::PushFont(frame.ui.fonts.semibold, 0.0f);
  draw_text(x, y, tint, title);
  x += text_width(title) + px(12);
  ImGui::PopFont();
  if (draw_elided(x, right, y, colour::kText, text)) {
    ImGui::SetCursorScreenPos(origin);
    ImGui::Dummy({right - origin.x, height});
    tooltip(text);
  }
  ImGui::EndChild();
  return pressed;
}

void draw_practice_banner(Frame& frame) {
  const std::size_t count = frame.state.newcomers;
  const Label<256> text("Nothing leaves this computer, and your library stays as it is  ·  {}",
                        frame.state.info->practice_url);
  const bool narrow = ImGui::GetContentRegionAvail().x < px(900);
  const Label<96> take("Take {} {} over{}###Take over", count_label(count).view(),
                       count == 1 ? "new video" : "new videos", narrow ? "" : " into the library");
  const bool pressed = draw_banner("Practice mode", frame, colour::kAccent, icon::kPractice, "Practice mode",
                                   text, count > 0 ? take.c_str() : nullptr);
  if (pressed) frame.ask(TakeOverNewcomers{});
}

bool needs_login(const Frame& frame) {
  for (std::size_t i = 0; i < frame.columns().size(); ++i)
    if (const AccountView* account = frame.account(i);
        account && frame.there(i) && account->state.kind == AccountState::Kind::needs_login)
      return true;
  return false;
}

struct Filter {
  StatusFilter filter;
  const char* label;
  StatusKind look;
};
constexpr std::array<Filter, kStatusFilterCount> kFilters{{
    {StatusFilter::all, "All", StatusKind::unknown},
    {StatusFilter::not_uploaded, "Not uploaded", StatusKind::not_uploaded},
    {StatusFilter::uploading, "Uploading", StatusKind::uploading},
    {StatusFilter::uploaded, "Uploaded", StatusKind::uploaded},
    {StatusFilter::failed, "Failed", StatusKind::failed},
    {StatusFilter::needs_you, "Needs you", StatusKind::may_be_live},
    {StatusFilter::rate_limited, "Rate limited", StatusKind::rate_limited},
}};

}  // namespace

std::uint64_t pending_total(const Frame& frame) {
  if (!frame.state.table) return 0;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < frame.columns().size(); ++i) total += frame.state.table->pending[i];
  return total;
}

void clear_query(Frame& frame) {
  frame.ui.search[0] = '\0';
  frame.ui.query.search.clear();
  frame.ui.query.filter = StatusFilter::all;
  frame.ask(SetQuery{frame.ui.query});
}

void draw_top_bar(Frame& frame) {
  begin_strip("Top bar", kBarHeight, colour::kSurface);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float y = origin.y + px(kBarHeight) * 0.5f;
  const float top = y - px(size::kControl) * 0.5f;
  const bool narrow = width < px(900);

  const Label<96> all("{}  {} ({})###Upload All Pending", icon::kUpload,
                      narrow ? "Upload All" : "Upload All Pending", count_label(pending_total(frame)).view());
  const float all_x = origin.x + width - px(size::kMargin) - button_width(all.c_str());
  const ImVec2 refresh(narrow ? px(size::kControl) : px(104), px(size::kControl));
  const float refresh_x = all_x - px(8) - refresh.x;
  const ImVec2 people(px(size::kControl), px(size::kControl));
  const float people_x = refresh_x - px(8) - people.x;
  const float search = narrow ? px(160) : px(296);
  const float search_x = people_x - px(8) - search;

  draw_name(origin, y, narrow ? 0.0f : search_x, frame);
  draw_search(frame, {search_x, top}, search);
  ImGui::SetCursorScreenPos({people_x, top});
  const bool dead = needs_login(frame);
  if (icon_button(
          {"Accounts", icon::kAccounts, nullptr, dead ? colour::kWarning : colour::kTextDim, true, true},
          people))
    open_dialog(frame.ui, AccountsList{});
  tooltip(dead ? "Accounts: a sign-in has ended" : "Accounts");
  ImGui::SetCursorScreenPos({refresh_x, top});
  if (icon_button({"Refresh", icon::kRefresh, narrow ? nullptr : "Refresh", colour::kTextDim, true, true},
                  refresh))
    frame.ask(RefreshNow{});
  tooltip("Read the library again (F5). It also happens by itself every 5 seconds.");
  draw_upload_all(frame, {all_x, top}, all.c_str());
  ImGui::EndChild();
}

void draw_banners(Frame& frame) {
  if (frame.practice()) draw_practice_banner(frame);
  if (frame.state.unsaved_for > kShortWait)
    draw_banner("Unsaved", frame, colour::kWarning, icon::kWarning, "Not saved yet", kWaitsForLibrary);
  if (frame.state.unsaved_for > 0) frame.again_in(kShortWait);
  if (frame.state.library_error)
    draw_banner("Library error", frame, colour::kDanger, icon::kWarning,
                frame.state.table ? "The library cannot be read just now" : "The library cannot be read",
                *frame.state.library_error);
}

void draw_filter_chips(Frame& frame) {
  const float left = ImGui::GetCursorScreenPos().x + px(size::kMargin);
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x - px(size::kMargin);
  const float gap = px(8);
  std::array<Label<32>, kStatusFilterCount> counts;
  float all_chips = 0;
  for (const Filter& filter : kFilters) {
    const auto index = static_cast<std::size_t>(filter.filter);
    counts[index] = count_label(frame.state.table ? frame.state.table->filter_counts[index] : 0);
    all_chips += gap + chip_width(filter.label, counts[index]);
  }
  float x = left, y = ImGui::GetCursorScreenPos().y + gap;
  const auto place = [&](float width) {
    if (x > left && x + width > right) {
      x = left;
      y += px(size::kControl) + gap;
    }
    return ImVec2(std::exchange(x, x + width + gap), y);
  };
  const bool narrow = where_width(frame, false) + all_chips > right - left;
  draw_where(frame, place(where_width(frame, narrow)), narrow);
  for (const Filter& filter : kFilters) {
    const Label<32>& count = counts[static_cast<std::size_t>(filter.filter)];
    ImGui::SetCursorScreenPos(place(chip_width(filter.label, count)));
    const StatusLook& look = look_of(filter.look);
    const bool all = filter.filter == StatusFilter::all;
    if (chip(filter.label, count, frame.ui.query.filter == filter.filter,
             all ? colour::kTextDim : look.colour, all ? icon::kFilm : look.icon)) {
      frame.ui.query.filter = filter.filter;
      frame.ask(SetQuery{frame.ui.query});
    }
  }
  ImGui::SetCursorScreenPos({left - px(size::kMargin), y + px(size::kControl) + gap});
}

}  // namespace asfs
