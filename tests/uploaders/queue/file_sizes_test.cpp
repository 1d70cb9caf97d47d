#include "uploaders/queue/file_sizes.h"

#include <doctest/doctest.h>

#include <atomic>
#include <string>

#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// A library with files of 0, 1, 2, … bytes, but for the last, which is gone.
struct FileSizesFixture {
  TempFolder temp;
  const Library library{temp.path()};
  Arena texts;
  std::vector<Candidate> videos;

  FileSizesFixture() {
    for (std::size_t i = 0; i < 200; ++i) {
      const std::string name = std::to_string(i) + ".mp4";
      videos.push_back({.id = texts.keep(std::to_string(i)), .file_path = texts.keep(name)});
      if (i < 199) write_file(library.home / name, std::string(i, 'x'));
    }
  }
  std::span<const Candidate> first(std::size_t count) const { return std::span(videos).first(count); }
};

}  // namespace

TEST_CASE_FIXTURE(FileSizesFixture, "files are looked at while the list of them grows, each one once") {
  std::atomic<int> asked = 0;
  const auto wanted = [&](const Candidate& video) {
    ++asked;
    return video.id != "7";
  };
  FileSizes files(library, wanted, {});
  for (const std::size_t there : {0, 10, 150}) files.listed(first(there), 300);
  files.listed(first(200), 200);
  const auto sizes = files.take();
  REQUIRE(sizes.size() == 200);
  for (std::size_t i = 0; i < 199; ++i) CHECK(sizes[i] == (i == 7 ? std::nullopt : std::optional(i)));
  CHECK_FALSE(sizes[199]);
  CHECK(asked == 200);
}

TEST_CASE_FIXTURE(FileSizesFixture, "a list that is never finished keeps nobody waiting") {
  FileSizes files(library, [](const Candidate&) { return true; }, {});
  files.listed(first(100), 200);
}
