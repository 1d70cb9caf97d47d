#include "app/window/window.h"

#include <GLFW/glfw3.h>
#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "app/views/window_content.h"
#include "app/window/gui.h"
#include "registry/base/caught.h"

namespace asfs {
namespace {

constexpr int kFramesAfterWake = 3;
constexpr double kHoverSettles = 0.6;  ///< tooltips come within this after the last event
constexpr double kHoverInterval = 0.1;
constexpr double kScreenshotDeadline = 30;

/// What the loop keeps; GLFW's callbacks reach it through the window's user pointer.
struct Loop {
  Gui& gui;
  UiState ui;
  std::unique_ptr<Engine> engine;
  std::vector<Action> actions;
  AppState state;
  double last_event = 0.0;
  int timing_told = 0;

  explicit Loop(Gui& with) : gui(with) {
    state.running = std::make_shared<RunningUploads>();
    state.waiting = std::make_shared<WaitingUploads>();
  }
};

Loop& loop_of(GLFWwindow* window) {
  return *static_cast<Loop*>(glfwGetWindowUserPointer(window));
}

void on_drop(GLFWwindow* window, int count, const char** paths) {
  RegisterFiles files;
  for (int i = 0; i < count; ++i) files.paths.emplace_back(paths[i]);
  loop_of(window).actions.emplace_back(std::move(files));
}

void on_close(GLFWwindow* window) {
  Loop& loop = loop_of(window);
  const bool now = request_close(loop.state, loop.ui);
  loop.ui.close_confirmed = loop.ui.close_confirmed || now;
  glfwSetWindowShouldClose(window, GLFW_FALSE);
}

/// Since the kernel started this program, in steps of 10 ms.
int milliseconds_of_life() {
  std::ifstream stat("/proc/self/stat");
  std::string line;
  std::getline(stat, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  double started = 0.0;
  fields >> started;
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const double seconds = static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  return static_cast<int>((seconds - started / static_cast<double>(sysconf(_SC_CLK_TCK))) * 1000);
}

/// With ASFS_TIMING set, says on stderr when the first frame and when the library was on screen.
void tell_timing(Loop& loop) {
  static const bool wanted = std::getenv("ASFS_TIMING") != nullptr;
  if (!wanted || loop.timing_told == 2) return;
  if (loop.timing_told == 0) fmt::print(stderr, "first frame: {} ms\n", milliseconds_of_life());
  loop.timing_told = loop.state.table ? 2 : 1;
  if (loop.state.table) fmt::print(stderr, "library shown: {} ms\n", milliseconds_of_life());
}

/// One frame: what is new, what it looks like, what was asked for.
void draw_frame(Loop& loop) {
  if (loop.engine) {
    loop.state = loop.engine->state();
    for (Notice& notice : loop.engine->take_notices()) show_notice(loop.ui, std::move(notice), glfwGetTime());
  }
  if (loop.gui.begin_frame()) {
    loop.ui.fonts = loop.gui.fonts();
    draw_ui(loop.state, loop.ui, glfwGetTime(), loop.actions);
    loop.gui.end_frame();
    tell_timing(loop);
  }
  if (loop.engine && !loop.actions.empty()) loop.engine->apply(std::exchange(loop.actions, {}));
}

/// Sleeps until something happens or must be drawn; true when something happened.
bool wait_for_events(double seconds) {
  if (seconds <= 0.0) {
    glfwPollEvents();
    return false;
  }
  const double before = glfwGetTime();
  glfwWaitEventsTimeout(seconds);
  return glfwGetTime() - before < seconds * 0.95;
}

using StartedEngine = std::future<Result<std::unique_ptr<Engine>>>;

/// Takes the engine over once it runs.
Result<void> adopt_engine(Loop& loop, StartedEngine& started) {
  if (!started.valid() || started.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return {};
  auto engine = started.get();
  if (!engine) return std::unexpected(engine.error());
  loop.engine = std::move(*engine);
  return {};
}

Result<void> run_until_closed(Loop& loop, StartedEngine& started) {
  int frames_left = kFramesAfterWake;
  double frame_began = glfwGetTime();
  while (!loop.ui.close_confirmed) {
    if (auto adopted = adopt_engine(loop, started); !adopted) return adopted;
    frame_began = glfwGetTime();
    draw_frame(loop);
    if (frames_left > 0) --frames_left;

    const double now = glfwGetTime();
    double wait = loop.ui.next_frame_in;
    if (now - loop.last_event < kHoverSettles) wait = std::min(wait, kHoverInterval);
    if (frames_left > 0) wait = 0.0;
    // Where the swap does not wait for the screen, nothing must spin.
    wait = std::max(wait, 1.0 / 120 - (now - frame_began));
    if (wait_for_events(wait)) {
      frames_left = kFramesAfterWake;
      loop.last_event = glfwGetTime();
    }
  }
  return {};
}

/// Draws until the library is loaded, the fonts are there and nothing moves, then saves the picture.
Result<void> take_screenshot(Loop& loop, StartedEngine& started, const std::filesystem::path& path) {
  int settled = 0;
  while (settled < kFramesAfterWake) {
    if (glfwGetTime() > kScreenshotDeadline)
      return fail(Code::library, "the library was not read in time for a screenshot");
    if (auto adopted = adopt_engine(loop, started); !adopted) return adopted;
    draw_frame(loop);
    const bool ready =
        loop.engine && (loop.state.table || loop.state.library_error) && loop.gui.fonts_complete();
    settled = ready && loop.ui.toasts.empty() ? settled + 1 : 0;
    wait_for_events(0.01);
  }
  return loop.gui.save(path);
}

}  // namespace

Result<void> run_window(EngineOptions options, const WindowOptions& window) {
  auto library = GuiLibrary::start();
  if (!library) return std::unexpected(library.error());
  options.wake = [] { glfwPostEmptyEvent(); };
  StartedEngine started = std::async(std::launch::async, [moved = std::move(options)]() mutable {
    auto engine = caught([&] { return Engine::start(std::move(moved)); });
    glfwPostEmptyEvent();
    return engine;
  });
  auto gui = Gui::open({window.width, window.height, window.scale, window.screenshot.has_value()});
  if (!gui) {
    started.wait();
    return std::unexpected(gui.error());
  }
  Loop loop(**gui);
  glfwSetWindowUserPointer((*gui)->window(), &loop);
  glfwSetDropCallback((*gui)->window(), on_drop);
  glfwSetWindowCloseCallback((*gui)->window(), on_close);
  auto done = window.screenshot ? take_screenshot(loop, started, *window.screenshot)
                                : run_until_closed(loop, started);
  glfwHideWindow((*gui)->window());  // ending the uploads may take a moment
  return done;
}

}  // namespace asfs
