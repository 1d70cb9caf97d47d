#include "app/views/dialog_parts.h"

#include <algorithm>

#include "app/ui/widgets.h"

namespace asfs {

void heading(const Frame& frame, const char* head_icon, ImU32 tint, std::string_view text) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushFont(frame.ui.fonts.semibold, size::kHeading);
  const float y = at.y + px(size::kHeading) * 0.5f;
  draw_icon(at.x + px(10), y, tint, head_icon);
  ImGui::SetCursorScreenPos({at.x + px(32), at.y});
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopFont();
  ImGui::Dummy({0, px(4)});
}

void video_card(const Frame& frame, std::string_view title, std::string_view second_line) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour::kSurface);
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, px(size::kRounding));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(px(16), px(12)));
  ImGui::BeginChild("Video", {0, 0}, ImGuiChildFlags_AutoResizeY | ImGuiChildFlags_AlwaysUseWindowPadding);
  paragraph(colour::kText, line_label<400>(title));
  if (!second_line.empty()) {
    ImGui::PushFont(frame.ui.fonts.regular, size::kSmall);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_elided_left(at.x, at.x + ImGui::GetContentRegionAvail().x, at.y + px(6), colour::kTextFaint,
                     second_line);
    ImGui::Dummy({0, px(14)});
    ImGui::PopFont();
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
  ImGui::Dummy({0, px(4)});
}

void fact(std::string_view name, std::string_view value) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_text(at.x, at.y + px(9), colour::kTextFaint, name);
  ImGui::SetCursorScreenPos({at.x + px(kFactInset), at.y});
  paragraph(colour::kText, value);
}

bool post_facts(Frame& frame, std::string_view video_id, std::string_view platform, std::uint64_t& asked) {
  if (asked == 0) {
    asked = frame.ui.next_plan++;
    frame.ask(PreviewPost{std::string(video_id), std::string(platform), asked});
  }
  const PostView* view = frame.state.post.get();
  const bool known = view && view->number == asked;
  fact("Post", known ? line_label<160>(view->post.text).view() : "…");
  fact("Seen by", known ? std::string_view(view->post.audience) : "…");
  if (known)
    for (const std::string& remark : {view->problem, view->advice})
      if (!remark.empty()) paragraph(colour::kWarning, line_label<400>(remark));
  return known && view->problem.empty();
}

void text_field(const char* label, const char* hint, std::span<char> text, bool wrong) {
  ImGui::SetNextItemWidth(-FLT_MIN);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour::kSurface);
  ImGui::PushStyleColor(ImGuiCol_Border, wrong ? colour::kDanger : colour::kOutline);
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, px(1));
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  ImGui::InputTextWithHint(label, hint, text.data(), text.size());
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
}

std::optional<int> buttons(std::initializer_list<const char*> labels, int escape, bool enabled) {
  ImGui::Dummy({0, px(8)});
  float width = -px(8);
  for (const char* label : labels) width += button_width(label) + px(8);
  ImGui::SetCursorPosX(
      std::max(ImGui::GetCursorPosX(), ImGui::GetWindowWidth() - px(kDialogPadding) - width));
  const int last = static_cast<int>(labels.size()) - 1;
  std::optional<int> answer;
  for (int i = 0; const char* label : labels) {
    ImGui::BeginDisabled(i == last && !enabled);
    if (button(label, i == last ? ButtonKind::primary : ButtonKind::plain)) answer = i;
    if (i == last) ImGui::SetItemDefaultFocus();
    ImGui::EndDisabled();
    if (i++ != last) ImGui::SameLine();
  }
  if (ImGui::IsWindowAppearing()) return answer;
  const bool enter =
      ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
  if (enter && enabled && !ImGui::GetIO().NavVisible) answer = last;
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) answer = escape;
  return answer;
}

}  // namespace asfs
