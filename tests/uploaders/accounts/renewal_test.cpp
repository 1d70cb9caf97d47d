// What becomes of tokens when they are renewed while something goes wrong.
#include <doctest/doctest.h>

#include <chrono>

#include "tests/support/file_size_limit.h"
#include "tests/support/raw_server.h"
#include "tests/support/sign_in_house.h"
#include "uploaders/platform/trouble.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE_FIXTURE(House, "a disk without room for a new refresh token leaves the old one good") {
  const Account before = signed_in("TikTok");
  const int asked = token_requests();
  clock.advance(std::chrono::minutes(56));
  {
    const FileSizeLimit full(1);
    CHECK(credentials()->access_token("TikTok") == before.tokens.access_token);
    clock.advance(std::chrono::minutes(5));
    const auto none = credentials()->access_token("TikTok");
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Code::library);
    CHECK(no_token(none.error()).error_class == ErrorClass::account);  // no video's fault
  }
  CHECK(token_requests() == asked);
  CHECK((*store.load("TikTok"))->tokens.refresh_token == before.tokens.refresh_token);
  const auto renewed = credentials()->access_token("TikTok");
  REQUIRE(renewed);
  CHECK((*store.load("TikTok"))->tokens.access_token == *renewed);
}

TEST_CASE_FIXTURE(House, "a refusal that comes late ends no sign-in that was made meanwhile") {
  Account account = signed_in("YouTube");
  account.tokens.access_token = "of-the-new-sign-in";
  const RawServer platform([&](RawConnection& connection) {
    connection.read_head();
    REQUIRE(store.save("YouTube", account));
    connection.write(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n"
        R"({"error":"invalid_grant"})");
  });
  config.at("YouTube").oauth.token_url = platform.url();
  const auto tokens = credentials();
  REQUIRE(tokens->access_token("YouTube"));
  CHECK(tokens->refreshed_token("YouTube") == "of-the-new-sign-in");
  CHECK_FALSE((*store.load("YouTube"))->needs_login);
  const auto refused = tokens->refreshed_token("YouTube");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::needs_login);
  CHECK((*store.load("YouTube"))->needs_login);
}
