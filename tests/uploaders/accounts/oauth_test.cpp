// OAuth's addresses, forms and answers, in the dialects of the three platforms.
#include "uploaders/accounts/oauth.h"

#include <doctest/doctest.h>

#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;
using namespace asfs::oauth;

namespace {

constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636, appendix B
const OAuthConfig kConfig{"https://auth.example/authorize", "https://auth.example/token", "", "one two"};
const Client kClient{"app", "hidden"};

Request request_for(std::string platform) {
  return {std::move(platform), "http://127.0.0.1:1234/callback/", "STATE", std::string(kVerifier)};
}
HttpResponse answer(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}
bool says(std::string_view text, std::string_view words) {
  return text.find(words) != text.npos;
}

}  // namespace

TEST_CASE("PKCE: the challenge of RFC 7636, and TikTok's in hex") {
  CHECK(challenge_of(kVerifier, false) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  CHECK(challenge_of(kVerifier, true) == "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3");
}

TEST_CASE("random text is as long as asked for, and never the same") {
  CHECK(random(64).size() == 64);
  CHECK(random(64) != random(64));
}

TEST_CASE("the address of a sign-in speaks the platform's dialect and holds no secret") {
  const auto youtube = auth_url(kConfig, kClient, request_for("YouTube"));
  CHECK(says(youtube, "client_id=app"));
  CHECK(says(youtube, "scope=one%20two"));
  CHECK(says(youtube, "code_challenge=E9Melhoa"));
  const auto tiktok = auth_url(kConfig, kClient, request_for("TikTok"));
  CHECK(says(tiktok, "client_key=app"));
  CHECK(says(tiktok, "scope=one%2Ctwo"));
  CHECK(says(tiktok, "code_challenge=13d31e96"));
  CHECK_FALSE(says(auth_url(kConfig, kClient, request_for("Instagram")), "code_challenge"));
  for (const std::string& url : {youtube, tiktok}) {
    CHECK_FALSE(says(url, "hidden"));
    CHECK_FALSE(says(url, kVerifier));
    CHECK(says(url, "state=STATE"));
  }
}

TEST_CASE("the code is taken from a pasted address, only for the sign-in under way") {
  const auto request = request_for("YouTube");
  CHECK(code_in("http://127.0.0.1:1234/callback/?code=4%2F0AX&scope=x&state=STATE", request) == "4/0AX");
  CHECK(code_in("?state=STATE&code=abc#_", request) == "abc");
  CHECK_FALSE(code_in("?state=OTHER&code=abc", request));
  CHECK_FALSE(code_in("?code=abc", request));
  CHECK_FALSE(code_in("nonsense", request));
  CHECK(code_in("?state=OTHER&code=abc", request).error().code == Code::usage);
  const auto dialog =  // Facebook's
      code_in("?error_code=1349187&error_message=Invalid+Scopes%0A&state=STATE#_=_",
              request_for("Instagram"));
  REQUIRE_FALSE(dialog);
  CHECK(dialog.error().code == Code::needs_login);
  CHECK(says(dialog.error().message, "1349187 Invalid Scopes"));
  const auto denied = code_in("?error=access_denied&state=STATE", request);
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == Code::needs_login);
  CHECK(says(denied.error().message, "access_denied"));
}

TEST_CASE("tokens are read in every shape the platforms give them") {
  const auto google = read_tokens(
      answer(200, R"({"access_token":"a","expires_in":3599,"refresh_token":"r","scope":"one two"})"),
      "YouTube", kMorning);
  REQUIRE(google);
  CHECK(google->expires_at == kMorning + std::chrono::seconds(3599));
  CHECK(google->scopes == std::vector<std::string>{"one", "two"});
  CHECK(missing_scopes(kConfig, google->scopes).empty());
  const auto tiktok = read_tokens(
      answer(200, R"({"open_id":"o","scope":"one","access_token":"a","expires_in":86400,"refresh_token":"r",)"
                  R"("refresh_expires_in":31536000})"),
      "TikTok", kMorning);
  REQUIRE(tiktok);
  CHECK(tiktok->refresh_expires_at == kMorning + std::chrono::seconds(31'536'000));
  CHECK(missing_scopes(kConfig, tiktok->scopes) == std::vector<std::string>{"two"});
  CHECK(read_tokens(answer(200, R"({"data":[{"access_token":"a","permissions":"one,two"}]})"), "Instagram",
                    kMorning)
            ->scopes.size() == 2);
}

TEST_CASE("errors of a token request are told apart, also with HTTP 200, and hold no secret") {
  const auto code = [](int status, std::string body) {
    const auto tokens = read_tokens(answer(status, std::move(body)), "TikTok", kMorning);
    REQUIRE_FALSE(tokens);
    return tokens.error().code;
  };
  CHECK(code(200, R"({"error":"invalid_grant","error_description":"x","log_id":"l"})") == Code::needs_login);
  CHECK(code(400, R"({"error":"invalid_grant"})") == Code::needs_login);
  CHECK(code(200, R"({"error":"invalid_request"})") == Code::account);
  CHECK(code(401, R"({"error":"invalid_client"})") == Code::account);
  CHECK(code(503, "<html>") == Code::offline);
  CHECK(code(403, "<html>") == Code::offline);
  CHECK(code(429, R"({"error":"slow_down"})") == Code::offline);
  CHECK(code(400, R"({"error":"temporarily_unavailable"})") == Code::offline);
  CHECK(code(200, "{}") == Code::offline);
  CHECK(code(200, R"({"access_token":"two words"})") == Code::offline);
  CHECK(code(200, R"({"access_token":")" + std::string(20'000, 'a') + R"("})") == Code::offline);
  CHECK(code(400, R"({"error":{"message":"dead","type":"OAuthException","code":190}})") == Code::needs_login);
}

TEST_CASE("an app that the platform does not accept is told with the place to look") {
  for (const char* name : {"invalid_client", "unauthorized_client", "deleted_client", "disabled_client"}) {
    CAPTURE(name);
    const auto tokens = read_tokens(
        answer(401, std::string(R"({"error":")") + name + R"(","error_description":"Unauthorized"})"),
        "YouTube", kMorning);
    REQUIRE_FALSE(tokens);
    CHECK(tokens.error().code == Code::account);
    CHECK(says(tokens.error().message, name));
    CHECK(says(tokens.error().message, "config/accounts.json with the Google Cloud console"));
  }
}

TEST_CASE("answers of an unexpected shape are errors like others") {
  for (const char* body :
       {R"({"error":{"code":"x","message":7}})", R"({"error":{"code":null}})", R"({"error":7})",
        R"({"data":[7]})", R"([])", R"({"access_token":7,"expires_in":"soon"})"}) {
    CAPTURE(body);
    CHECK_FALSE(read_tokens(answer(400, body), "Instagram", kMorning));
    CHECK_FALSE(read_tokens(answer(200, body), "Instagram", kMorning));
  }
}

TEST_CASE("blanks around a pasted address do no harm") {
  CHECK(code_in("  http://127.0.0.1:1/callback/?code=abc&state=STATE \r", request_for("YouTube")) == "abc");
}

TEST_CASE("a client without a secret sends none") {
  const auto body = refresh_request(kConfig, {"app", ""}, "YouTube", "r").content;
  CHECK(says(body, "client_id=app"));
  CHECK_FALSE(says(body, "client_secret"));
}
