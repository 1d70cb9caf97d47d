#include "app/views/toasts.h"

#include <imgui_internal.h>

#include "app/ui/icons.h"
#include "app/ui/widgets.h"

namespace asfs {
namespace {

constexpr double kFade = 0.25;
constexpr float kWidth = 384;

struct KindLook {
  const char* icon;
  ImU32 colour;
};
constexpr std::array<KindLook, 4> kLooks{{
    {icon::kInfo, colour::kAccent},
    {icon::kGood, colour::kSuccess},
    {icon::kWarning, colour::kWarning},
    {icon::kError, colour::kDanger},
}};

float alpha_of(const Toast& toast, double now) {
  const double in = (now - toast.born) / kFade, out = 1.0 - (now - toast.until) / kFade;
  return static_cast<float>(std::clamp(std::min(in, out), 0.02, 1.0));
}

void content(const Frame& frame, const Toast& toast) {
  const KindLook& look = kLooks[static_cast<std::size_t>(toast.notice.kind)];
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_icon(at.x + px(8), at.y + ImGui::GetTextLineHeight() * 0.5f, look.colour, look.icon);
  ImGui::Indent(px(28));
  ImGui::PushFont(frame.ui.fonts.regular, 0.0f);
  paragraph(colour::kText, toast.notice.text);
  if (!toast.notice.detail.empty()) paragraph(colour::kTextDim, toast.notice.detail);
  ImGui::PopFont();
  ImGui::Unindent(px(28));
}

/// Returns the top of the toast. True in `dismissed` when it was clicked.
float draw_toast(Frame& frame, Toast& toast, float bottom, bool& dismissed) {
  const ImVec2 corner = ImGui::GetMainViewport()->WorkPos + ImGui::GetMainViewport()->WorkSize;
  const float width = std::min(px(kWidth), ImGui::GetMainViewport()->WorkSize.x - px(32));
  const float alpha = alpha_of(toast, frame.now);
  if (alpha < 1.0f) frame.again_in(kAnimation);
  frame.again_in(std::max(toast.until - frame.now, 0.0));
  ImGui::SetNextWindowPos({corner.x - px(16), bottom}, ImGuiCond_Always, {1, 1});
  ImGui::SetNextWindowSizeConstraints({width, 0}, {width, FLT_MAX});
  ImGui::PushStyleVar(ImGuiStyleVar_Alpha, alpha);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(px(16), px(12)));
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colour::kRaisedHover);
  ImGui::Begin(Label<32>("##Toast {}", toast.id).c_str(), nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoFocusOnAppearing |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize |
                   ImGuiWindowFlags_NoMove);
  content(frame, toast);
  const bool hovered = ImGui::IsWindowHovered();
  if (hovered) toast.until = std::max(toast.until, frame.now + 1.0);
  dismissed = hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  const float top = ImGui::GetWindowPos().y;
  ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
  ImGui::End();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(2);
  return top;
}

}  // namespace

bool toasts_shown(const UiState& ui) {
  return !ui.toasts.empty();
}

void draw_toasts(Frame& frame, float lift) {
  std::erase_if(frame.ui.toasts, [&](const Toast& toast) { return frame.now > toast.until + kFade; });
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  float bottom = viewport.WorkPos.y + viewport.WorkSize.y - lift - px(16);
  for (auto toast = frame.ui.toasts.rbegin(); toast != frame.ui.toasts.rend(); ++toast) {
    bool dismissed = false;
    bottom = draw_toast(frame, *toast, bottom, dismissed) - px(8);
    if (dismissed) toast->until = std::min(toast->until, frame.now);
    if (bottom < viewport.WorkPos.y + px(120)) break;
  }
}

}  // namespace asfs
