#include "app/ui/theme.h"

namespace asfs {
namespace {

ImVec4 vec(ImU32 colour) {
  return ImGui::ColorConvertU32ToFloat4(colour);
}

void set_sizes(ImGuiStyle& s) {
  s.WindowPadding = {16, 16};
  s.WindowRounding = 8;
  s.WindowBorderSize = 1;
  s.ChildRounding = 0;
  s.ChildBorderSize = 0;
  s.PopupRounding = 8;
  s.PopupBorderSize = 1;
  s.FramePadding = {12, 7};
  s.FrameRounding = size::kRounding;
  s.FrameBorderSize = 0;
  s.ItemSpacing = {8, 8};
  s.ItemInnerSpacing = {8, 4};
  s.CellPadding = {8, 9};
  s.ScrollbarSize = 12;
  s.ScrollbarRounding = 6;
  s.GrabMinSize = 24;
  s.GrabRounding = 6;
  s.SeparatorTextBorderSize = 1;
  s.DisplaySafeAreaPadding = {8, 8};
  s.HoverDelayShort = 0.15f;
  s.HoverDelayNormal = 0.40f;
  s.DisabledAlpha = 0.45f;
}

void set_colours(ImGuiStyle& s) {
  const auto set = [&s](ImGuiCol index, ImU32 colour) { s.Colors[index] = vec(colour); };
  set(ImGuiCol_Text, colour::kText);
  set(ImGuiCol_TextDisabled, colour::kTextFaint);
  set(ImGuiCol_WindowBg, colour::kBackground);
  set(ImGuiCol_ChildBg, 0);
  set(ImGuiCol_PopupBg, colour::kRaised);
  set(ImGuiCol_Border, colour::kOutline);
  set(ImGuiCol_FrameBg, colour::kRaised);
  set(ImGuiCol_FrameBgHovered, colour::kRaisedHover);
  set(ImGuiCol_FrameBgActive, colour::kRaisedHover);
  set(ImGuiCol_ScrollbarBg, 0);
  set(ImGuiCol_ScrollbarGrab, rgb(0x343B47));
  set(ImGuiCol_ScrollbarGrabHovered, rgb(0x454E5D));
  set(ImGuiCol_ScrollbarGrabActive, rgb(0x566073));
  set(ImGuiCol_Button, colour::kRaised);
  set(ImGuiCol_ButtonHovered, colour::kRaisedHover);
  set(ImGuiCol_ButtonActive, colour::kOutline);
  set(ImGuiCol_Header, with_alpha(colour::kAccent, 0.10f));
  set(ImGuiCol_HeaderHovered, colour::kRaisedHover);
  set(ImGuiCol_HeaderActive, colour::kRaisedHover);
  set(ImGuiCol_Separator, colour::kLine);
  set(ImGuiCol_SeparatorHovered, colour::kAccent);
  set(ImGuiCol_SeparatorActive, colour::kAccent);
  set(ImGuiCol_TableHeaderBg, colour::kSurface);
  set(ImGuiCol_TableBorderStrong, colour::kLine);
  set(ImGuiCol_TableBorderLight, colour::kLine);
  set(ImGuiCol_TableRowBg, 0);
  set(ImGuiCol_TableRowBgAlt, 0);
  set(ImGuiCol_TextSelectedBg, with_alpha(colour::kAccentFill, 0.60f));
  set(ImGuiCol_InputTextCursor, colour::kText);
  set(ImGuiCol_NavCursor, colour::kAccent);
  set(ImGuiCol_ModalWindowDimBg, IM_COL32(5, 6, 8, 150));
}

}  // namespace

void apply_theme(float scale) {
  ImGuiStyle style;
  set_sizes(style);
  set_colours(style);
  style.ScaleAllSizes(scale);
  style.FontSizeBase = size::kText;
  style.FontScaleDpi = scale;
  ImGui::GetStyle() = style;
}

}  // namespace asfs
