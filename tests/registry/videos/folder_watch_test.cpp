// Which files of a folder are finished.
#include "registry/videos/folder_watch.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct WatchFixture {
  TempFolder folder;
  FolderWatch watch{folder.path()};
  TimePoint now{24h * 365 * 50};

  /// The names of what is finished after `wait`.
  std::string look(std::chrono::seconds wait = 0s) {
    now += wait;
    const auto seen = watch.look(now);
    REQUIRE(seen);
    std::string names;
    for (const auto& file : seen->finished) names += file.filename().string() + " ";
    for (const auto& error : seen->waiting) warnings += error.message + "\n";
    return names;
  }
  std::string warnings;
};

}  // namespace

TEST_CASE("a file is finished when it has not changed for a while, and told once") {
  WatchFixture f;
  write_file(f.folder / "b.mp4", "some video");
  write_file(f.folder / "a.mp4", "some video");
  CHECK(f.look() == "");
  CHECK(f.look(2s) == "");
  CHECK(f.look(1s) == "a.mp4 b.mp4 ");
  CHECK(f.look(9s) == "");
}

TEST_CASE("a clock that is set back holds a finished file up by no more than the usual while") {
  WatchFixture f;
  write_file(f.folder / "a.mp4", "some video");
  CHECK(f.look() == "");
  CHECK(f.look(-24h) == "");
  CHECK(f.look(3s) == "a.mp4 ");
}

TEST_CASE("a file that grows is waited for, and told again when it changes later") {
  WatchFixture f;
  write_file(f.folder / "a.mp4", "some vi");
  CHECK(f.look() == "");
  write_file(f.folder / "a.mp4", "some video");
  CHECK(f.look(3s) == "");
  CHECK(f.look(3s) == "a.mp4 ");
  write_file(f.folder / "a.mp4", "another video");
  CHECK(f.look(1s) == "");
  CHECK(f.look(3s) == "a.mp4 ");
}

TEST_CASE("an empty, hidden or other file is none; a file that got its name late is") {
  WatchFixture f;
  write_file(f.folder / "empty.mp4", "");
  write_file(f.folder / ".hidden.mp4", "some video");
  write_file(f.folder / "clip.mp4.part", "some video");
  CHECK(f.look() == "");
  CHECK(f.look(9s) == "");
  std::filesystem::rename(f.folder / "clip.mp4.part", f.folder / "clip.mp4");
  CHECK(f.look(1s) == "");
  CHECK(f.look(3s) == "clip.mp4 ");
}

TEST_CASE("a copy that pauses is waited for, however long, and taken when it is whole") {
  const TempFolder elsewhere;
  make_video(elsewhere / "late_index.mp4", 2);
  run_ffmpeg({"-i", (elsewhere / "late_index.mp4").native(), "-c", "copy", "-movflags", "+faststart",
              (elsewhere / "fast.mov").native()});
  for (const char* name : {"late_index.mp4", "fast.mov"}) {
    WatchFixture f;
    const fs::path copy = f.folder / name;
    const auto size = fs::file_size(elsewhere / name);
    for (const auto part : {size * 4 / 10, size - 1}) {
      fs::copy_file(elsewhere / name, copy, fs::copy_options::overwrite_existing);
      fs::resize_file(copy, part);
      CHECK(f.look() == "");
      CHECK(f.look(3600s) == "");
      CHECK(f.look(3600s) == "");
    }
    CHECK(std::ranges::count(f.warnings, '\n') == 1);
    CHECK(f.warnings.starts_with(copy.native() + " is incomplete: "));
    fs::copy_file(elsewhere / name, copy, fs::copy_options::overwrite_existing);
    CHECK(f.look() == "");
    CHECK(f.look(3s) == name + std::string(" "));
  }
}

TEST_CASE("a recording of which nobody can tell whether more is to come has to be still for longer") {
  WatchFixture f;
  const TempFolder elsewhere;
  make_video(elsewhere / "clip.mp4", 2);
  run_ffmpeg({"-i", (elsewhere / "clip.mp4").native(), "-c", "copy", "-live", "1",
              (f.folder / "live.mkv").native()});
  CHECK(f.look() == "");
  CHECK(f.look(19s) == "");
  CHECK(f.look(1s) == "live.mkv ");
}

TEST_CASE(
    "what could not be taken is told again, later each time; a folder that is away for a while forgets "
    "nothing") {
  WatchFixture f;
  write_file(f.folder / "sub/a.mp4", "some video");
  CHECK(f.look() == "");
  CHECK(f.look(3s) == "a.mp4 ");
  f.watch.again(f.folder / "sub/a.mp4", f.now);
  CHECK(f.look(3s) == "");
  CHECK(f.look(3s) == "a.mp4 ");
  f.watch.again(f.folder / "sub/a.mp4", f.now);
  CHECK(f.look(11s) == "");
  CHECK(f.look(1s) == "a.mp4 ");
  std::filesystem::rename(f.folder.path(), f.folder.path().string() + ".away");
  CHECK_FALSE(f.watch.look(f.now + 1s));
  std::filesystem::rename(f.folder.path().string() + ".away", f.folder.path());
  CHECK(f.look(9s) == "");
}
