#include "app/ui/widgets.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "app/ui/icons.h"

namespace asfs {
namespace {

constexpr std::size_t kTextAtMost = 4000;  ///< bytes of wrapped text: more fits on no screen

ImDrawList& draw_list() {
  return *ImGui::GetWindowDrawList();
}

/// With the alpha that is in force (fading toasts, disabled controls).
ImU32 ink(ImU32 any) {
  return ImGui::GetColorU32(any);
}

float line_top(float centre_y) {
  return ImFloor(centre_y - ImGui::GetFontSize() * 0.5f);
}

/// Registers `size` at the cursor as an item with a name for tests.
struct Item {
  ImGuiID id = 0;
  ImRect box;
  bool visible = false;
};

Item add_item(const char* label, ImVec2 size) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  Item item;
  item.id = window->GetID(label);
  item.box = ImRect(window->DC.CursorPos, window->DC.CursorPos + size);
  ImGui::ItemSize(size);
  item.visible = ImGui::ItemAdd(item.box, item.id);
  return item;
}

ImU32 frame_colour(bool hovered, bool held) {
  return held ? colour::kOutline : hovered ? colour::kRaisedHover : colour::kRaised;
}

/// Of characters that text is measured by one at a time.
class CharWidths {
 public:
  float of(char c) const { return baked_.GetCharAdvance(static_cast<ImWchar>(c)) * scale_; }
  float widest_digit() const {
    float widest = 0.0f;
    for (char c = '0'; c <= '9'; ++c) widest = std::max(widest, of(c));
    return widest;
  }

 private:
  ImFontBaked& baked_ = *ImGui::GetFontBaked();
  const float scale_ = ImGui::GetFontSize() / baked_.Size;
};

}  // namespace

bool button(const char* label, ButtonKind kind, float width) {
  const bool primary = kind == ButtonKind::primary;
  ImGui::PushStyleColor(ImGuiCol_Button, primary                     ? colour::kAccentFill
                                         : kind == ButtonKind::quiet ? 0
                                                                     : colour::kRaisedHover);
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, primary ? colour::kAccentFillHover : colour::kOutline);
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, primary ? colour::kAccentFillActive : colour::kLine);
  ImGui::PushStyleColor(ImGuiCol_Text, primary ? colour::kOnAccent : colour::kText);
  const bool pressed = ImGui::Button(label, {width, 0});
  ImGui::PopStyleColor(4);
  return pressed;
}

float button_width(const char* label) {
  return ImGui::CalcTextSize(label, nullptr, true).x + 2 * ImGui::GetStyle().FramePadding.x;
}

bool icon_button(const IconButton& what, ImVec2 size) {
  ImGui::BeginDisabled(!what.enabled);
  const Item item = add_item(what.label, size);
  bool hovered = false, held = false;
  const bool pressed = ImGui::ButtonBehavior(item.box, item.id, &hovered, &held);
  if (item.visible) {
    if (what.framed || hovered || held)
      draw_list().AddRectFilled(item.box.Min, item.box.Max, ink(frame_colour(hovered, held)),
                                px(size::kRounding));
    ImGui::RenderNavCursor(item.box, item.id);
    const float y = item.box.GetCenter().y;
    const float content = what.text ? px(16) + px(8) + text_width(what.text) : px(16);
    const float x = std::max(item.box.GetCenter().x - content * 0.5f, item.box.Min.x + px(8));
    draw_icon(x + px(8), y, what.enabled ? what.colour : colour::kTextFaint, what.icon);
    if (what.text) draw_elided(x + px(24), item.box.Max.x - px(4), y, colour::kText, what.text);
  }
  name_last_item(what.label);
  ImGui::EndDisabled();
  return pressed;
}

bool toggle(const char* label, bool on) {
  const Item item = add_item(label, {px(36), px(20)});
  bool hovered = false, held = false;
  const bool pressed = ImGui::ButtonBehavior(item.box, item.id, &hovered, &held);
  if (item.visible) {
    const float radius = item.box.GetHeight() * 0.5f;
    const ImU32 track = on ? (hovered ? colour::kAccentFillHover : colour::kAccentFill)
                           : (hovered ? colour::kOutline : colour::kRaisedHover);
    draw_list().AddRectFilled(item.box.Min, item.box.Max, track, radius);
    if (!on) draw_list().AddRect(item.box.Min, item.box.Max, colour::kCheckFrame, radius, 0, px(1));
    const float x = on ? item.box.Max.x - radius : item.box.Min.x + radius;
    draw_list().AddCircleFilled({x, item.box.GetCenter().y}, radius - px(4),
                                on ? colour::kOnAccent : colour::kTextDim);
    ImGui::RenderNavCursor(item.box, item.id);
  }
  name_last_item(label);
  return pressed;
}

