// Which destinations are shown: the columns that a person hides, and the one that the filters are narrowed
// to. Both are remembered.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

/// At the beginning of a frame: what is remembered, and what has come and gone since the last one.
void follow_columns(Frame& frame);

/// Inside the popup of the table's header.
void columns_menu(Frame& frame);

/// "All destinations", or the one that the filters look at; opens their menu. `narrow`: where that is all of
/// them, an icon says so.
void draw_where(Frame& frame, ImVec2 at, bool narrow);
float where_width(const Frame& frame, bool narrow);

}  // namespace asfs
