#include "app/views/columns.h"

#include <imgui_internal.h>

#include "app/ui/icons.h"
#include "app/ui/widgets.h"

namespace asfs {
namespace {

constexpr const char* kAll = "All destinations";

/// The column that the filters look at alone.
std::optional<std::size_t> narrowed_to(const Frame& frame) {
  const auto place = frame.column_of(frame.ui.settings->narrowed);
  return place && frame.shown(*place) ? place : std::nullopt;
}

const char* where_label(const Frame& frame, bool narrow) {
  const auto place = narrowed_to(frame);
  return place ? frame.caption_at(*place).c_str() : narrow ? "" : kAll;
}

/// After a change by the person.
void remember(Frame& frame) {
  frame.ask(RememberSettings{*frame.ui.settings});
  follow_columns(frame);
}

void narrow_to(Frame& frame, std::string_view destination) {
  if (frame.ui.settings->narrowed == destination) return;
  frame.ui.settings->narrowed = destination;
  remember(frame);
}

void flip_column(Frame& frame, std::size_t column) {
  auto& hidden = frame.ui.settings->hidden;
  const std::string& name = frame.name_at(column);
  if (std::erase(hidden, name) == 0) hidden.push_back(name);
  remember(frame);
}

void caption(Frame& frame, const char* text) {
  ImGui::PushFont(frame.ui.fonts.semibold, size::kSmall);
  ImGui::PushStyleColor(ImGuiCol_Text, colour::kTextFaint);
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + px(2));
  ImGui::TextUnformatted(text);
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

}  // namespace

void follow_columns(Frame& frame) {
  UiState& ui = frame.ui;
  if (!frame.state.info) return;
  const bool first = !ui.settings;
  if (first) ui.settings = frame.state.info->settings;
  ui.shown = shown_columns(frame.columns(), *ui.settings);
  const DestinationChoice where = filtered_columns(frame.columns(), *ui.settings);
  if (std::exchange(ui.query.where, where) != where && !first) frame.ask(SetQuery{ui.query});
}

// Several may be switched at a time, so the menu stays; one column stays, too.
void columns_menu(Frame& frame) {
  caption(frame, "Columns");
  ImGui::PushItemFlag(ImGuiItemFlags_AutoClosePopups, false);
  for (std::size_t i = 0; i < frame.columns().size(); ++i) {
    if (!frame.there(i)) continue;
    const DestinationColumn& column = frame.columns()[i];
    const bool shown = frame.shown(i);
    if (menu_entry(column.icon, Label<120>("{0}###Column of {0}", frame.caption_at(i)), rgb(column.colour),
                   !shown || frame.ui.shown.count() > 1, shown))
      flip_column(frame, i);
  }
  ImGui::PopItemFlag();
}

float where_width(const Frame& frame, bool narrow) {
  return frame.ui.settings ? chip_width(where_label(frame, narrow), icon::kCaret) : 0.0f;
}

void draw_where(Frame& frame, ImVec2 at, bool narrow) {
  if (!frame.ui.settings) return;
  const auto place = narrowed_to(frame);
  ImGui::SetCursorScreenPos(at);
  if (chip(where_label(frame, narrow), icon::kCaret, place.has_value(),
           place ? rgb(frame.columns()[*place].colour) : colour::kTextDim,
           place ? frame.columns()[*place].icon : icon::kFilter, "Where"))
    ImGui::OpenPopup("Where");
  tooltip(
      "Which destinations the filters look at. Columns are hidden by a right click on the table's header.");
  ImGui::SetNextWindowPos({at.x, at.y + px(size::kControl + 4)});
  begin_menu_style();
  if (ImGui::BeginPopup("Where")) {
    if (menu_entry(icon::kFilter, Label<64>("{0}###Filter by {0}", kAll), colour::kTextDim, true, !place))
      narrow_to(frame, {});
    for (std::size_t i = 0; i < frame.columns().size(); ++i) {
      const DestinationColumn& column = frame.columns()[i];
      if (frame.shown(i) && menu_entry(column.icon, Label<120>("{0}###Filter by {0}", frame.caption_at(i)),
                                       rgb(column.colour), true, place == i))
        narrow_to(frame, frame.name_at(i));
    }
    ImGui::Separator();
    columns_menu(frame);
    ImGui::EndPopup();
  }
  end_menu_style();
}

}  // namespace asfs
