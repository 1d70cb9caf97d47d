// The README's C++ examples, compiled and run; the last test holds the README to them, and to the one about
// uploads, which stands in tests/uploaders/readme_upload_test.cpp.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "registry/store/library.h"
#include "registry/videos/video_registry.h"
#include "tests/support/temp_folder.h"

namespace {

// example: open
asfs::Result<asfs::VideoRegistry> open_registry(const std::filesystem::path& home) {
  return asfs::VideoRegistry::open(asfs::Library{home});
}
// end

// example: get all videos
asfs::Result<void> print_all(asfs::VideoRegistry& registry) {
  auto videos = registry.get_all_videos();
  if (!videos) return std::unexpected(videos.error());
  for (const asfs::Video& video : *videos) {
    fmt::print("{}: {}\n", video.id, video.title);
    for (const auto& [platform, upload] : video.uploads)
      fmt::print("  {}: {}\n", platform, upload.upload_status);
  }
  return {};
}
// end

// example: check upload status
asfs::Result<void> print_status(asfs::VideoRegistry& registry) {
  auto status = registry.get_upload_status("clip_001", "Instagram");
  if (!status) return std::unexpected(status.error());
  if (*status) {
    fmt::print("Status: {}\n", (*status)->upload_status);
    fmt::print("Timestamp: {}\n", (*status)->upload_timestamp);
  }
  return {};
}
// end

// example: manual upload control
asfs::Result<void> allow_upload(asfs::VideoRegistry& registry) {
  auto permission = registry.can_upload("clip_001", "Instagram");
  if (!permission) return std::unexpected(permission.error());
  if (!permission->allowed) {
    fmt::print("Blocked: {}\n", permission->reason);
    // Enable duplicates, so that the next try may go.
    return registry.set_duplicate_allowed("clip_001", true);
  }
  return {};
}
// end

std::filesystem::path source_folder() {
  const char* folder = std::getenv("ASFS_SOURCE_DIR");
  return folder != nullptr ? folder : ".";
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// What stands between a line that starts with `open` and the next that is `close`, one text each.
std::vector<std::string> blocks(const std::vector<std::string>& lines, std::string_view open,
                                std::string_view close) {
  std::vector<std::string> found;
  bool inside = false;
  for (const std::string& line : lines) {
    if (!inside && line.starts_with(open)) {
      inside = true;
      found.emplace_back();
    } else if (inside && line == close) {
      inside = false;
    } else if (inside) {
      found.back() += line + "\n";
    }
  }
  return found;
}

}  // namespace

TEST_CASE("the README's examples do what they say") {
  const asfs::test::TempFolder folder;
  auto registry = open_registry(folder.path());
  REQUIRE(registry);
  REQUIRE(registry->register_video({.id = "clip_001", .file_path = "clip_001.mp4"}));
  REQUIRE(registry->record_upload_attempt("clip_001", "Instagram", asfs::UploadStatus::success, "178414"));
  CHECK(print_all(*registry));
  CHECK(print_status(*registry));
  CHECK(allow_upload(*registry));
  CHECK(registry->can_upload("clip_001", "Instagram")->allowed);
}

TEST_CASE("every C++ block of the README stands in a test, word for word") {
  std::vector<std::string> examples;
  for (const char* file :
       {"registry/videos/readme_examples_test.cpp", "uploaders/stage/readme_upload_test.cpp"})
    std::ranges::move(blocks(lines_of(source_folder() / "tests" / file), "// example:", "// end"),
                      std::back_inserter(examples));
  const auto shown = blocks(lines_of(source_folder() / "README.md"), "```cpp", "```");
  REQUIRE(examples.size() == 5);
  CHECK(shown.size() == examples.size());
  for (const std::string& block : shown)
    CHECK_MESSAGE(std::ranges::find(examples, block) != examples.end(), "not compiled anywhere: ", block);
}
