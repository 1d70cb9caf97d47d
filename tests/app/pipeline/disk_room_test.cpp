// Room on the disk, asked before long work.
#include "app/pipeline/disk_room.h"

#include <doctest/doctest.h>

#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::pipeline;
using asfs::test::TempFolder;

TEST_CASE("what fits is no matter, and its folder is made") {
  const TempFolder folder;
  CHECK(check_room({{folder / "new", 1000, "the clips", "go elsewhere"}}));
  CHECK(std::filesystem::is_directory(folder / "new"));
}

TEST_CASE("what does not fit is said with the folder, the size and what to do") {
  const TempFolder folder;
  const auto room = check_room({{folder.path(), 4e18, "the clips", "give another folder by --clips-dir"}});
  REQUIRE_FALSE(room);
  CHECK(room.error().code == Code::library);
  CHECK(room.error().message.starts_with("the clips take about 4"));
  CHECK(room.error().message.find(folder.path().native()) != std::string::npos);
  CHECK(room.error().message.ends_with("free some space, or give another folder by --clips-dir"));
}

TEST_CASE("two needs on one disk are added up") {
  const TempFolder folder;
  const auto free = static_cast<double>(std::filesystem::space(folder.path()).available);
  const RoomNeed clips{folder / "clips", free * 0.6, "the clips", "a"},
      work{folder / "work", free * 0.6, "work files", "b"};
  CHECK(check_room({clips}));
  CHECK(check_room({work}));
  const auto both = check_room({clips, work});
  REQUIRE_FALSE(both);
  CHECK(both.error().message.starts_with("work files take about"));
  CHECK(both.error().message.find("beside") != std::string::npos);
}
