#include "registry/files/checksum.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/temp_folder.h"

using namespace asfs;
using asfs::test::TempFolder;
using asfs::test::write_file;

namespace {

constexpr const char* kSumOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kSumOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kSumOfMillionA = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace

TEST_CASE("SHA-256 gives the published sums, in pieces too, and starts anew after each") {
  Sha256 sha;
  sha.update(bytes_of("abc"));
  CHECK(sha.finish() == kSumOfAbc);
  CHECK(sha.finish() == kSumOfNothing);
  sha.update(bytes_of("a"));
  sha.update(bytes_of(""));
  sha.update(bytes_of("bc"));
  CHECK(sha.finish() == kSumOfAbc);
}

TEST_CASE("the checksum of a file is that of its content, with its size") {
  const TempFolder temp;
  write_file(temp / "a", std::string(1'000'000, 'a'));
  const auto sum = checksum_file(temp / "a");
  REQUIRE(sum);
  CHECK(sum->sha256 == kSumOfMillionA);
  CHECK(sum->size == 1'000'000);
  write_file(temp / "empty \xFF", "");
  CHECK(checksum_file(temp / "empty \xFF")->sha256 == kSumOfNothing);
}

TEST_CASE("progress goes up to the size, about once per MiB") {
  const TempFolder temp;
  write_file(temp / "x", std::string(5'500'000, 'x'));
  std::vector<std::uint64_t> heard;
  REQUIRE(checksum_file(temp / "x", [&](std::uint64_t bytes) { heard.push_back(bytes); }));
  CHECK(heard.size() == 6);
  CHECK(std::ranges::is_sorted(heard));
  CHECK(heard.back() == 5'500'000);
}

TEST_CASE("a checksum can be stopped") {
  const TempFolder temp;
  write_file(temp / "x", std::string(5'000'000, 'x'));
  std::stop_source stop;
  const auto sum = checksum_file(
      temp / "x", [&](std::uint64_t) { stop.request_stop(); }, stop.get_token());
  REQUIRE_FALSE(sum);
  CHECK(sum.error().code == Code::cancelled);
}

TEST_CASE("a file that changes while it is read has no checksum") {
  const TempFolder temp;
  const auto path = temp / "x";
  const auto sum_while = [&](auto&& change) {
    write_file(path, std::string(3'000'000, 'x'));
    bool done = false;
    return checksum_file(path, [&](std::uint64_t) {
      if (!std::exchange(done, true)) change();
    });
  };
  const auto grown = sum_while([&] { std::ofstream(path, std::ios::app) << "more"; });
  REQUIRE_FALSE(grown);
  CHECK(grown.error().message.find("changed while it was read") != std::string::npos);
  CHECK_FALSE(sum_while([&] { std::filesystem::resize_file(path, 2'000'000); }));
  CHECK_FALSE(sum_while([&] { std::filesystem::last_write_time(path, std::filesystem::file_time_type()); }));
  CHECK(sum_while([] {}));
}

TEST_CASE("what is no readable file has no checksum, and nobody waits for a named pipe") {
  const TempFolder temp;
  CHECK(checksum_file(temp / "missing").error().code == Code::not_found);
  CHECK(checksum_file(temp.path()).error().message.find("not a regular file") != std::string::npos);
  REQUIRE(::mkfifo((temp / "pipe").c_str(), 0600) == 0);
  CHECK(checksum_file(temp / "pipe").error().code == Code::failed);
  CHECK(checksum_file("/dev/null").error().code == Code::failed);
}

TEST_CASE("HMAC-SHA-256 gives the values of RFC 4231") {
  CHECK(hmac_sha256(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac_sha256("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac_sha256(std::string(20, '\xaa'), std::string(50, '\xdd')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
