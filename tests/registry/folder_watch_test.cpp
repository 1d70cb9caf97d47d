// Which files of a folder are finished.
#include "registry/folder_watch.h"

#include <doctest/doctest.h>

#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

struct WatchFixture {
  TempFolder folder;
  FolderWatch watch{folder.path()};
  TimePoint now{24h * 365 * 50};

  /// The names of what is finished after `wait`.
  std::string look(std::chrono::seconds wait = 0s) {
    now += wait;
    const auto finished = watch.look(now);
    REQUIRE(finished);
    std::string names;
    for (const auto& file : *finished) names += file.filename().string() + " ";
    return names;
  }
};

}  // namespace

TEST_CASE("a file is finished when it has not changed for a while, and told once") {
  WatchFixture f;
  write_file(f.folder / "b.mp4", "video");
  write_file(f.folder / "a.mp4", "video");
  CHECK(f.look() == "");
  CHECK(f.look(2s) == "");
  CHECK(f.look(1s) == "a.mp4 b.mp4 ");
  CHECK(f.look(9s) == "");
}

TEST_CASE("a file that grows is waited for, and told again when it changes later") {
  WatchFixture f;
  write_file(f.folder / "a.mp4", "vi");
  CHECK(f.look() == "");
  write_file(f.folder / "a.mp4", "video");
  CHECK(f.look(3s) == "");
  CHECK(f.look(3s) == "a.mp4 ");
  write_file(f.folder / "a.mp4", "another video");
  CHECK(f.look(1s) == "");
  CHECK(f.look(3s) == "a.mp4 ");
}

TEST_CASE("an empty, hidden or other file is none; a file that got its name late is") {
  WatchFixture f;
  write_file(f.folder / "empty.mp4", "");
  write_file(f.folder / ".hidden.mp4", "video");
  write_file(f.folder / "clip.mp4.part", "video");
  CHECK(f.look() == "");
  CHECK(f.look(9s) == "");
  std::filesystem::rename(f.folder / "clip.mp4.part", f.folder / "clip.mp4");
  CHECK(f.look(1s) == "");
  CHECK(f.look(3s) == "clip.mp4 ");
}

TEST_CASE("what could not be taken is told again; a folder that is away for a while forgets nothing") {
  WatchFixture f;
  write_file(f.folder / "sub/a.mp4", "video");
  CHECK(f.look() == "");
  CHECK(f.look(3s) == "a.mp4 ");
  f.watch.again(f.folder / "sub/a.mp4", f.now);
  CHECK(f.look(3s) == "a.mp4 ");
  std::filesystem::rename(f.folder.path(), f.folder.path().string() + ".away");
  CHECK_FALSE(f.watch.look(f.now + 1s));
  std::filesystem::rename(f.folder.path().string() + ".away", f.folder.path());
  CHECK(f.look(9s) == "");
}
