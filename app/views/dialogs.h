// The questions: before an upload, before all pending, for a refused duplicate, about an unclear outcome,
// before closing. One at a time; Esc says no, Enter takes the marked button.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

void draw_dialog(Frame& frame);

}  // namespace asfs