bool check_box(const char* label, Check state) {
  const Item item = add_item(label, {px(20), px(20)});
  bool hovered = false, held = false;
  const bool pressed = ImGui::ButtonBehavior(item.box, item.id, &hovered, &held);
  if (item.visible) {
    const float inset = px(1);
    const ImRect box(item.box.Min + ImVec2(inset, inset), item.box.Max - ImVec2(inset, inset));
    if (state == Check::off) {
      if (hovered) draw_list().AddRectFilled(box.Min, box.Max, colour::kRaisedHover, px(4));
      draw_list().AddRect(box.Min, box.Max, ink(hovered ? colour::kTextDim : colour::kCheckFrame), px(4), 0,
                          px(1));
    } else {
      draw_list().AddRectFilled(box.Min, box.Max,
                                ink(hovered ? colour::kAccentFillHover : colour::kAccentFill), px(4));
      ImGui::PushFont(nullptr, size::kSmall - 3);
      draw_icon(box.GetCenter().x, box.GetCenter().y, colour::kOnAccent,
                state == Check::on ? icon::kCheck : icon::kMinus);
      ImGui::PopFont();
    }
    ImGui::RenderNavCursor(item.box, item.id);
  }
  name_last_item(label);
  return pressed;
}

bool radio(const char* label, bool selected) {
  const Item item = add_item(label, {px(16 + 8) + text_width(label), px(size::kControl)});
  bool hovered = false, held = false;
  const bool pressed = ImGui::ButtonBehavior(item.box, item.id, &hovered, &held);
  if (item.visible) {
    const ImVec2 centre(item.box.Min.x + px(8), item.box.GetCenter().y);
    if (selected) {
      draw_list().AddCircleFilled(centre, px(8), ink(colour::kAccentFill));
      draw_list().AddCircleFilled(centre, px(3), ink(colour::kOnAccent));
    } else {
      draw_list().AddCircle(centre, px(7), ink(hovered ? colour::kTextDim : colour::kCheckFrame), 0, px(1));
    }
    draw_text(item.box.Min.x + px(24), centre.y, selected || hovered ? colour::kText : colour::kTextDim,
              label);
    ImGui::RenderNavCursor(item.box, item.id);
  }
  name_last_item(label);
  return pressed;
}

void begin_menu_style() {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(px(8), px(14)));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(px(8), px(12)));
}

void end_menu_style() {
  ImGui::PopStyleVar(2);
}

bool menu_entry(const char* entry_icon, std::string_view text, ImU32 tint, bool enabled, bool checked) {
  const Label<160> label("       {}", text);  // room for the icon, which has a colour of its own
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool pressed = ImGui::MenuItem(label.c_str(), nullptr, checked, enabled);
  ImGui::BeginDisabled(!enabled);
  draw_icon(at.x + px(10), at.y + ImGui::GetTextLineHeight() * 0.5f, tint, entry_icon);
  ImGui::EndDisabled();
  return pressed;
}

float chip_width(const char* label, std::string_view count) {
  const float text = *label ? px(6) + text_width(label) + px(8) + text_width(count) : 0.0f;
  return px(12) + px(16) + text + px(12);
}

bool chip(const char* label, std::string_view count, bool selected, ImU32 dot, const char* icon,
          const char* id) {
  const Item item = add_item(id ? id : label, {chip_width(label, count), px(size::kControl)});
  bool hovered = false, held = false;
  const bool pressed = ImGui::ButtonBehavior(item.box, item.id, &hovered, &held);
  if (item.visible) {
    const float rounding = item.box.GetHeight() * 0.5f;
    const ImU32 fill = hovered ? colour::kRaisedHover : colour::kRaised;
    draw_list().AddRectFilled(item.box.Min, item.box.Max, fill, rounding);
    if (selected) {
      draw_list().AddRectFilled(item.box.Min, item.box.Max, with_alpha(colour::kAccent, 0.14f), rounding);
      draw_list().AddRect(item.box.Min, item.box.Max, colour::kAccent, rounding, 0, px(1));
    }
    ImGui::RenderNavCursor(item.box, item.id);
    const float y = item.box.GetCenter().y;
    float x = item.box.Min.x + px(12);
    draw_icon(x + px(8), y, dot, icon);
    x += px(22);
    draw_text(x, y, selected ? colour::kText : colour::kTextDim, label);
    if (*label)
      draw_text(x + text_width(label) + px(8), y, selected ? colour::kText : colour::kTextFaint, count);
  }
  name_last_item(id ? id : label);
  return pressed;
}

void progress_bar(ImVec2 min, ImVec2 max, float fraction, ImU32 fill, double now) {
  const float rounding = (max.y - min.y) * 0.5f;
  draw_list().AddRectFilled(min, max, ink(colour::kOutline), rounding);
  const float width = max.x - min.x;
  float from = 0.0f, to = std::clamp(fraction, 0.0f, 1.0f);
  if (fraction < 0.0f) {
    const float at = static_cast<float>(std::fmod(now * 0.8, 1.0)) * 1.3f - 0.3f;
    from = std::max(at, 0.0f);
    to = std::min(at + 0.3f, 1.0f);
  }
  const float left = min.x + from * width, right = std::max(min.x + to * width, left);
  if (right - left >= 1.0f)
    draw_list().AddRectFilled({left, min.y}, {std::max(right, left + 2 * rounding), max.y}, ink(fill),
                              rounding);
}

