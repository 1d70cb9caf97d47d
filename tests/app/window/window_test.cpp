// The real program with a real window, on a display that exists only in memory.
#include <doctest/doctest.h>
#include <png.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <vector>

#include "registry/base/process.h"
#include "tests/support/table_fixture.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct Picture {
  unsigned width = 0, height = 0;
  std::vector<unsigned> pixels;
  std::size_t colours() const { return std::set<unsigned>(pixels.begin(), pixels.end()).size(); }
};

Picture read_png(const std::filesystem::path& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&image, path.c_str())) return {};
  image.format = PNG_FORMAT_RGBA;
  Picture picture{image.width, image.height, std::vector<unsigned>(image.width * image.height)};
  png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr);
  return picture;
}

std::string program() {
  const char* path = std::getenv("ASFS_PROGRAM");
  return path ? path : "";
}

/// Runs "$@" on an X server of its own; 77 when there is none. The server picks a free display itself, which
/// xvfb-run does not, and xvfb-run at times fails while cleaning up.
constexpr const char* kOnVirtualDisplay = R"sh(
command -v Xvfb >/dev/null || exit 77
display=$(mktemp)
Xvfb -displayfd 3 -screen 0 1920x1200x24 3>"$display" >/dev/null 2>&1 &
server=$!
while ! [ -s "$display" ] && kill -0 $server; do sleep 0.02; done
DISPLAY=:$(cat "$display") "$@"
code=$?
kill $server
wait $server
rm -f "$display"
exit $code
)sh";

/// nullopt where there is no Xvfb. The drivers below the window leak a little; that is not looked at. They
/// draw without threads of their own: the thread sanitizer does not see how those keep apart.
std::optional<ProcessOutput> on_virtual_display(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{"sh",
                                   "-c",
                                   kOnVirtualDisplay,
                                   "sh",
                                   "env",
                                   "-u",
                                   "WAYLAND_DISPLAY",
                                   "ASAN_OPTIONS=detect_leaks=0",
                                   "LP_NUM_THREADS=0",
                                   program()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto output = run_process(command, std::chrono::seconds(60));
  if (!output) return ProcessOutput{.exit_code = -1, .out = {}, .err = output.error().message};
  if (output->exit_code == 77) return std::nullopt;
  return std::move(*output);
}

}  // namespace

TEST_CASE("the program opens a window on a library and saves what a person would see") {
  if (program().empty()) return;  // run by hand
  const TableFixture fixture(many_videos_sql(50));
  const std::string home = fixture.library.library.home.native();
  const auto shot = fixture.library.folder / "shot.png";
  for (const char* scale : {"1", "2"}) {
    const auto run = on_virtual_display({"--home", home, "--practice", "--screenshot", shot.native(),
                                         "--size", "1280x720", "--scale", scale});
    if (!run) {
      MESSAGE("Xvfb is not installed: no real window was tried");
      return;
    }
    INFO(run->err);
    REQUIRE(run->exit_code == 0);
    const Picture picture = read_png(shot);
    CHECK(picture.width == 1280);
    CHECK(picture.height == 720);
    CHECK(picture.colours() > 200);
    std::filesystem::remove(shot);
  }
}

TEST_CASE("a screenshot that cannot be written is an error") {
  if (program().empty()) return;
  const TableFixture fixture;
  const auto run = on_virtual_display({"--home", fixture.library.library.home.native(), "--screenshot",
                                       (fixture.library.folder / "no" / "such" / "folder.png").native()});
  if (!run) return;
  CHECK(run->exit_code == 1);
  CHECK(run->err.find("folder.png") != std::string::npos);
}

TEST_CASE("without a display the program says so and what to do, with exit code 7") {
  if (program().empty()) return;
  const TableFixture fixture;
  const auto run =
      run_process({"env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", "-u", "XDG_RUNTIME_DIR",
                   "ASAN_OPTIONS=detect_leaks=0", program(), "--home", fixture.library.library.home.native()},
                  std::chrono::seconds(60));
  REQUIRE(run);
  CHECK(run->exit_code == 7);
  CHECK(run->err.find("no display") != std::string::npos);
  CHECK(run->err.find("DISPLAY") != std::string::npos);
  CHECK(std::count(run->err.begin(), run->err.end(), '\n') == 1);
}
