// The real window: GLFW, OpenGL 3.3 through glad, Dear ImGui, fonts and theme, and the idle loop.
//
// The main thread owns it all. Draws three frames after any wake, then waits for events
// (glfwWaitEventsTimeout), so that an idle window costs next to no CPU; ten frames a second while an upload
// runs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/engine/engine.h"
#include "registry/base/result.h"

namespace asfs {

struct WindowOptions {
  int width = 1280;
  int height = 720;
  float scale = 0.0f;  ///< 0: the monitor's
  std::optional<std::filesystem::path>
      screenshot;  ///< draw until the library is loaded and settled, save a PNG, leave
};

/// Runs the window until it is closed. Code::library with "no display" when there is none or OpenGL 3.3 is
/// missing. `options.wake` of the engine is set by this function.
Result<void> run_window(EngineOptions engine, const WindowOptions& options);

}  // namespace asfs
