#include "app/views/table.h"

#include <imgui_internal.h>

#include <optional>

#include "app/ui/status_look.h"
#include "app/ui/theme.h"
#include "app/ui/widgets.h"
#include "app/views/columns.h"
#include "app/views/empty.h"
#include "app/views/row.h"
#include "app/views/selection.h"

namespace asfs {
namespace {

struct Column {
  const char* header;
  float width;    ///< logical pixels; of stretching columns: the least
  float stretch;  ///< share of what is left; 0: fixed
  SortKey sort;
  bool sortable = true;
  std::size_t destination = 0;  ///< its place, where it is one
};

/// The destination whose column stands there, shown or not.
std::optional<std::size_t> destination_at(const Frame& frame, int place) {
  const auto destination = static_cast<std::size_t>(place - kFirstDestination);
  return place >= kFirstDestination && destination < frame.columns().size() ? std::optional(destination)
                                                                            : std::nullopt;
}

/// What stands at a place.
Column column_at(const Frame& frame, int place) {
  if (place == kTitle) return {"Title", 240, 3.3f, SortKey::title};
  if (place == kDuration) return {"Duration", 76, 0, SortKey::duration};
  if (place == kDuplicates) return {"Allow Duplicates", 128, 0, SortKey::duplicates};
  if (place == kActions) return {"Actions", actions_width(frame, false), 0, SortKey::created, false};
  if (place == kPath) return {"File Path", 160, 1.7f, SortKey::file_path};
  const auto destination = destination_at(frame, place);
  return {destination ? frame.short_caption_at(*destination) : "", 132, 0, SortKey::destination, true,
          static_cast<std::size_t>(place - kFirstDestination)};
}

bool is_shown(const Frame& frame, int place) {
  const bool destination = place >= kFirstDestination && place < kDuplicates;
  return !destination || frame.ui.shown[static_cast<std::size_t>(place - kFirstDestination)];
}

/// ImGui's name of an order, and back.
ImGuiID id_of(const Column& column) {
  return static_cast<ImGuiID>(column.sort) | static_cast<ImGuiID>(column.destination) << 8;
}

constexpr float kHeaderHeight = 40;
constexpr float kRoomForTitles = 400;  ///< where so much is left over, the buttons carry their names

/// With the names of the buttons, or without.
float least_width(const Frame& frame, bool named) {
  float sum = named ? px(actions_width(frame, true) - actions_width(frame, false)) : 0;
  for (int i = 0; i < kColumns; ++i)
    if (is_shown(frame, i)) sum += px(column_at(frame, i).width) + 2 * ImGui::GetStyle().CellPadding.x;
  return sum;
}

void set_up_columns(const Frame& frame, float window_width) {
  const bool named = window_width >= least_width(frame, true) + px(kRoomForTitles);
  for (int i = 0; i < kColumns; ++i) {
    const Column column = column_at(frame, i);
    ImGuiTableColumnFlags flags =
        column.stretch > 0 ? ImGuiTableColumnFlags_WidthStretch : ImGuiTableColumnFlags_WidthFixed;
    if (!column.sortable) flags |= ImGuiTableColumnFlags_NoSort;
    if (!is_shown(frame, i)) flags |= ImGuiTableColumnFlags_Disabled;
    if (i == kActions) flags |= ImGuiTableColumnFlags_NoResize;  // it follows the buttons
    const float width = column.stretch > 0       ? column.stretch
                        : i == kActions && named ? px(actions_width(frame, true))
                                                 : px(column.width);
    ImGui::TableSetupColumn(column.header, flags, width, id_of(column));
  }
  ImGui::TableSetupScrollFreeze(1, 1);
}

/// Marks every row that is shown, or none.
void draw_check_of_all(Frame& frame, ImVec2 at) {
  const Selection& selection = frame.ui.selection;
  const TableModel& table = *frame.state.table;
  const bool all = table.rows.size() == table.snapshot->size() && selection.size() >= table.rows.size();
  ImGui::SetCursorScreenPos({at.x, at.y + px(size::kSmall * 0.5f - 10)});
  if (check_box("Select all", selection.empty() ? Check::off : all ? Check::on : Check::some)) {
    if (selection.empty())
      select_all(frame);
    else
      frame.ui.selection.clear();
  }
  tooltip(selection.empty() ? "Select every row that is shown (Ctrl+A)" : "Clear the selection (Esc)");
}

void draw_headers(Frame& frame) {
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding,
                      ImVec2(ImGui::GetStyle().CellPadding.x, px((kHeaderHeight - size::kSmall) * 0.5f)));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(px(4), 0));
  ImGui::PushStyleColor(ImGuiCol_Text, colour::kTextDim);
  ImGui::PushFont(frame.ui.fonts.semibold, size::kSmall);
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers, px(kHeaderHeight));
  for (int i = 0; i < kColumns; ++i) {
    if (!ImGui::TableSetColumnIndex(i)) continue;
    const char* name = column_at(frame, i).header;
    if (i == kDuration) {
      const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
      ImGui::SetCursorScreenPos({right - px(kNumberInset) - text_width(name), ImGui::GetCursorScreenPos().y});
    }
    if (const auto destination = destination_at(frame, i)) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      draw_icon(at.x + px(8), at.y + px(size::kSmall) * 0.5f, rgb(frame.columns()[*destination].colour),
                frame.columns()[*destination].icon);
      ImGui::SetCursorScreenPos({at.x + px(24), at.y});
    }
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (i == kTitle) ImGui::SetCursorScreenPos({at.x + px(kCheckInset), at.y});
    ImGui::PushID(i);  // two may be called the same
    ImGui::TableHeader(name);
    ImGui::PopID();
    name_last_item(name);
    if (i == kTitle) draw_check_of_all(frame, at);
  }
  ImGui::PopFont();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(2);
}

