#include "app/window/gui.h"

#include <fmt/format.h>
#include <glad/gl.h>
// glad first
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>

#include "app/ui/theme.h"
#include "app/window/screenshot.h"

namespace asfs {
namespace {

std::string& last_error() {
  static std::string text;
  return text;
}

Error no_display() {
  return {Code::library,
          fmt::format("no display: a window cannot be opened here ({}); set DISPLAY or WAYLAND_DISPLAY, or "
                      "use the command line: asfs-videos --help",
                      last_error().empty() ? "no reason is known" : last_error())};
}

void set_hints(const GuiOptions& options) {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);  // shown with its first frame
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, !options.offscreen && options.scale == 0.0f);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "asfs-videos");
  glfwWindowHintString(GLFW_WAYLAND_APP_ID, "asfs-videos");
}

}  // namespace

Result<std::unique_ptr<GuiLibrary>> GuiLibrary::start() {
  last_error().clear();
  glfwSetErrorCallback([](int, const char* text) { last_error() = text; });
  // Asked for Wayland where there is none, its library would complain on stderr.
  const bool no_wayland =
      !std::getenv("WAYLAND_DISPLAY") && (std::getenv("DISPLAY") || !std::getenv("XDG_RUNTIME_DIR"));
  if (no_wayland) glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_X11);
  if (!glfwInit()) return std::unexpected(no_display());
  return std::make_unique<GuiLibrary>();
}

GuiLibrary::~GuiLibrary() {
  glfwTerminate();
}

Result<std::unique_ptr<Gui>> Gui::open(const GuiOptions& options) {
  std::unique_ptr<Gui> gui(new Gui(options));
  if (auto started = gui->start(); !started) return std::unexpected(started.error());
  return gui;
}

Result<void> Gui::start() {
  set_hints(options_);
  window_ = glfwCreateWindow(options_.width, options_.height, "ASFS Videos", nullptr, nullptr);
  if (!window_) return std::unexpected(no_display());
  if (!options_.offscreen) glfwSetWindowSizeLimits(window_, 480, 320, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwMakeContextCurrent(window_);
  if (!gladLoadGL(glfwGetProcAddress))
    return fail(Code::library, "OpenGL 3.3 is missing; use the command line: asfs-videos --help");
  glfwSwapInterval(options_.offscreen ? 0 : 1);
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.ConfigErrorRecoveryEnableAssert = false;
  io.ConfigErrorRecoveryEnableTooltip = false;
  io.ConfigDebugHighlightIdConflicts = false;
  backends_ready_ =
      ImGui_ImplGlfw_InitForOpenGL(window_, true) && ImGui_ImplOpenGL3_Init("#version 330 core");
  if (!backends_ready_)
    return fail(Code::library, "OpenGL 3.3 does not start; use the command line: asfs-videos --help");
  fonts_ = build_fonts(*io.Fonts, {});
  if (!options_.offscreen) return {};
  glGenFramebuffers(1, &framebuffer_);
  glGenRenderbuffers(1, &colour_buffer_);
  glBindRenderbuffer(GL_RENDERBUFFER, colour_buffer_);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, options_.width, options_.height);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colour_buffer_);
  return {};
}

Gui::~Gui() {
  if (found_fonts_.valid()) found_fonts_.wait();  // it wakes the event loop
  if (backends_ready_) {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
  }
  if (ImGui::GetCurrentContext()) {
    release_fonts(*ImGui::GetIO().Fonts);
    ImGui::DestroyContext();
  }
  if (window_) glfwDestroyWindow(window_);
}

void Gui::follow_scale() {
  float scale = options_.scale;
  if (scale <= 0.0f) {
    float content = 1.0f;
    int width = 0, pixels = 0;
    glfwGetWindowContentScale(window_, &content, nullptr);
    glfwGetWindowSize(window_, &width, nullptr);
    glfwGetFramebufferSize(window_, &pixels, nullptr);
    // Where a window's units are larger than pixels (Wayland), ImGui renders at the higher density by itself.
    scale = options_.offscreen || width <= 0 || pixels <= 0
                ? 1.0f
                : content / (static_cast<float>(pixels) / static_cast<float>(width));
  }
  scale = std::clamp(scale, 0.5f, 4.0f);
  if (scale == scale_) return;
  scale_ = scale;
  apply_theme(scale);
}

void Gui::look_for_fonts() {
  found_fonts_ = std::async(std::launch::async, [] {
    auto fonts = find_system_fonts();
    glfwPostEmptyEvent();
    return fonts;
  });
}

void Gui::adopt_system_fonts() {
  if (!found_fonts_.valid() || found_fonts_.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    return;
  system_fonts_ = found_fonts_.get();
  fonts_complete_ = true;
  if (!system_fonts_.empty()) fonts_ = build_fonts(*ImGui::GetIO().Fonts, system_fonts_);
}

bool Gui::begin_frame() {
  follow_scale();
  adopt_system_fonts();
  if (!options_.offscreen && glfwGetWindowAttrib(window_, GLFW_ICONIFIED)) return false;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  if (options_.offscreen) {
    ImGui::GetIO().DisplaySize =
        ImVec2(static_cast<float>(options_.width), static_cast<float>(options_.height));
    ImGui::GetIO().DisplayFramebufferScale = ImVec2(1, 1);
  }
  ImGui::NewFrame();
  return true;
}

void Gui::end_frame() {
  ImGui::Render();
  int width = options_.width, height = options_.height;
  if (!options_.offscreen) glfwGetFramebufferSize(window_, &width, &height);
  const ImVec4 back = ImGui::ColorConvertU32ToFloat4(colour::kBackground);
  glViewport(0, 0, width, height);
  glClearColor(back.x, back.y, back.z, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  if (!fonts_complete_ && !found_fonts_.valid()) look_for_fonts();
  if (options_.offscreen) return;
  glfwSwapBuffers(window_);
  if (!glfwGetWindowAttrib(window_, GLFW_VISIBLE)) glfwShowWindow(window_);
}

Result<void> Gui::save(const std::filesystem::path& path) const {
  std::vector<unsigned char> pixels(static_cast<std::size_t>(options_.width) *
                                    static_cast<std::size_t>(options_.height) * 4);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, options_.width, options_.height, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  return save_png(path, options_.width, options_.height, pixels);
}

}  // namespace asfs
