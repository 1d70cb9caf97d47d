// The practice copy of Instagram's web site, clicked through in a real Chromium by the real site's locators.
#include <doctest/doctest.h>

#include "tests/uploaders/practice/studio_visit.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

const Locator kWordsBox{.css = "div[contenteditable=true][role=textbox][data-lexical-editor=true]"};
const Locator kNextStep{.role = "button", .name = "Next", .within = "div[role=dialog]"};
const Locator kShare{.role = "button", .name = "Share", .within = "div[role=dialog]"};

struct InstagramVisit : StudioVisit {
  InstagramVisit() : StudioVisit("Instagram") {}

  bool heading(const std::string& text) {
    return comes({.role = "heading", .name = text, .within = "div[role=dialog]"});
  }
  void open_composer() {
    go("www/");
    click({.role = "link", .name = "New post", .exact = false});
    click({.role = "link", .name = "Post", .exact = false, .within = ".submenu"});
    REQUIRE(heading("Create new post"));
  }
  void choose() {
    const auto given =
        page().attach_by_click(browser().one({.role = "button", .name = "Select from computer"}), video());
    REQUIRE_MESSAGE(given, fault_of(given));
  }
  void come_to_share(const std::string& caption) {
    open_composer();
    choose();
    REQUIRE(heading("Crop"));
    click({.role = "button", .name = "OK"});
    click({.role = "button", .name = "Select crop"});
    click({.role = "button", .name = "9:16 Crop portrait icon"});
    click(kNextStep);
    REQUIRE(heading("Edit"));
    click(kNextStep);
    REQUIRE(heading("New reel"));
    fill(kWordsBox, caption);
    click({.role = "heading", .name = "New reel"});
  }
  std::string user() {
    go("www/");
    const std::string link =
        browser().value("[...document.querySelectorAll('nav a')].find(a => a.innerText === 'Profile').href");
    return link.substr(0, link.size() - 1).substr(link.rfind('/', link.size() - 2) + 1);
  }
};

}  // namespace

TEST_CASE("Instagram's site shares a reel, byte for byte and word for word") {
  InstagramVisit visit;
  visit.come_to_share(kCaption);
  visit.click(kShare);
  CHECK(visit.comes({.text = "Your reel has been shared."}));
  const Json post = visit.post();
  CHECK(post["caption"] == kCaption);
  CHECK(post["sha256"] == checksum_file(visit.video())->sha256);
  CHECK(post["request"]["route"] == "browser");
  CHECK(post["request"]["crop"] == "portrait");
  visit.click({.role = "button", .name = "Done"});
  const std::string user = visit.user();
  CHECK(post["request"]["account"] == user);
  visit.go("www/" + user + "/reels/");
  CHECK(visit.comes({.role = "link", .name = "Edit profile"}));
  visit.click({.css = "a[href*='/" + user + "/reel/']"});
  REQUIRE(visit.comes({.text = "View insights"}));
  CHECK(visit.reads({.css = "article h1"}, kCaption));
  CHECK(visit.browser().count({.css = "time[datetime]"}) == 1);
}

TEST_CASE("Instagram's editor keeps what is typed, and not what is done to the page") {
  InstagramVisit visit;
  visit.come_to_share("a\n\nb");
  visit.browser().value("document.querySelector('[data-lexical-editor] p').textContent = 'changed', 1");
  visit.fill(kWordsBox, "one\ntwo");
  REQUIRE(visit.page().press("Backspace"));
  REQUIRE(visit.page().press("Enter"));
  CHECK(visit.reads(kWordsBox, "one\ntw\n"));
}

TEST_CASE("Escape asks whether the post is to be discarded on Instagram's site") {
  InstagramVisit visit;
  visit.come_to_share("words");
  REQUIRE(visit.page().press("Escape"));
  CHECK(visit.comes({.text = "Discard post?"}));
  visit.click({.role = "button", .name = "Cancel"});
  CHECK(visit.browser().count(kShare) == 1);
}

TEST_CASE("faults when a reel is shared on Instagram's site") {
  InstagramVisit visit;
  const auto share = [&](const std::string& kind) {
    visit.come_to_share("words");
    visit.fault(kind);
    visit.click(kShare);
    REQUIRE(visit.page().wait([&] { return visit.fired(); }, 10s));
  };
  SUBCASE("refused") {
    share("web_refused");
    CHECK(visit.heading("Post couldn’t be shared"));
    CHECK(visit.practice().posts().empty());
  }
  SUBCASE("made a moment later") {
    share("web_accepted");
    CHECK(visit.comes({.text = "Your reel has been shared."}));
    CHECK(visit.post()["caption"] == "words");
  }
  SUBCASE("lost on the way") {
    share("web_lost");
    CHECK(visit.heading("Something went wrong"));
    CHECK(visit.practice().posts().empty());
  }
  SUBCASE("made, and never answered") {
    share("web_no_answer");
    CHECK(visit.heading("Something went wrong"));
    CHECK(visit.post()["caption"] == "words");
  }
  SUBCASE("made, and not a word") {
    share("web_unconfirmed");
    CHECK(visit.goes({.css = "div[role=dialog]"}));
    CHECK(visit.post()["caption"] == "words");
  }
}

TEST_CASE("faults in the way on Instagram's site") {
  InstagramVisit visit;
  const std::string user = visit.user();
  SUBCASE("signed out") {
    visit.fault("web_signed_out");
    visit.go("www/");
    CHECK(visit.comes_to("/accounts/login"));
    CHECK(visit.comes({.css = "input[name=username]"}));
  }
  SUBCASE("the limit is reached") {
    visit.open_composer();
    visit.fault("web_limit");
    visit.choose();
    CHECK(visit.comes({.text = "Try Again Later"}));
  }
  SUBCASE("a question that comes late") {
    visit.fault("web_tour", {{"times", 2}});  // the page before may have asked for one, and not seen it
    visit.go("www/");
    CHECK(visit.browser().count({.text = "Turn on Notifications"}) == 0);
    CHECK(visit.comes({.text = "Turn on Notifications"}));
    visit.click({.role = "button", .name = "Not Now"});
  }
  SUBCASE("a pinned reel first") {
    visit.fault("web_pinned");
    visit.go("www/" + user + "/");
    CHECK(visit.reads({.css = ".grid a"}, "My first reel"));
  }
  SUBCASE("another account's page") {
    visit.go("www/create/select/");
    CHECK(visit.comes({.text = "Sorry, this page isn't available."}));
  }
}

TEST_CASE("Instagram's site in its other layout speaks German and has an input that does nothing") {
  InstagramVisit visit;
  visit.fault("web_layout_b", {{"times", 100}});
  visit.go("www/");
  visit.click({.role = "link", .name = "Neuer Beitrag", .exact = false});
  CHECK(visit.heading("Neuen Beitrag erstellen"));
  visit.attach({.css = "div[role=dialog] input[type=file]", .visible = false}, visit.video());
  CHECK(visit.heading("Neuen Beitrag erstellen"));
  const auto given = visit.page().attach_by_click(
      visit.browser().one({.role = "button", .name = "Vom Computer auswählen"}), visit.video());
  CHECK_MESSAGE(given, fault_of(given));
  CHECK(visit.heading("Zuschneiden"));
}
