#include "app/views/window_content.h"

#include <imgui.h>

#include "app/ui/frame.h"
#include "app/ui/theme.h"
#include "app/views/columns.h"
#include "app/views/dialogs.h"
#include "app/views/header.h"
#include "app/views/row_menu.h"
#include "app/views/selection.h"
#include "app/views/table.h"
#include "app/views/toasts.h"
#include "app/views/uploads.h"

namespace asfs {
namespace {

void take_shortcuts(Frame& frame) {
  constexpr ImGuiInputFlags kEverywhere = ImGuiInputFlags_RouteGlobal;
  if (ImGui::Shortcut(ImGuiKey_F5, kEverywhere)) frame.ask(RefreshNow{});
  if (ImGui::Shortcut(ImGuiMod_Ctrl | ImGuiKey_F, kEverywhere)) frame.ui.focus_search = true;
  if (ImGui::Shortcut(ImGuiMod_Ctrl | ImGuiKey_Q, kEverywhere) ||
      ImGui::Shortcut(ImGuiMod_Ctrl | ImGuiKey_W, kEverywhere)) {
    if (request_close(frame.state, frame.ui)) frame.ui.close_confirmed = true;
  }
  if (ImGui::Shortcut(ImGuiMod_Ctrl | ImGuiKey_A, kEverywhere)) select_all(frame);
  const bool rows_are_in_front = std::holds_alternative<std::monostate>(frame.ui.dialog) &&
                                 !ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup) &&
                                 !ImGui::IsAnyItemActive();
  if (rows_are_in_front && ImGui::IsKeyPressed(ImGuiKey_Escape, false)) frame.ui.selection.clear();
}

void draw_main_window(Frame& frame) {
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(viewport.WorkPos);
  ImGui::SetNextWindowSize(viewport.WorkSize);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::Begin("ASFS Videos", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar(3);
  take_shortcuts(frame);
  const ImVec2 spacing = ImGui::GetStyle().ItemSpacing;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(spacing.x, 0));
  draw_top_bar(frame);
  draw_banners(frame);
  draw_filter_chips(frame);
  const float below = uploads_height(frame) + footer_height();
  const float width = ImGui::GetContentRegionAvail().x;
  draw_table(frame, std::max(ImGui::GetContentRegionAvail().y - below, px(40)));
  const ImVec2 end_of_table = ImGui::GetCursorScreenPos();
  draw_selection_bar(frame, end_of_table, width);
  ImGui::SetCursorScreenPos(end_of_table);
  draw_uploads(frame);
  draw_footer(frame);
  ImGui::PopStyleVar();
  ImGui::End();
}

}  // namespace

void draw_ui(const AppState& state, UiState& ui, double now, std::vector<Action>& actions) {
  ui.next_frame_in = 1.0;  // the age of the last refresh counts seconds
  Frame frame{state, ui, now, actions};
  follow_columns(frame);
  draw_main_window(frame);
  draw_row_menu(frame);
  draw_selection_menu(frame);
  draw_dialog(frame);
  draw_toasts(frame, uploads_height(frame) + footer_height());
}

bool request_close(const AppState& state, UiState& ui) {
  if (state.running->empty() && state.waiting->empty()) return true;
  if (!std::holds_alternative<ConfirmClose>(ui.dialog)) open_dialog(ui, ConfirmClose{});
  return false;
}

}  // namespace asfs
