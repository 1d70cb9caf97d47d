#include "uploaders/transfer/background_sha256.h"

#include <doctest/doctest.h>

#include "tests/support/practice.h"

using namespace asfs;

namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string plain(std::string_view content) {
  Sha256 hash;
  hash.update(bytes_of(content));
  return hash.finish();
}

}  // namespace

TEST_CASE("hashing in the background gives the same checksum, whatever the pieces") {
  const std::string content = test::test_bytes(3 * 1024 * 1024 + 17);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{262'143}, std::size_t{262'144},
                                 std::size_t{262'145}, std::size_t{1'048'576}, content.size()})
    for (const std::size_t piece : {std::size_t{1000}, std::size_t{262'144}, std::size_t{5'000'000}}) {
      const std::string_view whole = std::string_view(content).substr(0, size);
      BackgroundSha256 hash;
      for (std::size_t at = 0; at < size; at += piece) hash.update(bytes_of(whole.substr(at, piece)));
      CAPTURE(size);
      CAPTURE(piece);
      CHECK(hash.finish() == plain(whole));
    }
}

TEST_CASE("after finish() a new checksum begins") {
  const std::string content = test::test_bytes(600'000);
  BackgroundSha256 hash;
  hash.update(bytes_of(content));
  CHECK(hash.finish() == plain(content));
  hash.update(bytes_of("abc"));
  CHECK(hash.finish() == plain("abc"));
  hash.update(bytes_of(content));
  CHECK(hash.finish() == plain(content));
}

TEST_CASE("hashing may be abandoned at any point") {
  const std::string content = test::test_bytes(2'000'000);
  for (const std::size_t size : {std::size_t{10}, std::size_t{300'000}, content.size()}) {
    BackgroundSha256 hash;
    hash.update(bytes_of(std::string_view(content).substr(0, size)));
  }
}
