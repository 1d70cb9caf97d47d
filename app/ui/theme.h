// The look: one dark palette, one accent, sizes on an 8 px grid with 4 px half-steps.
//
// Every text colour has a contrast of at least 4.5:1 on every surface it is drawn on (a test computes it).
// Sizes are logical pixels: px() brings them to the screen's scale.
#pragma once

#include <imgui.h>

#include <array>
#include <cmath>
#include <cstdint>

#include "registry/picture/snapshot.h"

namespace asfs {

constexpr ImU32 rgb(std::uint32_t hex) {
  return IM_COL32((hex >> 16) & 0xFF, (hex >> 8) & 0xFF, hex & 0xFF, 0xFF);
}
constexpr ImU32 with_alpha(ImU32 colour, float alpha) {
  return (colour & 0x00FFFFFFu) | (static_cast<ImU32>(alpha * 255.0f + 0.5f) << 24);
}

namespace colour {
inline constexpr ImU32 kBackground = rgb(0x0F1115);
inline constexpr ImU32 kSurface = rgb(0x15181E);  // bars and table
inline constexpr ImU32 kRaised = rgb(0x1D2129);   // inputs, chips, dialogs, menus
inline constexpr ImU32 kRaisedHover = rgb(0x282E38);
inline constexpr ImU32 kHover = rgb(0x1B1F27);  // the row under the mouse
inline constexpr ImU32 kLine = rgb(0x252A33);
inline constexpr ImU32 kOutline = rgb(0x363D4A);
inline constexpr ImU32 kCheckFrame = rgb(0x6B7484);  // of switches and boxes that are off
inline constexpr ImU32 kText = rgb(0xE8EBF1);
inline constexpr ImU32 kTextDim = rgb(0xAAB2BF);
inline constexpr ImU32 kTextFaint = rgb(0x8E97A6);
inline constexpr ImU32 kAccent = rgb(0x7CA5FF);
inline constexpr ImU32 kAccentFill = rgb(0x3565E0);
inline constexpr ImU32 kAccentFillHover = rgb(0x3F6EE6);
inline constexpr ImU32 kAccentFillActive = rgb(0x2C58CC);
inline constexpr ImU32 kOnAccent = rgb(0xFFFFFF);
inline constexpr ImU32 kSuccess = rgb(0x55CB8F);
inline constexpr ImU32 kDanger = rgb(0xF58488);
inline constexpr ImU32 kWarning = rgb(0xEBB45A);
inline constexpr ImU32 kWaiting = rgb(0xBBA3F8);
}  // namespace colour

namespace size {
inline constexpr float kText = 18.0f;  // height of a line; the em is 15
inline constexpr float kSmall = 16.0f;
inline constexpr float kHeading = 22.0f;
inline constexpr float kRow = 44.0f;
inline constexpr float kControl = 32.0f;  // height of buttons and inputs
inline constexpr float kRounding = 6.0f;
inline constexpr float kMargin = 16.0f;  // between the window's edge and what is in it
}  // namespace size

/// Logical pixels, not less than none, as whole pixels of the screen.
inline float px(float logical) {
  return static_cast<float>(static_cast<int>(logical * ImGui::GetStyle().FontScaleDpi + 0.5f));
}

/// Sets all of ImGui's style for a screen of this scale (1: 96 dpi).
void apply_theme(float scale);

}  // namespace asfs