/// In place of ImGui's own, at a right click on the header.
void draw_header_menu(Frame& frame) {
  begin_menu_style();
  if (ImGui::TableBeginContextMenuPopup(ImGui::GetCurrentTable())) {
    columns_menu(frame);
    ImGui::EndPopup();
  }
  end_menu_style();
}

void ask_for_order(Frame& frame) {
  ImGuiTableSortSpecs* specs = ImGui::TableGetSortSpecs();
  if (!specs || !specs->SpecsDirty) return;
  specs->SpecsDirty = false;
  TableQuery query = frame.ui.query;
  const bool sorted = specs->SpecsCount > 0;
  query.sort = sorted ? static_cast<SortKey>(specs->Specs[0].ColumnUserID & 0xFF) : SortKey::created;
  query.destination = sorted ? specs->Specs[0].ColumnUserID >> 8 : 0;
  query.descending = sorted ? specs->Specs[0].SortDirection == ImGuiSortDirection_Descending : true;
  if (query == frame.ui.query) return;
  frame.ui.query = query;
  frame.ask(SetQuery{std::move(query)});
}

/// What ImGui found that a person wants: rows by their place in the table, which is the one it was told of.
/// Where the others are cleared first, a row is marked, also one that was marked before.
void mark(UiState& ui, const TableModel& table, const ImGuiMultiSelectIO& asked) {
  bool cleared = false;
  for (const ImGuiSelectionRequest& request : asked.Requests) {
    if (request.Type == ImGuiSelectionRequestType_SetAll) {
      ui.selection.clear();
      if (request.Selected) ui.selection.set(table, table.rows, true);
      cleared = !request.Selected;
    } else if (request.Type == ImGuiSelectionRequestType_SetRange) {
      const auto first = static_cast<std::size_t>(request.RangeFirstItem);
      const auto last = static_cast<std::size_t>(request.RangeLastItem);
      if (last < table.rows.size() && first <= last)
        ui.selection.set(table, std::span(table.rows).subspan(first, last - first + 1),
                         request.Selected || cleared);
    }
  }
}

std::uint64_t key_at(const TableModel& table, ImGuiSelectionUserData place) {
  const auto row = static_cast<std::size_t>(place);
  if (row >= table.rows.size()) return 0;
  return Selection::key_of(table.snapshot->text(table.rows[row], TextColumn::id));
}

/// Before BeginMultiSelect(): ImGui asserts that a range has a beginning when Shift and an arrow lead into
/// the rows.
void give_ranges_a_beginning() {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiMultiSelectState& storage = *g.MultiSelectStorage.GetOrAddByKey(g.CurrentWindow->IDStack.back());
  if (storage.RangeSrcItem != ImGuiSelectionUserData_Invalid) return;
  storage.RangeSrcItem = 0;
  storage.RangeSelected = 1;
}

/// A Shift click begins at a video, wherever the refresh or a new order has moved it: ImGui knows it by its
/// place. Without one, or when it is hidden, it begins at the row that is clicked.
void find_anchor(const UiState& ui, const TableModel& table) {
  ImGuiMultiSelectTempData& now = *ImGui::GetCurrentContext()->CurrentMultiSelect;
  if (!(now.KeyMods & ImGuiMod_Shift)) return;
  if (ui.anchor != 0 && key_at(table, now.Storage->RangeSrcItem) == ui.anchor) return;
  ImGuiSelectionUserData found = ImGuiSelectionUserData_Invalid;
  for (std::size_t place = 0; ui.anchor != 0 && place < table.rows.size() && found < 0; ++place)
    if (key_at(table, static_cast<ImGuiSelectionUserData>(place)) == ui.anchor)
      found = static_cast<ImGuiSelectionUserData>(place);
  now.Storage->RangeSrcItem = now.IO.RangeSrcItem = found;
  now.Storage->RangeSelected = 1;
}

