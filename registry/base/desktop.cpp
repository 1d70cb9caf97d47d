#include "registry/base/desktop.h"

#include <chrono>
#include <cstdlib>

#include "registry/base/process.h"

namespace asfs {

bool has_display() {
  return std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
}

bool open_on_desktop(const std::string& target) {
  if (!has_display()) return false;
  // Some desktops' xdg-open becomes the browser and ends with it: what fails does so within moments, what
  // goes on for longer is left alone.
  constexpr const char* kScript =
      "xdg-open \"$1\" >/dev/null 2>&1 & browser=$!\n"
      "trap 'exit 0' ALRM\n"
      "(sleep 2; kill -ALRM $$) >/dev/null 2>&1 & timer=$!\n"
      "wait $browser; code=$?\n"
      "kill $timer 2>/dev/null\n"
      "exit $code";
  const auto done = run_process({"sh", "-c", kScript, "sh", target}, std::chrono::seconds(10));
  return done && done->exit_code == 0;
}

}  // namespace asfs
