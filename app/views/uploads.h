// The strip at the bottom while uploads run or wait, and the status line below it.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

float uploads_height(const Frame& frame);
void draw_uploads(Frame& frame);

float footer_height();
void draw_footer(Frame& frame);

}  // namespace asfs
