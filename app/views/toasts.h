// Results, at the lower right: a stack of notes that fade by themselves, errors later than the rest.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

/// `lift`: pixels to stay above the bottom of the window.
void draw_toasts(Frame& frame, float lift);

/// True while one is on screen.
bool toasts_shown(const UiState& ui);

}  // namespace asfs
