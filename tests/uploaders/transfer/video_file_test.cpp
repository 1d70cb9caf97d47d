#include "uploaders/transfer/video_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "registry/base/text.h"
#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::test;

namespace {

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>((i * 7 + i / 1000) % 256);
  return bytes;
}

std::string sha256(std::string_view content) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(content)));
  return hash.finish();
}

struct Clip {
  TempFolder folder;
  std::string content = some_bytes(1'000'000);
  std::filesystem::path path = folder / "clip.mp4";
  Clip() { write_file(path, content); }

  VideoFile open() const {
    auto file = VideoFile::open(path, sha256(content));
    REQUIRE(file);
    return std::move(*file);
  }
};

// Reads to the end; the error as text when there is one.
std::string read_all(VideoFile& file, std::string& content, std::size_t block = 100'000) {
  std::vector<std::byte> buffer(block);
  while (true) {
    const auto got = file.read(buffer);
    if (!got) return got.error().message;
    if (*got == 0) return "";
    content.append(reinterpret_cast<const char*>(buffer.data()), *got);
  }
}

void check_refused(VideoFile& file, std::size_t known_size) {
  std::string content;
  const std::string error = read_all(file, content);
  CHECK(error.find("changed since it was registered") != std::string::npos);
  CHECK(content.size() < known_size);
  CHECK(file.changed());
  CHECK_FALSE(file.verified());
}

}  // namespace

TEST_CASE("a file that is the registered one is read to its end and verified") {
  const Clip clip;
  VideoFile file = clip.open();
  CHECK(file.size() == 1'000'000);
  std::string content;
  CHECK(read_all(file, content) == "");
  CHECK(content == clip.content);
  CHECK(file.verified());
  CHECK_FALSE(file.changed());
  CHECK(file.position() == 1'000'000);
}

TEST_CASE("the end of a changed file is never handed out") {
  const Clip clip;
  SUBCASE("same size, another byte near the start") {
    std::string other = clip.content;
    other[10] ^= 1;
    write_file(clip.path, other);
    VideoFile file = clip.open();
    check_refused(file, 1'000'000);
  }
  SUBCASE("in one read as large as the file") {
    std::string other = clip.content;
    other[999'999] ^= 1;
    write_file(clip.path, other);
    VideoFile file = clip.open();
    std::vector<std::byte> buffer(2'000'000);
    CHECK_FALSE(file.read(buffer));
    CHECK_FALSE(file.read(buffer));
  }
  SUBCASE("grown while it was read") {
    VideoFile file = clip.open();
    std::ofstream(clip.path, std::ios::app) << "x";
    check_refused(file, 1'000'000);
  }
  SUBCASE("shortened while it was read") {
    VideoFile file = clip.open();
    std::filesystem::resize_file(clip.path, 999'999);
    check_refused(file, 1'000'000);
  }
  SUBCASE("written over while it was read") {
    VideoFile file = clip.open();
    std::vector<std::byte> buffer(500'000);
    REQUIRE(file.read(buffer));
    std::fstream(clip.path, std::ios::in | std::ios::out | std::ios::binary).seekp(600'000) << "xyz";
    check_refused(file, 500'000);
  }
}

TEST_CASE("a file replaced by another under the same name does no harm: ours stays open") {
  const Clip clip;
  VideoFile file = clip.open();
  write_file(clip.folder / "other", some_bytes(10));
  std::filesystem::rename(clip.folder / "other", clip.path);
  std::string content;
  CHECK(read_all(file, content) == "");
  CHECK(content == clip.content);
  CHECK(file.verified());
}

TEST_CASE("after a step forward or back the content is still verified as a whole") {
  const Clip clip;
  VideoFile file = clip.open();
  std::string content;
  SUBCASE("forward from the start") {
    REQUIRE(file.seek(777'777));
    CHECK(read_all(file, content) == "");
    CHECK(content == clip.content.substr(777'777));
  }
  SUBCASE("back from the end") {
    CHECK(read_all(file, content) == "");
    content.clear();
    REQUIRE(file.seek(262'144));
    CHECK_FALSE(file.verified());
    CHECK(file.position() == 262'144);
    CHECK(read_all(file, content) == "");
    CHECK(content == clip.content.substr(262'144));
  }
  SUBCASE("back by a little") {
    std::vector<std::byte> buffer(500'000);
    REQUIRE(file.read(buffer));
    REQUIRE(file.seek(499'999));
    CHECK(read_all(file, content) == "");
    CHECK(content == clip.content.substr(499'999));
  }
  SUBCASE("to the very end") {
    REQUIRE(file.seek(1'000'000));
    CHECK(read_all(file, content) == "");
    CHECK(content.empty());
  }
  CHECK(file.verified());
}

TEST_CASE("a step beyond the end is refused") {
  const Clip clip;
  VideoFile file = clip.open();
  CHECK_FALSE(file.seek(1'000'001));
}

TEST_CASE("a change in what was stepped over is found") {
  const Clip clip;
  std::string other = clip.content;
  other[5] ^= 1;
  write_file(clip.path, other);
  VideoFile file = clip.open();
  REQUIRE(file.seek(900'000));
  check_refused(file, 100'000);
}

TEST_CASE("going back in a file that was written to meanwhile is refused, even if it is the same again") {
  const Clip clip;
  VideoFile file = clip.open();
  std::vector<std::byte> buffer(500'000);
  REQUIRE(file.read(buffer));
  write_file(clip.path, clip.content);
  std::filesystem::last_write_time(clip.path,
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  CHECK_FALSE(file.seek(100));
  CHECK(file.changed());
}

TEST_CASE("without a known checksum the bytes are handed out as they are") {
  const Clip clip;
  auto file = VideoFile::open(clip.path, std::nullopt);
  REQUIRE(file);
  REQUIRE(file->seek(100));
  std::string content;
  CHECK(read_all(*file, content) == "");
  CHECK(content == clip.content.substr(100));
}

TEST_CASE("what is no video file is refused, without waiting for anybody") {
  const TempFolder folder;
  const auto missing = VideoFile::open(folder / "none.mp4", std::nullopt);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Code::not_found);
  CHECK(missing.error().message == "Video file not found: " + (folder / "none.mp4").native());

  write_file(folder / "file", "x");
  CHECK(VideoFile::open(folder / "file" / "below.mp4", std::nullopt).error().code == Code::not_found);

  write_file(folder / "empty.mp4", "");
  CHECK(VideoFile::open(folder / "empty.mp4", std::nullopt).error().message.ends_with("is empty"));

  REQUIRE(::mkfifo((folder / "pipe.mp4").c_str(), 0600) == 0);
  CHECK(VideoFile::open(folder / "pipe.mp4", std::nullopt).error().code == Code::failed);
  CHECK(VideoFile::open(folder.path(), std::nullopt).error().code == Code::failed);
  CHECK(VideoFile::open("/dev/zero", std::nullopt).error().code == Code::failed);
}

TEST_CASE("a file that may not be read says so") {
  if (::geteuid() == 0) return;  // root may read everything
  const Clip clip;
  ::chmod(clip.path.c_str(), 0);
  const auto file = VideoFile::open(clip.path, std::nullopt);
  REQUIRE_FALSE(file);
  CHECK(file.error().code == Code::failed);
}
