// What waits in the queue, as rows of the strip at the bottom, and the cap on the speed in its head.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

/// What all of it takes, and what so many rows take.
float queue_height(const Frame& frame);
float queue_height_of(float rows);

/// Inside the scrolling part of the strip.
void draw_queue(Frame& frame);

float speed_width();
void draw_speed(Frame& frame, ImVec2 at);

}  // namespace asfs
