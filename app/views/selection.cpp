#include "app/views/selection.h"

#include "app/ui/icons.h"
#include "app/ui/widgets.h"
#include "app/views/bulk_dialog.h"

namespace asfs {
namespace {

constexpr float kHeight = 48, kPadding = 8, kAway = 12;

struct Choice {
  const char* label;
  const char* icon;
  void (*carry_out)(Frame& frame);
};

VideoIds marked(const Frame& frame) {
  const TableModel* table = frame.state.table.get();
  if (!table || !table->snapshot) return std::make_shared<const std::vector<std::string>>();
  return frame.ui.selection.ids(*table->snapshot);
}

constexpr std::array<Choice, 5> kChoices{{
    {"Upload…###Upload the selection", icon::kUpload,
     [](Frame& frame) { ask_bulk(frame, marked(frame), false); }},
    {"Schedule…###Schedule the selection", icon::kCalendar,
     [](Frame& frame) { ask_bulk(frame, marked(frame), true); }},
    {"Allow duplicates###Allow duplicates of the selection", icon::kCopy,
     [](Frame& frame) {
       frame.ask(SetDuplicatesAllowed{marked(frame), true});
     }},
    {"Forbid duplicates###Forbid duplicates of the selection", icon::kBlocked,
     [](Frame& frame) {
       frame.ask(SetDuplicatesAllowed{marked(frame), false});
     }},
    {"Cancel uploads###Cancel the uploads of the selection", icon::kClear,
     [](Frame& frame) { frame.ask(CancelUploads{marked(frame)}); }},
}};
constexpr std::size_t kAlwaysShown = 2;

Label<64> count_of(const Frame& frame) {
  const TableQuery& query = frame.ui.query;
  const bool narrowed = query.filter != StatusFilter::all || !query.search.empty();
  return Label<64>("{} selected{}", count_label(frame.ui.selection.size()).view(),
                   narrowed ? ", shown or not" : "");
}

/// Nothing to cancel: it cannot be pressed.
bool enabled(const Frame& frame, std::size_t choice) {
  const bool cancels = choice + 1 == kChoices.size();
  return !cancels || !frame.state.running->empty() || !frame.state.waiting->empty();
}

void draw_choice(Frame& frame, std::size_t choice) {
  ImGui::BeginDisabled(!enabled(frame, choice));
  if (button(kChoices[choice].label, choice == 0 ? ButtonKind::primary : ButtonKind::quiet))
    kChoices[choice].carry_out(frame);
  ImGui::EndDisabled();
  ImGui::SameLine(0, px(4));
}

float width_of(std::size_t choices) {
  float width = 0;
  for (std::size_t i = 0; i < choices; ++i) width += button_width(kChoices[i].label) + px(4);
  return width;
}

}  // namespace

float selection_room(const Frame& frame) {
  return frame.ui.selection.empty() ? 0.0f : px(kHeight + 2 * kAway);
}

void select_all(Frame& frame) {
  if (const TableModel* table = frame.state.table.get()) frame.ui.selection.set(*table, table->rows, true);
}

void draw_selection_bar(Frame& frame, ImVec2 bottom_left, float width) {
  if (frame.ui.selection.empty()) return;
  const Label<64> count = count_of(frame);
  const float fixed = px(2 * kPadding + 12 + 16) + text_width(count) + px(size::kControl);
  const bool all = fixed + width_of(kChoices.size()) <= width - px(2 * kAway);
  const std::size_t shown = all ? kChoices.size() : kAlwaysShown;
  const float more = all ? 0.0f : px(size::kControl + 4);
  const ImVec2 box(fixed + width_of(shown) + more, px(kHeight));
  ImGui::SetCursorScreenPos({std::floor(bottom_left.x + std::max(0.0f, (width - box.x) * 0.5f)),
                             bottom_left.y - px(kAway) - box.y});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour::kRaised);
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, px(10));
  ImGui::PushStyleVar(ImGuiStyleVar_ChildBorderSize, px(1));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(px(kPadding), px(kPadding)));
  ImGui::BeginChild("Selection", box, ImGuiChildFlags_Borders | ImGuiChildFlags_NavFlattened,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar(3);
  ImGui::PopStyleColor();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_text(at.x + px(12), at.y + px(size::kControl) * 0.5f, colour::kText, count);
  ImGui::SetCursorScreenPos({at.x + px(12 + 16) + text_width(count), at.y});
  for (std::size_t i = 0; i < shown; ++i) draw_choice(frame, i);
  if (!all) {
    if (icon_button({"More for the selection", icon::kCaret}, {px(size::kControl), px(size::kControl)}))
      frame.ui.open_selection_menu = true;
    ImGui::SameLine(0, px(4));
  }
  if (icon_button({"Clear the selection", icon::kClear}, {px(size::kControl), px(size::kControl)}))
    frame.ui.selection.clear();
  tooltip("Clear the selection (Esc)");
  ImGui::EndChild();
}

void draw_selection_menu(Frame& frame) {
  if (std::exchange(frame.ui.open_selection_menu, false)) ImGui::OpenPopup("Selection menu");
  begin_menu_style();
  if (ImGui::BeginPopup("Selection menu")) {
    for (std::size_t i = 0; i < kChoices.size(); ++i)
      if (menu_entry(kChoices[i].icon, kChoices[i].label, colour::kTextDim, enabled(frame, i)))
        kChoices[i].carry_out(frame);
    ImGui::Separator();
    if (menu_entry(icon::kClear, "Clear the selection")) frame.ui.selection.clear();
    ImGui::EndPopup();
  }
  end_menu_style();
}

}  // namespace asfs
