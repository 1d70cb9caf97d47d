// The few controls that the views are made of. Each takes a plain label: it is the control's id, what a test
// clicks, and, for icon buttons, the beginning of the tooltip. Must be called inside a window of an ImGui
// frame.
#pragma once

#include <imgui.h>

#include <string_view>

#include "app/model/label.h"
#include "app/ui/theme.h"

namespace asfs {

enum class ButtonKind { primary, plain, quiet };

/// `label` may start with an icon. Width 0: as wide as the text.
bool button(const char* label, ButtonKind kind = ButtonKind::plain, float width = 0.0f);
float button_width(const char* label);

struct IconButton {
  const char* label;  ///< id and test name
  const char* icon;
  const char* text = nullptr;  ///< shown after the icon
  ImU32 colour = colour::kTextDim;
  bool enabled = true;
  bool framed = false;  ///< a frame at rest too
};
/// A square of `size` (or wider, with text) that shows its frame only under the mouse. A disabled one takes
/// no click but still shows tooltips.
bool icon_button(const IconButton& what, ImVec2 size);

/// A switch; true when it was flipped.
bool toggle(const char* label, bool on);

enum class Check { off, on, some };
/// A square of 20 pixels; `some`: a part of what it stands for. True when it was pressed.
bool check_box(const char* label, Check state);
/// One of several choices; true when it was pressed.
bool radio(const char* label, bool selected);

/// A menu: entries with an icon in a colour of its own; `label` may carry an id after ###.
void begin_menu_style();
void end_menu_style();
bool menu_entry(const char* entry_icon, std::string_view label, ImU32 tint = colour::kTextDim,
                bool enabled = true, bool checked = false);

/// A rounded button with a count that can be `selected`.
/// Without a label it is the icon alone. `id`: where the label changes.
bool chip(const char* label, std::string_view count, bool selected, ImU32 dot, const char* icon,
          const char* id = nullptr);
float chip_width(const char* label, std::string_view count);

/// A thin bar at a place; `fraction` < 0: how far is unknown.
void progress_bar(ImVec2 min, ImVec2 max, float fraction, ImU32 fill, double now);
void spinner(ImVec2 centre, float radius, ImU32 stroke, double now);

/// Text at a place on the window's draw list, vertically centred on `y`.
void draw_text(float x, float y, ImU32 text_colour, std::string_view text);
void draw_text_right(float right, float y, ImU32 text_colour, std::string_view text);
/// Cut with an ellipsis at the end, or at the beginning (paths). True when it was cut.
bool draw_elided(float x, float right, float y, ImU32 text_colour, std::string_view text);
bool draw_elided_left(float x, float right, float y, ImU32 text_colour, std::string_view text);
/// Digits of equal width, so that numbers neither jump nor misalign; ends at `right`. Returns where it
/// begins.
float draw_number_right(float right, float y, ImU32 text_colour, std::string_view text);
/// An icon centred at a point.
void draw_icon(float x, float y, ImU32 icon_colour, const char* icon);

float text_width(std::string_view text);

/// Gives the item before a name for tests, where ImGui gives none.
void name_last_item(const char* label);

/// A tooltip of wrapped text for the item before.
void tooltip(std::string_view text);
bool begin_tooltip();
void end_tooltip();

/// Text in a colour, wrapped at the edge of the window or tooltip.
void paragraph(ImU32 text_colour, std::string_view text);

}  // namespace asfs
