#include "registry/base/files.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/support/file_size_limit.h"
#include "tests/support/temp_folder.h"

using namespace asfs;
using asfs::test::FileSizeLimit;
using asfs::test::read_text;
using asfs::test::TempFolder;
using asfs::test::write_file;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a private folder is made with its parents, for the owner alone") {
  const TempFolder temp;
  REQUIRE(make_private_folder(temp / "a/b/c"));
  CHECK(mode_of(temp / "a") == 0700);
  CHECK(mode_of(temp / "a/b/c") == 0700);
  CHECK(make_private_folder(temp / "d/e/"));
  CHECK(fs::is_directory(temp / "d/e"));
}

TEST_CASE("a folder that exists is left as it is") {
  const TempFolder temp;
  fs::create_directory(temp / "open");
  fs::permissions(temp / "open", fs::perms(0755));
  CHECK(make_private_folder(temp / "open"));
  CHECK(mode_of(temp / "open") == 0755);
}

TEST_CASE("a file in the way of a folder is named") {
  const TempFolder temp;
  write_file(temp / "file", "x");
  const auto made = make_private_folder(temp / "file");
  REQUIRE_FALSE(made);
  CHECK(made.error().code == Code::library);
  CHECK(made.error().message.find((temp / "file").native()) != std::string::npos);
  CHECK_FALSE(make_private_folder(temp / "file/below"));
}

TEST_CASE("a file is read whole, with any bytes in it") {
  const TempFolder temp;
  const std::string content("a\0b\n\xFF", 5);
  write_file(temp / "x", content);
  CHECK(read_file(temp / "x").value() == content);
  write_file(temp / "empty", "");
  CHECK(read_file(temp / "empty").value() == "");
}

TEST_CASE("a file that is missing, too large or no file is an error that says so") {
  const TempFolder temp;
  CHECK(read_file(temp / "missing").error().code == Code::not_found);
  write_file(temp / "large", std::string(101, 'x'));
  CHECK(read_file(temp / "large", 100).error().message.find("larger than 100 B") != std::string::npos);
  CHECK(read_file(temp / "large", 101));
  CHECK(read_file(temp.path()).error().message.find("folder") != std::string::npos);
}

TEST_CASE("reading a named pipe is refused instead of waiting for a writer") {
  const TempFolder temp;
  REQUIRE(::mkfifo((temp / "pipe").c_str(), 0600) == 0);
  CHECK(read_file(temp / "pipe").error().message.find("not a regular file") != std::string::npos);
}

TEST_CASE("an atomic write replaces the file, for the owner alone, and leaves nothing beside it") {
  const TempFolder temp;
  write_file(temp / "token", "old and longer");
  REQUIRE(write_file_atomically(temp / "token", "new"));
  CHECK(read_text(temp / "token") == "new");
  CHECK(mode_of(temp / "token") == 0600);
  CHECK(entries_in(temp.path()) == 1);
}

TEST_CASE("an atomic write that fails leaves the old file and nothing beside it") {
  const TempFolder temp;
  write_file(temp / "token", "old");
  const auto written = [&] {
    const FileSizeLimit limit(100);
    return write_file_atomically(temp / "token", std::string(1000, 'x'));
  }();
  REQUIRE_FALSE(written);
  CHECK(written.error().code == Code::library);
  CHECK(read_text(temp / "token") == "old");
  CHECK(entries_in(temp.path()) == 1);
}

TEST_CASE("room that was taken beforehand is there when nothing else has any, and goes unused") {
  const TempFolder temp;
  write_file(temp / "token", "old");
  {
    auto room = FileReplacement::reserve(temp / "token", 1000);
    REQUIRE(room);
    CHECK(read_text(temp / "token") == "old");
    const FileSizeLimit limit(1);
    CHECK_FALSE(FileReplacement::reserve(temp / "token", 1000));
  }
  CHECK(entries_in(temp.path()) == 1);
  auto room = FileReplacement::reserve(temp / "token", 1000);
  REQUIRE(room->write("new"));
  CHECK(read_text(temp / "token") == "new");
  CHECK(mode_of(temp / "token") == 0600);
  CHECK(entries_in(temp.path()) == 1);
}

TEST_CASE("an atomic write into a folder that is missing is an error") {
  const TempFolder temp;
  CHECK_FALSE(write_file_atomically(temp / "missing/token", "x"));
}

TEST_CASE("appended lines stand one below the other in a file of the owner alone") {
  const TempFolder temp;
  REQUIRE(append_line(temp / "log", "one", 1000));
  REQUIRE(append_line(temp / "log", "two", 1000));
  CHECK(read_text(temp / "log") == "one\ntwo\n");
  CHECK(mode_of(temp / "log") == 0600);
}

TEST_CASE("a line that a crash left torn is ended before the next one") {
  const TempFolder temp;
  write_file(temp / "log", "whole\nto");
  REQUIRE(append_line(temp / "log", "next", 1000));
  CHECK(read_text(temp / "log") == "whole\nto\nnext\n");
}

TEST_CASE("a log larger than the limit becomes .1, and an older .1 is replaced") {
  const TempFolder temp;
  write_file(temp / "log.1", "oldest\n");
  write_file(temp / "log", "12345\n");
  REQUIRE(append_line(temp / "log", "a", 6));
  CHECK(read_text(temp / "log") == "12345\na\n");
  REQUIRE(append_line(temp / "log", "b", 6));
  CHECK(read_text(temp / "log") == "b\n");
  CHECK(read_text(temp / "log.1") == "12345\na\n");
}

TEST_CASE("appending where it cannot be done is an error that names the file") {
  const TempFolder temp;
  const auto appended = append_line(temp / "missing/log", "x", 1000);
  REQUIRE_FALSE(appended);
  CHECK(appended.error().code == Code::library);
  CHECK(appended.error().message.find("missing/log") != std::string::npos);
}

TEST_CASE("lines appended by many at once never mix and none is lost while the log rotates once") {
  const TempFolder temp;
  constexpr int writers = 4, lines = 50;
  const std::string body(120, 'x');
  {
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < writers; ++writer)
      threads.emplace_back([&, writer] {
        for (int i = 0; i < lines; ++i)
          if (!append_line(temp / "log", std::to_string(writer) + body, 15'000)) return;
      });
  }
  const std::string all = read_text(temp / "log.1") + read_text(temp / "log");
  CHECK(all.size() == writers * lines * (body.size() + 2));
  std::size_t whole = 0;
  for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1)
    whole += all.substr(at + 1, body.size() + 1) == body + "\n" ? 1 : 0;
  CHECK(whole == writers * lines);
}

TEST_CASE("a path with odd bytes is shown as valid text") {
  CHECK(path_text("/a/\xFF.mp4") == "/a/\uFFFD.mp4");
}

TEST_CASE("a descriptor that was moved from closes nothing") {
  FileDescriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  FileDescriptor second(std::move(first));
  CHECK_FALSE(first);
  CHECK(second);
  second.close();
  CHECK_FALSE(second);
}
