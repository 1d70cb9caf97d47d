// The README's example of an upload, compiled and run; tests/registry/readme_examples_test.cpp holds the
// README to it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/make_video.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/upload_stage.h"

namespace {

// example: direct upload
asfs::Result<bool> upload_clip(const asfs::Library& library) {
  auto config = asfs::upload_config(library, "");
  if (!config) return std::unexpected(config.error());
  auto credentials = asfs::stored_credentials(library, *config);
  const asfs::StageContext stage{library, *config, *credentials};
  const asfs::StageResult result = asfs::run_upload_stage(
      stage, "clip_001", "YouTube", {.caption = "Check this out!", .hashtags = {"#viral"}});
  if (result.error) fmt::print("Not uploaded: {}\n", result.error->message);
  return !result.error;
}
// end

}  // namespace

TEST_CASE("the README's upload does what it says, once") {
  const asfs::test::Practice practice;
  const asfs::test::TestLibrary test;
  const std::string url = practice.server().url();
  asfs::test::write_file(test.library.config_folder() / "platforms.json",
                         fmt::format(R"({{"YouTube": {{"api_base": "{0}", "upload_base": "{0}"}}}})", url));
  asfs::test::make_video(test.library.home / "clip_001.mp4");
  {
    auto registry = asfs::VideoRegistry::open(test.library);
    REQUIRE(registry->register_video({.id = "clip_001", .file_path = "clip_001.mp4"}));
  }
  CHECK(upload_clip(test.library) == false);  // nobody has signed in
  std::filesystem::create_directories(test.library.tokens_folder());
  REQUIRE(asfs::write_file_atomically(test.library.tokens_folder() / "youtube.token", practice.token()));
  CHECK(upload_clip(test.library) == true);
  CHECK(upload_clip(test.library) == false);
  REQUIRE(practice.posts().size() == 1);
  CHECK(practice.posts()[0]["caption"] == "Check this out!\n\n#viral");
}
