// What can be done with the videos that are marked: a bar that floats over the end of the table, and the menu
// of a right click.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

/// Centred above `bottom_left`, over what is there; nothing while nothing is marked.
void draw_selection_bar(Frame& frame, ImVec2 bottom_left, float width);
/// How far the table can be scrolled further, so that the bar hides no row.
float selection_room(const Frame& frame);

void draw_selection_menu(Frame& frame);

/// Every row that is shown.
void select_all(Frame& frame);

}  // namespace asfs
