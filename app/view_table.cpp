#include "app/view_table.h"

#include <imgui_internal.h>

#include "app/status_look.h"
#include "app/view_empty.h"
#include "app/view_row.h"
#include "app/widgets.h"

namespace asfs {
namespace {

struct Column {
  const char* header;
  float width;    ///< logical pixels; of stretching columns: the least
  float stretch;  ///< share of what is left; 0: fixed
  SortKey sort;
  bool sortable = true;
};

constexpr std::array kColumns{
    Column{"Title", 240, 3.3f, SortKey::title},
    Column{"Duration", 76, 0, SortKey::duration},
    Column{"Instagram", 132, 0, SortKey::instagram},
    Column{"TikTok", 132, 0, SortKey::tiktok},
    Column{"YouTube", 132, 0, SortKey::youtube},
    Column{"Allow Duplicates", 128, 0, SortKey::duplicates},
    Column{"Actions", 104, 0, SortKey::created, false},
    Column{"File Path", 160, 1.7f, SortKey::file_path},
};
constexpr float kHeaderHeight = 40;
constexpr float kWideWindow = 1800;  ///< from here on the buttons carry their names

float least_width() {
  float sum = 0;
  for (const Column& column : kColumns) sum += px(column.width) + 2 * ImGui::GetStyle().CellPadding.x;
  return sum;
}

void set_up_columns(float window_width) {
  for (int i = 0; i < static_cast<int>(kColumns.size()); ++i) {
    const Column& column = kColumns[static_cast<std::size_t>(i)];
    ImGuiTableColumnFlags flags =
        column.stretch > 0 ? ImGuiTableColumnFlags_WidthStretch : ImGuiTableColumnFlags_WidthFixed;
    if (!column.sortable) flags |= ImGuiTableColumnFlags_NoSort;
    const bool wide = i == kActions && window_width >= px(kWideWindow);
    const float width = column.stretch > 0 ? column.stretch : px(wide ? named_actions_width() : column.width);
    ImGui::TableSetupColumn(column.header, flags, width, static_cast<ImGuiID>(column.sort));
  }
  ImGui::TableSetupScrollFreeze(1, 1);
}

void draw_headers(const Frame& frame) {
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding,
                      ImVec2(ImGui::GetStyle().CellPadding.x, px((kHeaderHeight - size::kSmall) * 0.5f)));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(px(4), 0));
  ImGui::PushStyleColor(ImGuiCol_Text, colour::kTextDim);
  ImGui::PushFont(frame.ui.fonts.semibold, size::kSmall);
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers, px(kHeaderHeight));
  for (int i = 0; i < static_cast<int>(kColumns.size()); ++i) {
    if (!ImGui::TableSetColumnIndex(i)) continue;
    const char* name = kColumns[static_cast<std::size_t>(i)].header;
    if (i == kDuration) {
      const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
      ImGui::SetCursorScreenPos({right - px(kNumberInset) - text_width(name), ImGui::GetCursorScreenPos().y});
    }
    if (i >= kFirstPlatform && i < kDuplicates) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const auto platform = static_cast<std::size_t>(i - kFirstPlatform);
      draw_icon(at.x + px(8), at.y + px(size::kSmall) * 0.5f, colour::kPlatforms[platform],
                platform_icon(platform));
      ImGui::SetCursorScreenPos({at.x + px(24), at.y});
    }
    ImGui::TableHeader(name);
    name_last_item(name);
  }
  ImGui::PopFont();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(2);
}

void ask_for_order(Frame& frame) {
  ImGuiTableSortSpecs* specs = ImGui::TableGetSortSpecs();
  if (!specs || !specs->SpecsDirty) return;
  specs->SpecsDirty = false;
  TableQuery query = frame.ui.query;
  const bool sorted = specs->SpecsCount > 0;
  query.sort = sorted ? static_cast<SortKey>(specs->Specs[0].ColumnUserID) : SortKey::created;
  query.descending = sorted ? specs->Specs[0].SortDirection == ImGuiSortDirection_Descending : true;
  if (query == frame.ui.query) return;
  frame.ui.query = query;
  frame.ask(SetQuery{std::move(query)});
}

void draw_rows(Frame& frame, const TableModel& table) {
  const float body_top = ImGui::TableGetCellBgRect(ImGui::GetCurrentTable(), 0).Max.y;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, ImVec2(ImGui::GetStyle().CellPadding.x, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(table.rows.size()), px(size::kRow));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const std::uint32_t index = table.rows[static_cast<std::size_t>(i)];
      draw_row(frame, table.snapshot->video(index), index, body_top);
    }
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
  const float inner = width < least_width() ? least_width() : 0.0f;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  if (ImGui::BeginTable("Videos", static_cast<int>(kColumns.size()), kFlags, {0, height}, inner)) {
    enter_by_keyboard();
    ImGui::Indent(px(8));
    set_up_columns(width);
    draw_headers(frame);
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
