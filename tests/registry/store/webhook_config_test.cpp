// config/webhooks.json: what it may say, and who may read it.
#include "registry/store/webhook_config.h"

#include <doctest/doctest.h>

#include "tests/support/webhook_receiver.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// What is wrong with this webhooks.json; empty when nothing is.
std::string complaint(std::string_view text) {
  const TestLibrary test;
  write_webhooks(test.library, text);
  const auto webhooks = load_webhooks(test.library);
  if (webhooks) return "";
  CHECK(webhooks.error().code == Code::library);
  CHECK(webhooks.error().message.find("webhooks.json") != std::string::npos);
  CHECK(webhooks.error().message.find("hush") == std::string::npos);
  return webhooks.error().message;
}

std::string complaint_about(const std::string& entry) {
  return complaint(R"({"webhooks": [)" + entry + "]}");
}

bool has(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("without webhooks.json nobody is told") {
  const TestLibrary test;
  CHECK(load_webhooks(test.library)->empty());
}

TEST_CASE("a webhook is told of the events it names, or of all") {
  const TestLibrary test;
  write_webhooks(test.library, R"({"webhooks": [
    {"url": "https://one.example/a?key=1", "events": ["failed", "unclear"], "secret": "hush"},
    {"url": "http://127.0.0.1:8080/b", "secret": "hush"} // mine
  ]})");
  const auto webhooks = load_webhooks(test.library);
  REQUIRE(webhooks);
  REQUIRE(webhooks->size() == 2);
  const Webhook& one = (*webhooks)[0];
  CHECK(one.url == "https://one.example/a?key=1");
  CHECK(one.secret == "hush");
  CHECK_FALSE(one.wants("uploaded"));
  CHECK(one.wants("failed"));
  CHECK(one.wants("unclear"));
  CHECK_FALSE(one.wants("test"));
  for (const auto event : kWebhookEvents) CHECK((*webhooks)[1].wants(event));
}

TEST_CASE("people see a webhook's address without its query") {
  CHECK(Webhook{.url = "https://one.example/a?key=1", .secret = "", .events = {}}.shown_url() ==
        "https://one.example/a");
  CHECK(Webhook{.url = "https://one.example/a#key=1", .secret = "", .events = {}}.shown_url() ==
        "https://one.example/a");
}

TEST_CASE("only https, or http on this very machine, is told") {
  const auto with_url = [](const std::string& url) {
    return complaint_about(R"({"url": ")" + url + R"(", "secret": "hush"})");
  };
  for (const char* url :
       {"https://one.example/a?b=c", "http://127.0.0.1:1/", "http://localhost/x", "http://[::1]:80"})
    CHECK(with_url(url) == "");
  for (const char* url : {"http://one.example/a", "http://127.0.0.1.example.com",
                          "https://user:pw@one.example", "ftp://localhost", ""})
    CHECK(has(with_url(url), "\"webhooks[0].url\" must be an https:// address"));
}

TEST_CASE("a webhooks.json that others can read is refused with the command that mends it") {
  const TestLibrary test;
  write_webhook(test.library, "https://one.example/a");
  for (const auto mode : {0640, 0604}) {
    std::filesystem::permissions(test.library.webhooks_file(), std::filesystem::perms(mode));
    const auto webhooks = load_webhooks(test.library);
    REQUIRE_FALSE(webhooks);
    CHECK(webhooks.error().code == Code::library);
    CHECK(has(webhooks.error().message, "others can read the secrets of webhooks"));
    CHECK(has(webhooks.error().message, "chmod 600 '" + test.library.webhooks_file().string() + "'"));
  }
}

TEST_CASE("malformed JSON in webhooks.json is named with file, line and column") {
  CHECK(has(complaint("{\n  \"webhooks\": [hush]\n}"), "webhooks.json:2:16:"));
  CHECK(has(complaint(""), "webhooks.json:1:1:"));
}

TEST_CASE("what is wrong in webhooks.json is named by its key with what is allowed") {
  CHECK(has(complaint("[]"), "one JSON object with a list \"webhooks\""));
  CHECK(has(complaint("{}"), "one JSON object with a list \"webhooks\""));
  CHECK(has(complaint(R"({"webhooks": {}})"), "one JSON object with a list \"webhooks\""));
  CHECK(has(complaint(R"({"hooks": []})"), "unknown key \"hooks\"; known here: webhooks"));
  CHECK(has(complaint_about("3"), "\"webhooks[0]\" must be a JSON object"));
  CHECK(has(complaint_about(R"({"url": "https://a.example", "secret": "hush", "event": []})"),
            "unknown key \"webhooks[0].event\"; known here: url, events, secret"));
  CHECK(has(complaint_about(R"({"url": "https://a.example"})"), "\"webhooks[0].secret\" must be"));
  CHECK(has(complaint_about(R"({"url": "https://a.example", "secret": ""})"),
            "\"webhooks[0].secret\" must be"));
  for (const char* events : {"[]", "\"failed\"", "[\"Failed\"]", "[\"test\"]", "[1]", "null"})
    CHECK(has(complaint_about(
                  fmt::format(R"({{"url": "https://a.example", "secret": "hush", "events": {}}})", events)),
              "\"webhooks[0].events\" must be a list of"));
  const std::string entry = R"({"url": "https://a.example", "secret": "hush"})";
  CHECK(has(complaint_about(entry + "," + entry), "\"webhooks[1].url\" must be another address"));
}
