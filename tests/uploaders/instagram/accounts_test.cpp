// Whose Instagram accounts a token sees, and what it was allowed.
#include "uploaders/instagram/accounts.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "uploaders/instagram/settings.h"

using namespace asfs;
using namespace asfs::instagram;

namespace {

/// Answers by what the address ends with behind the version; everything else is an error of Meta's.
class CannedGraph : public Http {
 public:
  std::map<std::string, HttpResponse> answers;
  std::vector<std::string> asked;
  bool offline = false;

  void say(const std::string& call, const std::string& body, int status = 200) {
    answers[call] = {.status = status, .headers = {}, .body = body};
  }
  std::expected<HttpResponse, HttpError> send(const HttpRequest& request) override {
    if (offline) return std::unexpected(HttpError{HttpError::Kind::connect, "cannot reach the graph", {}});
    const std::string call = request.url.substr(request.url.find("/v25.0/") + 7);
    asked.push_back(call);
    for (const auto& [known, answer] : answers)
      if (call.starts_with(known) && (call.find("after=") == call.npos || known.find("after=") != known.npos))
        return answer;
    return HttpResponse{
        .status = 400,
        .headers = {},
        .body = R"({"error":{"message":"(#100) no such edge","type":"OAuthException","code":100}})"};
  }
};

constexpr const char* kFields = "fields=id,name,instagram_business_account{id,username}&limit=100";

std::string page(const std::string& name, const std::string& id, const std::string& user) {
  return R"({"id":"9","name":")" + name + R"(","instagram_business_account":{"id":")" + id +
         R"(","username":")" + user + R"("}})";
}

struct Graph : CannedGraph {
  InstagramConfig config;
  Graph() {
    config.api_base = "https://graph.example";
    config.api_version = "v25.0";
  }
  Result<Access> ask() { return ask_access(*this, config, "token"); }
};

}  // namespace

TEST_CASE_FIXTURE(Graph,
                  "every page of the list of pages is read, and a page without Instagram passed over") {
  const std::string call = std::string("me/accounts?") + kFields;
  say(call, R"({"data":[)" + page("A", "11", "one") + R"(,{"id":"8","name":"no Instagram"}],)" +
                R"("paging":{"cursors":{"after":"QVFI"},"next":"https://graph.example/secret"}})");
  say(call + "&after=QVFI",
      R"({"data":[)" + page("B", "22", "two") + R"(],"paging":{"cursors":{"after":"X"}}})");
  const auto access = ask();
  REQUIRE(access);
  CHECK(names_of(access->accounts) == "@one (A), @two (B)");
  CHECK(access->accounts[1].id == "22");
}

TEST_CASE_FIXTURE(Graph, "pages that a business owns or manages count, and the same account counts once") {
  say(std::string("me/accounts?") + kFields, R"({"data":[)" + page("A", "11", "one") + "]}");
  say("me/businesses?", R"({"data":[{"id":"500"}]})");
  say("500/owned_pages?", R"({"data":[)" + page("A again", "11", "one") + "]}");
  say("500/client_pages?", R"({"data":[)" + page("C", "33", "three") + "]}");
  const auto access = ask();
  REQUIRE(access);
  CHECK(names_of(access->accounts) == "@one (A), @three (C)");
}

TEST_CASE_FIXTURE(Graph, "the token of a page sees that page's account") {
  say("me?fields=id,name,instagram", page("Page", "11", "me.ig"));
  const auto access = ask();
  REQUIRE(access);
  CHECK(access->accounts.size() == 1);
  CHECK(access->accounts[0].username == "me.ig");
}

TEST_CASE_FIXTURE(Graph, "what was granted is told, and what was declined is not among it") {
  say(std::string("me/accounts?") + kFields, R"({"data":[)" + page("A", "11", "one") + "]}");
  say("me/permissions?", R"({"data":[{"permission":"instagram_basic","status":"granted"},
                                     {"permission":"instagram_content_publish","status":"declined"}]})");
  const auto access = ask();
  REQUIRE(access);
  CHECK(access->granted == std::vector<std::string>{"instagram_basic"});
}

TEST_CASE_FIXTURE(Graph, "no account, a dead token, trouble and no connection are told apart") {
  const std::string call = std::string("me/accounts?") + kFields;
  say(call, R"({"data":[]})");
  CHECK(ask().error().code == Code::needs_login);
  say(call, R"({"error":{"message":"dead","code":190}})", 400);
  CHECK(ask().error().code == Code::needs_login);
  say(call, "<html>", 502);
  CHECK(ask().error().code == Code::failed);
  offline = true;
  CHECK(ask().error().code == Code::offline);
}

TEST_CASE_FIXTURE(Graph, "a list that never ends is read to a limit, and odd ids are passed over") {
  const std::string call = std::string("me/accounts?") + kFields;
  say(call, R"({"data":[)" + page("A", "11", "one") + "," + page("Odd", "1/../2", "odd") +
                R"(],"paging":{"cursors":{"after":"again"},"next":"x"}})");
  say(call + "&after=again", R"({"data":[],"paging":{"cursors":{"after":"again2"},"next":"x"}})");
  say(call + "&after=again2", R"({"data":[],"paging":{"cursors":{"after":"again"},"next":"x"}})");
  const auto access = ask();
  REQUIRE(access);
  CHECK(access->accounts.size() == 1);
  CHECK(asked.size() < 100);
}

TEST_CASE("an account is found by name, page or id, and never on a guess") {
  const std::vector<OwnAccount> accounts{{"11", "Chef", "Kitchen"}, {"22", "chef2", "Kitchen"}};
  CHECK(find_account(accounts, "@chef") == &accounts[0]);
  CHECK(find_account(accounts, "22") == &accounts[1]);
  CHECK(find_account(accounts, "kitchen") == nullptr);
  CHECK(find_account(accounts, "che") == nullptr);
}