/// What a click, or the keyboard, has made the beginning of ranges to come.
void keep_anchor(UiState& ui, const TableModel& table, ImGuiSelectionUserData before) {
  const ImGuiSelectionUserData now = ImGui::GetCurrentContext()->CurrentMultiSelect->Storage->RangeSrcItem;
  if (now != before) ui.anchor = key_at(table, now);
}

/// What rows are drawn from; times are told by the minute.
KeptRows::Sources sources_of(const Frame& frame) {
  const AppState& state = frame.state;
  return {state.table,
          state.info,
          state.running,
          state.waiting,
          state.flipped,
          frame.ui.shown,
          std::chrono::floor<std::chrono::minutes>(state.time)};
}

void draw_rows(Frame& frame, const TableModel& table) {
  const float body_top = ImGui::TableGetCellBgRect(ImGui::GetCurrentTable(), 0).Max.y;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, ImVec2(ImGui::GetStyle().CellPadding.x, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  for (const ImGuiCol header : {ImGuiCol_Header, ImGuiCol_HeaderHovered, ImGuiCol_HeaderActive})
    ImGui::PushStyleColor(header, 0);  // a row draws its own
  const int count = static_cast<int>(table.rows.size());
  UiState& ui = frame.ui;
  give_ranges_a_beginning();
  // Going through the rows by keyboard marks nothing, and leaving them clears nothing.
  const ImGuiMultiSelectIO* asked = ImGui::BeginMultiSelect(ImGuiMultiSelectFlags_NoAutoSelect,
                                                            static_cast<int>(ui.selection.size()), count);
  mark(ui, table, *asked);
  find_anchor(ui, table);
  const ImGuiSelectionUserData anchor = asked->RangeSrcItem;
  ui.kept.begin(sources_of(frame));
  ImGuiListClipper clipper;
  clipper.Begin(count, px(size::kRow));
  if (anchor >= 0 && anchor < count) clipper.IncludeItemByIndex(static_cast<int>(anchor));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const std::uint32_t index = table.rows[static_cast<std::size_t>(i)];
      draw_row(frame, table.snapshot->video(index), index, i, body_top);
    }
  ImGui::PopStyleColor(3);
  keep_anchor(ui, table, anchor);
  mark(ui, table, *ImGui::EndMultiSelect());
  if (const float room = selection_room(frame); room > 0) ImGui::TableNextRow(0, room);
  ImGui::PopStyleVar(2);
}

/// The keyboard goes straight on into the rows, where ImGui would stop at the table as a whole. Esc leaves
/// them.
void enter_by_keyboard() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiWindow* rows = ImGui::GetCurrentWindow();
  if (rows->ChildId == 0 || g.NavJustMovedToId != rows->ChildId) return;
  ImGui::FocusWindow(rows);
  ImGui::NavInitWindow(rows, true);
}

/// A new order or selection starts at its top.
void reset_scroll(Frame& frame, const TableModel& table) {
  if (table.query == frame.ui.drawn_query) return;
  frame.ui.drawn_query = table.query;
  ImGui::SetScrollY(0);
}

}  // namespace

void draw_table(Frame& frame, float height) {
  const TableModel* table = frame.state.table.get();
  if (!table || !table->snapshot || table->snapshot->size() == 0) return draw_empty(frame, height);
  constexpr ImGuiTableFlags kFlags =
      ImGuiTableFlags_Resizable | ImGuiTableFlags_Sortable | ImGuiTableFlags_SortTristate |
      ImGuiTableFlags_ScrollX | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH |
      ImGuiTableFlags_NoBordersInBody | ImGuiTableFlags_PadOuterX | ImGuiTableFlags_NoSavedSettings;
  const float width = ImGui::GetContentRegionAvail().x;
  const float inner = width < least_width(frame, false) ? least_width(frame, false) : 0.0f;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  if (ImGui::BeginTable("Videos", kColumns, kFlags, {0, height}, inner)) {
    ImGui::GetCurrentTable()->DisableDefaultContextMenu = true;
    enter_by_keyboard();
    ImGui::Indent(px(8));
    set_up_columns(frame, width);
    draw_headers(frame);
    draw_header_menu(frame);
    ask_for_order(frame);
    reset_scroll(frame, *table);
    draw_rows(frame, *table);
    ImGui::Unindent(px(8));
    ImGui::EndTable();
  }
  if (!table->rows.empty()) return;
  ImGui::SetCursorScreenPos({corner.x, corner.y + px(kHeaderHeight)});
  draw_no_match(frame, height - px(kHeaderHeight));
}

}  // namespace asfs
