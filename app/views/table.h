// The table of videos: one row each, the specified columns, drawn straight from the published TableModel.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

/// Takes `height` pixels; shows what to do instead when there is nothing to list.
void draw_table(Frame& frame, float height);

}  // namespace asfs
