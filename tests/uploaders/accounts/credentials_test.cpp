#include "uploaders/accounts/credentials.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "tests/support/practice.h"
#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct Home {
  TempFolder folder;
  Library library{folder.path()};
  std::filesystem::path file = library.tokens_folder() / "youtube.token";

  Home() { ::unsetenv("ASFS_YOUTUBE_TOKEN"); }
  ~Home() { ::unsetenv("ASFS_YOUTUBE_TOKEN"); }
  void store(std::string_view text, mode_t mode = 0600) const {
    write_file(file, text);
    ::chmod(file.c_str(), mode);
  }
};

void check_needs_login(const Result<std::string>& token, std::string_view mention) {
  REQUIRE_FALSE(token);
  CHECK(token.error().code == Code::needs_login);
  CHECK_MESSAGE(token.error().message.find(mention) != std::string::npos, token.error().message);
  CHECK(token.error().message.find("secret") == std::string::npos);
}

}  // namespace

TEST_CASE("a token comes from the environment before the file") {
  const Home home;
  home.store("secret-of-the-file\n");
  const auto credentials = stored_credentials(home.library);
  CHECK(credentials->access_token("YouTube") == "secret-of-the-file");
  ::setenv("ASFS_YOUTUBE_TOKEN", " secret-of-the-environment\n", 1);
  CHECK(credentials->access_token("YouTube") == "secret-of-the-environment");
}

TEST_CASE("without a token the error says where to put one") {
  const Home home;
  const auto token = stored_credentials(home.library)->access_token("YouTube");
  check_needs_login(token, "ASFS_YOUTUBE_TOKEN");
  check_needs_login(token, home.file.native());
}

TEST_CASE("a token file that others can read is refused, with the command that mends it") {
  const Home home;
  for (const mode_t mode : {0644, 0640, 0604, 0660, 0610}) {
    home.store("secret", mode);
    check_needs_login(stored_credentials(home.library)->access_token("YouTube"),
                      "chmod 600 '" + home.file.native() + "'");
  }
  home.store("secret", 0400);
  CHECK(stored_credentials(home.library)->access_token("YouTube") == "secret");
}

TEST_CASE("a file that holds no token is refused") {
  const Home home;
  const auto credentials = stored_credentials(home.library);
  home.store("  \n");
  check_needs_login(credentials->access_token("YouTube"), "is empty");
  home.store("secret one\n");
  check_needs_login(credentials->access_token("YouTube"), "one line");
  home.store("secret\r\nX-Header: x");
  check_needs_login(credentials->access_token("YouTube"), "one line");
  home.store(std::string("secret\0x", 8));
  check_needs_login(credentials->access_token("YouTube"), "one line");
  home.store("secret\xC3\xA4");
  check_needs_login(credentials->access_token("YouTube"), "one line");
  home.store(std::string(20'000, 's'));
  check_needs_login(credentials->access_token("YouTube"), "too large");
  ::setenv("ASFS_YOUTUBE_TOKEN", "secret one", 1);
  check_needs_login(credentials->access_token("YouTube"), "ASFS_YOUTUBE_TOKEN");
}

TEST_CASE("a folder or a pipe in place of the token is refused, without waiting") {
  const Home home;
  std::filesystem::create_directories(home.file);
  const auto credentials = stored_credentials(home.library);
  check_needs_login(credentials->access_token("YouTube"), "not a regular file");
  std::filesystem::remove(home.file);
  REQUIRE(::mkfifo(home.file.c_str(), 0600) == 0);
  check_needs_login(credentials->access_token("YouTube"), "not a regular file");
}

TEST_CASE("a refused token is only replaced by another one") {
  const Home home;
  home.store("secret-1");
  const auto credentials = stored_credentials(home.library);
  REQUIRE(credentials->access_token("YouTube"));
  check_needs_login(credentials->refreshed_token("YouTube"), "no longer accepts");
  home.store("secret-2");
  CHECK(credentials->refreshed_token("YouTube") == "secret-2");
}

TEST_CASE("practice platforms issue a token, once until it is refused") {
  const Practice practice;
  const auto credentials = practice_credentials(practice.server().url() + "/");
  const auto first = credentials->access_token("YouTube");
  REQUIRE(first);
  CHECK_FALSE(first->empty());
  CHECK(credentials->access_token("YouTube") == *first);
  CHECK(credentials->refreshed_token("YouTube"));
}

TEST_CASE("a practice token is asked for on loopback only, and of a practice server only") {
  for (const char* url : {"https://practice.example", "http://10.0.0.1:80", "", "nonsense"}) {
    const auto token = practice_credentials(url)->access_token("YouTube");
    REQUIRE_FALSE(token);
    CHECK(token.error().code == Code::usage);
  }
  std::string gone;
  {
    const Practice practice;
    gone = practice.server().url();
  }
  const auto token = practice_credentials(gone)->access_token("YouTube");
  REQUIRE_FALSE(token);
  CHECK(token.error().code == Code::offline);
}
