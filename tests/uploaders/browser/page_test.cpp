// What is found in a page, and what a click is.
#include "uploaders/browser/page.h"

#include <doctest/doctest.h>

#include "tests/uploaders/browser/real_browser.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

TEST_CASE("an element is found by its role and name, however case and blanks are written") {
  RealBrowser& browser = shared_browser();
  browser.show("<button>Select&nbsp; From\nComputer</button><button>Select</button><a href=x>Select</a>");
  CHECK(browser.count({.role = "button", .name = "select from computer"}) == 1);
  CHECK(browser.count({.role = "button", .name = "Select"}) == 1);
  CHECK(browser.count({.role = "button", .name = "Select", .exact = false}) == 2);
  CHECK(browser.count({.role = "button"}) == 2);
}

TEST_CASE("an element is found by its innermost text") {
  RealBrowser& browser = shared_browser();
  browser.show("<div><p>Daily upload <b>limit</b> reached</p></div><p>Daily</p>");
  const Element found = browser.one({.text = "daily upload limit reached"});
  CHECK(browser.page->name_of(found) == "<p> \"Daily upload limit reached\"");
  CHECK(browser.count({.text = "upload limit", .exact = false}) == 1);
}

TEST_CASE("CSS goes through open shadow roots, roles through closed ones, too") {
  RealBrowser& browser = shared_browser();
  browser.show(R"(<x-open></x-open><x-shut></x-shut><script>
    for (const [name, mode] of [['x-open', 'open'], ['x-shut', 'closed']])
      customElements.define(name, class extends HTMLElement {
        constructor() { super(); this.attachShadow({mode}).innerHTML = `<button class=b>In ${mode}</button>`; }
      });</script>)");
  CHECK(browser.count({.css = "button.b"}) == 1);
  CHECK(browser.count({.css = "button.b", .within = "x-open"}) == 1);
  CHECK(browser.count({.role = "button", .name = "In closed"}) == 1);
  CHECK(browser.count({.role = "button", .name = "In closed", .within = "x-shut"}) == 1);
  CHECK(browser.count({.role = "button", .name = "In closed", .within = "x-open"}) == 0);
}

TEST_CASE("an element is found, and clicked, in a frame of the same site and of another") {
  RealBrowser& browser = shared_browser();
  browser.serve("/frame",
                "<body onclick=\"document.title='hit'\"><button id=b onclick=\"this.textContent='Done'\">Go"
                "</button>");
  const std::string there = "http://localhost:" + std::to_string(browser.site.port()) + "/frame";
  for (const std::string& address : {std::string("/frame"), there}) {
    browser.show("<div style='height:300px'></div><iframe style='margin:40px' src='" + address +
                 "'></iframe>");
    const auto clicked = browser.page->click(browser.one({.role = "button", .name = "Go"}));
    CHECK_MESSAGE(clicked, fault_of(clicked));
    browser.one({.role = "button", .name = "Done"});
  }
}

TEST_CASE("what cannot be seen is only found when it may be hidden") {
  RealBrowser& browser = shared_browser();
  browser.show(
      "<div id=none style='display:none'>a</div><div id=empty></div><input type=file hidden>"
      "<p id=seen>a</p>");
  CHECK(browser.count({.css = "#none"}) == 0);
  CHECK(browser.count({.css = "#none", .visible = false}) == 1);
  CHECK(browser.count({.css = "#empty"}) == 0);
  CHECK(browser.count({.css = "input[type=file]", .visible = false}) == 1);
  CHECK(browser.count({.css = "#seen"}) == 1);
}

TEST_CASE("a click is a real one, on what had to be scrolled to") {
  RealBrowser& browser = shared_browser();
  browser.show(
      "<div style='height:4000px'></div><button id=b onclick=\"document.body.dataset.trusted ="
      " event.isTrusted + navigator.userActivation.isActive.toString()\">Far</button>");
  const auto clicked = browser.page->click(browser.one({.css = "#b"}));
  CHECK_MESSAGE(clicked, fault_of(clicked));
  CHECK(browser.value("document.body.dataset.trusted") == "truetrue");
}

