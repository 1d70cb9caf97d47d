// The context menu of one video: uploads, posts, ids, errors, its file, and settling what may be live.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

void draw_row_menu(Frame& frame);

}  // namespace asfs
