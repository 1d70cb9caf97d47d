// What a page asked for, and was answered, as somebody who only listens hears it.
#include "uploaders/browser/network_witness.h"

#include <doctest/doctest.h>

#include "tests/uploaders/browser/real_browser.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

struct Listened {
  RealBrowser& browser = shared_browser();
  NetworkWitness witness{*browser.tools, {{"publish", "POST", "/web/project/*/v1/"}}};

  /// The page posts to the address; what became of it once that is known.
  std::vector<std::shared_ptr<const Exchange>> post(const std::string& address) {
    browser.show("<p>posting</p>");
    REQUIRE(browser.page->evaluate("fetch('" + address +
                                   "', {method: 'POST', mode: 'no-cors'}).catch(() => 0), 0"));
    browser.page->wait(
        [&] {
          const auto seen = witness.seen("publish");
          return !seen.empty() && seen.back()->state != Exchange::State::sent;
        },
        20s);
    return witness.seen("publish");
  }
};

}  // namespace

TEST_CASE("a request of the page and its answer are heard, with status and words") {
  Listened heard;
  heard.browser.serve_json("/web/project/post/v1/", 202, R"({"item_id": "7300"})");
  const auto seen = heard.post("/web/project/post/v1/?lang=en");
  REQUIRE(seen.size() == 1);
  CHECK(seen[0]->state == Exchange::State::answered);
  CHECK(seen[0]->status == 202);
  CHECK(*seen[0]->said == Json({{"item_id", "7300"}}));
}

TEST_CASE("other paths and methods are not listened to") {
  Listened heard;
  heard.browser.show(
      "<body><script>Promise.all([fetch('/web/project/post/v1/'), fetch('/else', {method: 'POST'})])"
      ".then(() => 'both', String).then(text => document.body.title = text)</script>");
  heard.browser.page->wait([&] { return !heard.browser.value("document.body.title").empty(); }, 20s);
  CHECK(heard.browser.value("document.body.title") == "both");
  CHECK(heard.witness.seen("publish").empty());
}

TEST_CASE("a request that nobody answers is broken, with the browser's word for it") {
  Listened heard;
  const auto seen = heard.post("http://127.0.0.1:1/web/project/post/v1/");
  REQUIRE(seen.size() == 1);
  CHECK(seen[0]->state == Exchange::State::broken);
  CHECK(seen[0]->fault.starts_with("net::ERR_"));
}

TEST_CASE("what the browser itself keeps back, as an ad blocker does, is named once") {
  RealBrowser browser;
  const NetworkWitness witness(*browser.tools, {});
  REQUIRE(browser.tools->call(browser.page->session(), "Network.setBlockedURLs",
                              {{"urls", {"*://*/youtubei/*"}}}));
  browser.show(
      "<body><script>fetch('/youtubei/v1/log?key=secret').catch(() => fetch('/youtubei/v1/log')).catch(() => "
      "document.body.title = 'over')</script>");
  browser.page->wait([&] { return browser.value("document.body.title") == "over"; }, 20s);
  CHECK(witness.kept_back() == std::vector<std::string>{"/youtubei/v1/log"});
}

TEST_CASE("an answer is kept when the page goes elsewhere at once") {
  Listened heard;
  heard.browser.serve_json("/web/project/gone/v1/", 200, "{}");
  heard.browser.show(
      "<script>fetch('/web/project/gone/v1/', {method: 'POST'})"
      ".then(answer => answer.text()).then(() => location = '/elsewhere')</script>");
  CHECK(heard.browser.page->wait(
      [&] {
        const auto seen = heard.witness.seen("publish");
        return !seen.empty() && seen[0]->state == Exchange::State::answered;
      },
      20s));
}