TEST_CASE("what is covered is not clicked, and what covers it is named") {
  RealBrowser& browser = shared_browser();
  browser.show(
      "<button id=b onclick=\"document.body.dataset.hit = 1\">Post</button>"
      "<div style='position:fixed;inset:0;background:#0008' aria-label='Cookie banner'></div>");
  CHECK(fault_of(browser.page->click(browser.one({.css = "#b"}))) ==
        "<button> \"Post\" is covered by <div> \"Cookie banner\"");
  CHECK(browser.value("document.body.dataset.hit ?? 'none'") == "none");
}

TEST_CASE("what comes up as the mouse arrives is seen before the click") {
  RealBrowser& browser = shared_browser();
  browser.show(
      "<button id=b onclick=\"document.body.dataset.hit = 1\" onmouseenter=\"document.querySelector('#o')"
      ".style.display = 'block'\">Post</button><div id=o style='display:none;position:fixed;inset:0'"
      " aria-label='Tour'></div>");
  CHECK(fault_of(browser.page->click(browser.one({.css = "#b"}))) ==
        "<button> \"Post\" is covered by <div> \"Tour\"");
  CHECK(browser.value("document.body.dataset.hit ?? 'none'") == "none");
}

TEST_CASE("a button that moves is clicked when it stands still") {
  RealBrowser& browser = shared_browser();
  browser.show(
      "<style>@keyframes k { from { margin-left: 0 } to { margin-left: 600px } }"
      "#b { animation: k 700ms linear forwards }</style>"
      "<button id=b onclick=\"document.body.dataset.hit = 1\">Post</button>");
  const auto clicked = browser.page->click(browser.one({.css = "#b"}));
  CHECK_MESSAGE(clicked, fault_of(clicked));
  CHECK(browser.value("document.body.dataset.hit ?? 'none'") == "1");
}

TEST_CASE("a dialog of JavaScript's is declined, unless somebody says otherwise") {
  RealBrowser& browser = shared_browser();
  browser.show("<button id=b onclick=\"document.body.dataset.answer = confirm('Leave?')\">Ask</button>");
  REQUIRE(browser.page->click(browser.one({.css = "#b"})));
  CHECK(browser.value("document.body.dataset.answer") == "false");
  browser.page->set_dialog_answer([](std::string_view type, std::string_view message) {
    return type == "confirm" && message == "Leave?";
  });
  REQUIRE(browser.page->click(browser.one({.css = "#b"})));
  CHECK(browser.value("document.body.dataset.answer") == "true");
  browser.page->set_dialog_answer({});
}

TEST_CASE("a tab that has crashed is said to, at once") {
  RealBrowser browser;
  browser.show("<p>here</p>");
  browser.tools->post(browser.page->session(), "Page.crash", Json::object());
  const auto before = std::chrono::steady_clock::now();
  browser.page->wait([&] { return !browser.page->trouble().empty(); }, 10s);
  CHECK(browser.page->trouble() == "the page has crashed");
  const auto answer = browser.page->evaluate("1");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().message == "the page has crashed");
  CHECK(std::chrono::steady_clock::now() - before < DevTools::kPatience);
}

TEST_CASE("an address that does not answer is told") {
  RealBrowser& browser = shared_browser();
  const auto gone = browser.page->go_to("http://127.0.0.1:1/");
  REQUIRE_FALSE(gone);
  CHECK(gone.error().message.starts_with("http://127.0.0.1:1/ cannot be opened: net::ERR_"));
}

TEST_CASE("a page that is driven believes that it is seen") {
  RealBrowser& browser = shared_browser();
  browser.show("<p>here</p>");
  CHECK(browser.page->is_shown().value());
}

TEST_CASE("the page's own scripts see nothing of ours") {
  RealBrowser& browser = shared_browser();
  browser.show(
      "<p id=p>here</p><script>setInterval(() => document.body.dataset.seen = typeof asfs, 5)</script>");
  browser.one({.css = "#p"});
  CHECK(browser.page->wait([&] { return browser.value("document.body.dataset.seen") == "undefined"; }, 20s));
}
