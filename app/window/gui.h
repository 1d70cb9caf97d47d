// A window with OpenGL 3.3 and a Dear ImGui context in it: opened, drawn a frame at a time, closed by its
// end.
//
// One at a time, on the main thread only.
#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <vector>

#include "app/ui/ui_state.h"
#include "app/window/fonts.h"
#include "registry/base/result.h"

struct GLFWwindow;

namespace asfs {

struct GuiOptions {
  int width = 1280;
  int height = 720;
  float scale = 0.0f;      ///< 0: the monitor's
  bool offscreen = false;  ///< not shown; exactly width x height pixels whatever the desktop says
};

/// GLFW's start and end. Everything that may wake the window must end before it.
class GuiLibrary {
 public:
  /// Code::library with what to do when there is no display.
  static Result<std::unique_ptr<GuiLibrary>> start();
  ~GuiLibrary();
};

class Gui {
 public:
  /// Code::library when OpenGL 3.3 is missing. After the first frame a task of its own looks for the system's
  /// fonts.
  static Result<std::unique_ptr<Gui>> open(const GuiOptions& options);
  ~Gui();

  GLFWwindow* window() const { return window_; }
  const UiFonts& fonts() const { return fonts_; }
  bool fonts_complete() const { return fonts_complete_; }

  /// False when there is nothing to draw on (minimised).
  bool begin_frame();
  void end_frame();
  /// The last frame; offscreen only.
  Result<void> save(const std::filesystem::path& path) const;

 private:
  explicit Gui(const GuiOptions& options) : options_(options) {}
  Result<void> start();
  void follow_scale();
  void look_for_fonts();
  void adopt_system_fonts();

  const GuiOptions options_;
  GLFWwindow* window_ = nullptr;
  UiFonts fonts_;
  float scale_ = 0.0f;
  bool backends_ready_ = false;
  bool fonts_complete_ = false;
  unsigned framebuffer_ = 0, colour_buffer_ = 0;  ///< offscreen
  std::vector<SystemFont> system_fonts_;
  std::future<std::vector<SystemFont>> found_fonts_;
};

}  // namespace asfs
