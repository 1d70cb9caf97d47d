// What stands in the table's place when there is nothing to list: loading, no videos yet, nothing found.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

/// The library is being read, cannot be read, or holds no video.
void draw_empty(Frame& frame, float height);
/// Search and filter let nothing through.
void draw_no_match(Frame& frame, float height);

}  // namespace asfs
