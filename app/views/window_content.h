// The window's content: one call per frame draws everything from an AppState and appends what the person
// asked for.
//
// Pure ImGui: no I/O, no locks, no threads, no allocation in a steady frame. Everything the views remember is
// in UiState, a plain struct that a test can build. Usable with any ImGui context, with or without a real
// window.
#pragma once

#include <vector>

#include "app/model/actions.h"
#include "app/model/app_state.h"
#include "app/ui/ui_state.h"

namespace asfs {

/// Draws the whole window. `now` in seconds, monotonic (for toasts and spinners).
void draw_ui(const AppState& state, UiState& ui, double now, std::vector<Action>& actions);

/// A person asked to close the window. True: close now; false: a dialog asks first (uploads run), and
/// UiState::close_confirmed becomes true when they say yes.
bool request_close(const AppState& state, UiState& ui);

}  // namespace asfs
