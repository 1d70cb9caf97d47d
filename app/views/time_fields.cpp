#include "app/views/time_fields.h"

#include <cstdio>
#include <cstring>
#include <string>

#include "app/ui/icons.h"
#include "app/ui/widgets.h"
#include "app/views/dialog_parts.h"
#include "registry/base/local_time.h"

namespace asfs {
namespace {

template <std::size_t N>
bool input(const char* label, const char* hint, std::array<char, N>& text, float width, bool wrong) {
  ImGui::SetNextItemWidth(px(width));
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour::kSurface);
  ImGui::PushStyleColor(ImGuiCol_Border, wrong ? colour::kDanger : colour::kOutline);
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, px(1));
  const bool edited = ImGui::InputTextWithHint(label, hint, text.data(), text.size());
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
  return edited;
}

}  // namespace

void set_time(TimeFields& fields, TimePoint at) {
  const std::string text = time_text(at);
  std::snprintf(fields.date.data(), fields.date.size(), "%s", text.substr(0, 10).c_str());
  std::snprintf(fields.time.data(), fields.time.size(), "%s", text.substr(11, 5).c_str());
  fields.at = parse_time(text.substr(0, 16));
}

// Whole hours of the local day, also where its offset is no whole hour.
TimePoint next_full_hour(TimePoint now) {
  const std::string text = time_text(now + std::chrono::hours(1));
  return parse_time(text.substr(0, 13) + ":00").value_or(now + std::chrono::hours(1));
}

bool time_fields(TimeFields& fields, TimePoint now) {
  const bool wrong = !error_of(fields, now).empty();
  bool edited = input("##Date", "2026-12-01", fields.date, 128, wrong);
  ImGui::SameLine();
  edited = input("##Time of day", "18:00", fields.time, 80, wrong) || edited;
  if (edited) fields.at = parse_time(std::string(fields.date.data()) + " " + fields.time.data());
  return edited;
}

std::string_view error_of(const TimeFields& fields, TimePoint now) {
  if (!fields.at) return "Give a date and a time, such as 2026-12-01 and 18:00.";
  if (*fields.at <= now) return "That time is over.";
  return {};
}

bool span_field(const char* label, const char* hint, SpanField& field) {
  if (!input(label, hint, field.text, 80, !field.span)) return false;
  field.span = field.text[0] == '\0' ? std::chrono::seconds(0) : parse_span(field.text.data());
  return true;
}

void field_error(std::string_view text) {
  if (text.empty()) return;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_icon(at.x + px(8), at.y + ImGui::GetTextLineHeight() * 0.5f, colour::kDanger, icon::kError);
  ImGui::SetCursorScreenPos({at.x + px(24), at.y});
  paragraph(colour::kDanger, text);
}

}  // namespace asfs
