// The folder of a source: a stage is there, whole, or it is not.
#include "app/pipeline/workshop.h"

#include <doctest/doctest.h>

#include "registry/base/json.h"
#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::pipeline;
using asfs::test::TempFolder;

namespace {

const SourceFacts kSource{.slug = "talk", .content = std::string(64, 'b')};

Workshop opened(const TempFolder& folder) {
  auto workshop = Workshop::open(Library{folder.path()}, kSource);
  REQUIRE_MESSAGE(workshop, workshop.error().message);
  return *std::move(workshop);
}

}  // namespace

TEST_CASE("a stage is found again under its key, and under no other") {
  const TempFolder folder;
  {
    Workshop workshop = opened(folder);
    const std::string key = workshop.key(kStages[4], {}, Json{{"min", 15}});
    CHECK(!workshop.find(kStages[4], key));
    REQUIRE(workshop.keep(kStages[4], key, Json{{"min", 15}}, Json{{"candidates", 3}}, 12));
  }
  Workshop again = opened(folder);
  const auto found = again.find(kStages[4], again.key(kStages[4], {}, Json{{"min", 15}}));
  REQUIRE(found);
  CHECK(count_at(*found, "candidates") == 3);
  CHECK(!again.find(kStages[4], again.key(kStages[4], {}, Json{{"min", 16}})));
}

TEST_CASE("a stage that depends on another has another key when that one comes out otherwise") {
  const TempFolder folder;
  Workshop workshop = opened(folder);
  const auto key_after = [&](const char* key, int result) {
    REQUIRE(workshop.keep(kStages[4], key, Json::object(), Json(result), 0));
    return workshop.key(kStages[5], {4}, Json::object());
  };
  const std::string before = workshop.key(kStages[5], {4}, Json::object());
  const std::string one = key_after("one", 1);
  CHECK(before != one);
  CHECK(key_after("other", 2) != one);
  CHECK(key_after("other", 1) == one);
}

TEST_CASE("a damaged stage is none") {
  const TempFolder folder;
  Workshop workshop = opened(folder);
  const std::string key = workshop.key(kStages[3], {}, Json::object());
  REQUIRE(workshop.keep(kStages[3], key, Json::object(), Json(1), 0));
  REQUIRE(write_file_atomically(workshop.folder() / "3-quality.json", R"({"key": ")" + key + R"(", "resu)"));
  CHECK(!workshop.find(kStages[3], key));
}

TEST_CASE("of two that work on one source the second says so") {
  const TempFolder folder;
  const Workshop first = opened(folder);
  const auto second = Workshop::open(Library{folder.path()}, kSource);
  REQUIRE(!second);
  CHECK(second.error().message.find("another asfs-videos works on this video") != std::string::npos);
}

TEST_CASE("what a person wrote and cannot be read is not thrown away") {
  const TempFolder folder;
  const Workshop workshop = opened(folder);
  REQUIRE(write_file_atomically(workshop.folder() / "review.json", "{\"clips\": ["));
  const auto read = workshop.document("review");
  REQUIRE(!read);
  CHECK(read.error().message.find("review.json cannot be read") != std::string::npos);
}
