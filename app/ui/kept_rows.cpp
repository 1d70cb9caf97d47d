#include "app/ui/kept_rows.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "app/ui/theme.h"

namespace asfs {
namespace {

/// Frames in which ImGui wants to see every control: where a key leads to, what is held by the mouse.
bool every_control_is_needed(const ImGuiContext& g) {
  return g.TestEngineHookItems || g.NavAnyRequest || g.NavJustMovedToId != 0 ||
         (g.ActiveId != 0 && g.ActiveIdWindow == g.CurrentWindow);
}

/// The beginning of ranges, which also tells columns how wide their controls are, or where the keyboard's
/// cursor is.
bool is_needed(const ImGuiContext& g, int place, float top) {
  if (g.CurrentMultiSelect && g.CurrentMultiSelect->IO.RangeSrcItem == place) return true;
  ImGuiWindow* window = g.CurrentWindow;
  if (g.NavWindow != window || g.NavId == 0) return false;
  const ImRect at = ImGui::WindowRectRelToAbs(window, window->NavRectRel[g.NavLayer]);
  return at.Max.y > top && at.Min.y < top + px(size::kRow);
}

/// Text beyond the edge is left out when it is drawn.
bool is_whole(const ImGuiTable& table, float top) {
  const ImRect& seen = table.Columns[0].ClipRect;
  return top >= seen.Min.y && top + px(size::kRow) <= seen.Max.y;
}

}  // namespace

KeptRows::Look KeptRows::look() {
  const ImGuiStyle& style = ImGui::GetStyle();
  return {ImGui::GetFont(), ImGui::GetFontSize(), style.FontScaleDpi, style.Alpha,
          ImGui::GetIO().Fonts->TexData->UniqueID};
}

void KeptRows::begin(Sources sources) {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  const ImSpan<ImGuiTableColumn>& columns = g.CurrentTable->Columns;
  bool same = std::exchange(look_, look()) == look_;
  same &= sources_ == sources;
  sources_ = std::move(sources);
  columns_.resize(static_cast<std::size_t>(columns.size()));
  for (int i = 0; i < columns.size(); ++i) {
    const Column now{columns[i].WorkMinX, columns[i].WorkMaxX, columns[i].ClipRect.Min.x,
                     columns[i].ClipRect.Max.x};
    same &= std::exchange(columns_[static_cast<std::size_t>(i)], now) == now;
  }
  if (!same) forget();
  anew_ = every_control_is_needed(g);
}

void KeptRows::forget() {
  for (Row& row : rows_) row.place = -1;
}

bool KeptRows::put(int place, bool selected, float top) {
  const Row& row = slot(place);
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  if (anew_ || row.place != place || row.selected != selected || is_needed(g, place, top) ||
      !is_whole(*g.CurrentTable, top))
    return false;
  g.CurrentWindow->DC.NavLayersActiveMaskNext |= 1 << g.CurrentWindow->DC.NavLayerCurrent;
  int corner = 0, index = 0;
  for (const Cell& cell : row.cells) put_cell(row, cell, corner, index, top - row.top);
  return true;
}

void KeptRows::put_cell(const Row& row, const Cell& cell, int& corner, int& index, float down) {
  ImGui::TableSetColumnIndex(cell.column);
  if (cell.indices == 0) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PrimReserve(cell.indices, cell.corners);
  const ImDrawVert* corners = row.corners.data() + std::exchange(corner, corner + cell.corners);
  const ImDrawIdx* indices = row.indices.data() + std::exchange(index, index + cell.indices);
  std::copy_n(corners, cell.corners, list._VtxWritePtr);
  std::copy_n(indices, cell.indices, list._IdxWritePtr);
  if (down != 0.0f)
    for (int i = 0; i < cell.corners; ++i) list._VtxWritePtr[i].pos.y += down;
  if (const unsigned further = list._VtxCurrentIdx - cell.first; further != 0)
    for (int i = 0; i < cell.indices; ++i) list._IdxWritePtr[i] += static_cast<ImDrawIdx>(further);
  list._VtxWritePtr += cell.corners;
  list._IdxWritePtr += cell.indices;
  list._VtxCurrentIdx += static_cast<unsigned>(cell.corners);
}

void KeptRows::record(int place, bool selected, float top) {
  recorded_ = nullptr;
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  if (anew_ || is_needed(g, place, top) || !is_whole(*g.CurrentTable, top)) return;
  recorded_ = &slot(place);
  recorded_->place = place;
  recorded_->selected = selected;
  recorded_->top = top;
  recorded_->cells.clear();
  recorded_->corners.clear();
  recorded_->indices.clear();
  begin_cell();
}

bool KeptRows::enter(int column) {
  end_cell();
  const bool seen = ImGui::TableSetColumnIndex(column);
  if (seen) begin_cell();
  return seen;
}

void KeptRows::keep() {
  end_cell();
  if (recorded_ && look() != look_) recorded_->place = -1;  // a new character has moved the glyphs
  recorded_ = nullptr;
}

void KeptRows::begin_cell() {
  if (!recorded_) return;
  const ImDrawList& list = *ImGui::GetWindowDrawList();
  mark_ = {ImGui::TableGetColumnIndex(), list.VtxBuffer.Size, list.IdxBuffer.Size, list._VtxCurrentIdx,
           list._CmdHeader.VtxOffset};
}

void KeptRows::end_cell() {
  const Mark from = std::exchange(mark_, {});
  if (!recorded_ || from.column < 0) return;
  const ImDrawList& list = *ImGui::GetWindowDrawList();
  const Cell cell{from.column, list.VtxBuffer.Size - from.corners, list.IdxBuffer.Size - from.indices,
                  from.first};
  recorded_->cells.push_back(cell);
  const auto append = [](auto& kept, const auto& drawn, int begin) {
    kept.insert(kept.end(), drawn.Data + begin, drawn.Data + drawn.Size);
  };
  append(recorded_->corners, list.VtxBuffer, from.corners);
  append(recorded_->indices, list.IdxBuffer, from.indices);
  if (list._CmdHeader.VtxOffset != from.offset) recorded_->place = -1;  // its indices began again
}

}  // namespace asfs