void spinner(ImVec2 centre, float radius, ImU32 stroke, double now) {
  const float start = static_cast<float>(std::fmod(now * 5.0, 2 * 3.14159265));
  draw_list().PathArcTo(centre, radius, start, start + 4.4f, 24);
  draw_list().PathStroke(ink(stroke), 0, std::max(px(2), 1.0f));
}

float text_width(std::string_view text) {
  return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x;
}

void draw_text(float x, float y, ImU32 text_colour, std::string_view text) {
  draw_list().AddText({ImFloor(x), line_top(y)}, ink(text_colour), text.data(), text.data() + text.size());
}

void draw_text_right(float right, float y, ImU32 text_colour, std::string_view text) {
  draw_text(right - text_width(text), y, text_colour, text);
}

bool draw_elided(float x, float right, float y, ImU32 text_colour, std::string_view text) {
  const char* end = text.data() + text.size();
  const ImVec2 all = ImGui::CalcTextSize(text.data(), end);
  x = ImFloor(x);
  if (all.x <= right - x) {
    draw_text(x, y, text_colour, text);
    return false;
  }
  const float top = line_top(y);
  ImGui::PushStyleColor(ImGuiCol_Text, text_colour);
  ImGui::RenderTextEllipsis(&draw_list(), {x, top}, {right, top + all.y}, right, text.data(), end, &all);
  ImGui::PopStyleColor();
  return true;
}

bool draw_elided_left(float x, float right, float y, ImU32 text_colour, std::string_view text) {
  const float room = right - x;
  if (text_width(text) <= room) {
    draw_text(x, y, text_colour, text);
    return false;
  }
  const float ellipsis = text_width("…");
  std::size_t begin = text.size();
  float width = ellipsis;
  while (begin > 0) {
    std::size_t before = begin - 1;
    while (before > 0 && (static_cast<unsigned char>(text[before]) & 0xC0) == 0x80) --before;
    width += text_width(text.substr(before, begin - before));
    if (width > room) break;
    begin = before;
  }
  draw_text(x, y, text_colour, "…");
  draw_text(x + ellipsis, y, text_colour, text.substr(begin));
  return true;
}

float draw_number_right(float right, float y, ImU32 text_colour, std::string_view text) {
  const CharWidths widths;
  const float digit = widths.widest_digit();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  // Runs of other characters keep their own spacing.
  const auto run = [&](std::size_t begin) {
    if (begin < text.size() && is_digit(text[begin])) return text.substr(begin, 1);
    return text.substr(begin,
                       std::find_if(text.begin() + begin, text.end(), is_digit) - (text.begin() + begin));
  };
  const auto width_of = [&](std::string_view part) {
    return part.size() == 1 ? widths.of(part[0]) : text_width(part);
  };
  float x = right;
  for (std::size_t at = 0; at < text.size(); at += run(at).size())
    x -= is_digit(text[at]) ? digit : width_of(run(at));
  const float left = x;
  for (std::size_t at = 0; at < text.size(); at += run(at).size()) {
    const float width = width_of(run(at));
    const bool padded = is_digit(text[at]);
    draw_text(padded ? x + (digit - width) * 0.5f : x, y, text_colour, run(at));
    x += padded ? digit : width;
  }
  return left;
}

void draw_icon(float x, float y, ImU32 icon_colour, const char* icon) {
  draw_text(ImFloor(x - text_width(icon) * 0.5f + 0.5f), y, icon_colour, icon);
}

void name_last_item(const char* label) {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  IMGUI_TEST_ENGINE_ITEM_INFO(g.LastItemData.ID, label, g.LastItemData.StatusFlags);
}

bool begin_tooltip() {
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip | ImGuiHoveredFlags_AllowWhenDisabled |
                            ImGuiHoveredFlags_AllowWhenOverlappedByItem))
    return false;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(px(12), px(10)));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(px(8), px(4)));
  if (!ImGui::BeginTooltip()) {
    ImGui::PopStyleVar(2);
    return false;
  }
  ImGui::PushTextWrapPos(px(420));
  return true;
}

void end_tooltip() {
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
  ImGui::PopStyleVar(2);
}

void tooltip(std::string_view text) {
  if (!begin_tooltip()) return;
  text = beginning(text, kTextAtMost);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  end_tooltip();
}

void paragraph(ImU32 text_colour, std::string_view text) {
  text = beginning(text, kTextAtMost);
  ImGui::PushStyleColor(ImGuiCol_Text, text_colour);
  const bool wrapped = ImGui::GetCurrentWindow()->DC.TextWrapPos >= 0.0f;
  if (!wrapped) ImGui::PushTextWrapPos(0.0f);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  if (!wrapped) ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
}

}  // namespace asfs
