// Where the pages of failures are kept, and how they are found again from a message.
#include "uploaders/web/kept_page.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::test;

namespace {

std::size_t kept_in(const Library& library) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(library.home / "logs/browser"), {}));
}

}  // namespace

TEST_CASE("the page of a failure is found by its message, whatever was written behind it") {
  const TempFolder folder;
  const std::string page = web::new_kept_page({folder.path()}, "TikTok", TimePoint());
  CHECK(page.ends_with("_tiktok"));
  CHECK(web::kept_page_in(web::with_kept_page("it was refused", page) + " (try 2 of 5)") ==
        page + "/page.jpg");
}

TEST_CASE("a message names no page, or none outside of the library's") {
  for (const char* message : {"", "it was refused", "see logs/browser/x",
                              "; what the page looked like: ", "; what the page looked like: /etc/passwd",
                              "; what the page looked like: logs/browser/../../secret",
                              "; what the page looked like: logs/browser/"})
    CHECK_MESSAGE(web::kept_page_in(message).empty(), message);
}

TEST_CASE("two failures in one second keep both their pages") {
  const TempFolder folder;
  const Library library{folder.path()};
  const std::string first = web::new_kept_page(library, "YouTube", TimePoint());
  std::filesystem::create_directories(library.home / first);
  CHECK(web::new_kept_page(library, "YouTube", TimePoint()) != first);
}

TEST_CASE("of the pages that are kept the oldest go") {
  const TempFolder folder;
  const Library library{folder.path()};
  const auto keep = [&](int second) {
    std::filesystem::create_directories(
        library.home / web::new_kept_page(library, "YouTube", TimePoint() + std::chrono::seconds(second)));
  };
  for (int i = 0; i < 105; ++i) keep(i);
  CHECK(kept_in(library) == 100);
  const std::string newest = web::new_kept_page(library, "YouTube", TimePoint() + std::chrono::seconds(104));
  CHECK(newest.ends_with("_2"));  // the newest is still there
}
