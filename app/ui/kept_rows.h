// Rows of a table whose triangles are kept: what looks as it did is put down again, not laid out anew. A kept
// row holds no controls, so the rows that ImGui has something to do with (under the mouse, at the keyboard's
// cursor, in a frame that a key was pressed in) are always drawn anew; and so are all while a UI test looks
// for controls. Inside an ImGui table, on the UI thread.
#pragma once

#include <imgui.h>

#include <array>
#include <memory>
#include <vector>

#include "app/model/app_state.h"

namespace asfs {

class KeptRows {
 public:
  /// All that rows are drawn from; what has become another object makes every row another.
  struct Sources {
    std::shared_ptr<const void> table, info, running, waiting, flipped;
    DestinationChoice shown;
    TimePoint minute;
    bool operator==(const Sources&) const = default;
  };
  /// Before the rows of a frame, in their multi-select: forgets what is no longer true of sources, columns,
  /// sizes and glyphs.
  void begin(Sources sources);

  /// In the row's first cell, whose top is `top`: puts the row down as it was. False: it must be drawn.
  bool put(int place, bool selected, float top);

  /// The same row while it is drawn: record() before its first cell is filled, enter() instead of
  /// TableSetColumnIndex() for the others, keep() at its end, which keeps nothing of a row that is cut by the
  /// table's edge.
  void record(int place, bool selected, float top);
  bool enter(int column);
  void keep();

  void forget();

 private:
  /// What shapes the triangles besides the sources.
  struct Look {
    const ImFont* font = nullptr;
    float size = 0.0f, scale = 0.0f, alpha = 0.0f;
    int texture = 0;
    bool operator==(const Look&) const = default;
  };
  struct Column {
    float left = 0.0f, right = 0.0f, clip_left = 0.0f, clip_right = 0.0f;
    bool operator==(const Column&) const = default;
  };
  struct Cell {
    int column = 0;
    int corners = 0, indices = 0;
    unsigned first = 0;  ///< what its indices call its first corner
  };
  struct Row {
    int place = -1;
    bool selected = false;
    float top = 0.0f;
    std::vector<Cell> cells;
    std::vector<ImDrawVert> corners;
    std::vector<ImDrawIdx> indices;
  };
  /// Where the draw list stood when the cell was entered.
  struct Mark {
    int column = -1;  ///< none
    int corners = 0, indices = 0;
    unsigned first = 0, offset = 0;
  };

  static Look look();
  Row& slot(int place) { return rows_[static_cast<std::size_t>(place) % rows_.size()]; }
  void begin_cell();
  void end_cell();
  void put_cell(const Row& row, const Cell& cell, int& corner, int& index, float down);

  Sources sources_;
  Look look_;
  std::vector<Column> columns_;
  bool anew_ = true;           ///< every row of this frame
  std::array<Row, 128> rows_;  ///< by their place; more than any screen shows
  Row* recorded_ = nullptr;
  Mark mark_;
};

}  // namespace asfs
