// The practice copy of TikTok Studio, clicked through in a real Chromium by the real site's locators.
#include <doctest/doctest.h>

#include "tests/uploaders/practice/studio_visit.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

const Locator kInput{.css = "input[type=file][accept='video/*']", .visible = false};
const Locator kEditor{.css = "[data-e2e=caption_container] [contenteditable=true]"};
const Locator kPost{.css = "button[data-e2e=post_video_button]"};
const Locator kTransferred{.css = "[data-e2e=upload_status_container] .info-status.success"};
const Locator kModal{.css = ".TUXModal[role=dialog]"};
const Locator kRow{.css = "a[data-tt=components_PostInfoCell_a]"};

struct TikTokVisit : StudioVisit {
  TikTokVisit() : StudioVisit("TikTok") {}

  std::string signed_in() {
    return page().text_in(browser().one({.css = "[data-tt=NewHome_UserInfo_Hover] a"})).value_or("");
  }
  void take_video() {
    go("www/tiktokstudio/upload?from=upload&lang=en");
    attach(kInput, video());
    REQUIRE(reads(kEditor, "my clip"));
  }
  void come_to_post(const std::string& caption) {
    take_video();
    fill(kEditor, caption);
    REQUIRE(comes(kTransferred));
    REQUIRE(reads({.css = "[data-e2e=copyright_container] .status-success"}, "No issues found"));
  }
};

}  // namespace

TEST_CASE("TikTok's studio posts a video, byte for byte and word for word") {
  TikTokVisit visit;
  visit.go("www/tiktokstudio");
  const std::string user = visit.signed_in();
  visit.come_to_post(kCaption);
  visit.click({.css = "[data-e2e=video_visibility_container] button[role=combobox]"});
  visit.click({.css = "[role=option][data-value='2']"});
  visit.click(kPost);
  REQUIRE(visit.comes_to("/tiktokstudio/content"));
  const Json post = visit.post();
  CHECK(post["caption"] == kCaption);
  CHECK(post["sha256"] == checksum_file(visit.video())->sha256);
  CHECK(post["request"]["account"] == user);
  CHECK(post["request"]["visibility"] == "MUTUAL_FOLLOW_FRIENDS");
  CHECK(post["request"]["post_info"]["privacy_level"] == "MUTUAL_FOLLOW_FRIENDS");
  REQUIRE(visit.comes(kRow));
  const std::string link = visit.browser().value("document.querySelector('a[data-tt]').href");
  CHECK(link.ends_with("/@" + user + "/video/" + post["post_id"].get<std::string>()));
}

TEST_CASE("TikTok's editor keeps what is typed, and not what is done to the page") {
  TikTokVisit visit;
  visit.take_video();
  visit.fill(kEditor, "one\n\ntwo #tag");
  CHECK(visit.comes({.css = ".hash-tag-topic"}));
  REQUIRE(visit.page().press("Escape"));
  CHECK(visit.goes({.css = ".hash-tag-topic"}));
  visit.browser().value("document.querySelector('[data-block]').textContent = 'changed', 1");
  visit.fill(kEditor, "x");
  REQUIRE(visit.page().press("Enter"));
  CHECK(visit.reads(kEditor, "x\n"));
  visit.fill(kEditor, "#ta");
  REQUIRE(visit.page().press("Enter"));  // takes the suggestion
  CHECK(visit.reads(kEditor, "#tafyp"));
}

TEST_CASE("TikTok's studio sends people to the sign-in by a script") {
  TikTokVisit visit;
  visit.fault("web_signed_out");
  visit.go("www/tiktokstudio");
  CHECK(visit.comes_to("/www/login"));
  visit.fill({.css = "input[name=username]"}, "cooking");
  visit.click({.role = "button", .name = "Log in"});
  REQUIRE(visit.comes_to("/tiktokstudio"));
  CHECK(visit.signed_in() == "cooking");
}

TEST_CASE("faults when a video is posted in TikTok's studio") {
  TikTokVisit visit;
  const auto post = [&](const std::string& kind) {
    visit.come_to_post("words");
    visit.fault(kind);
    visit.click(kPost);
    REQUIRE(visit.page().wait([&] { return visit.fired(); }, 10s));
  };
  SUBCASE("a second click is wanted") {
    post("web_continue");
    CHECK(visit.reads(kModal, "Continue to post?"));
    CHECK(visit.practice().posts().empty());
    visit.click({.role = "button", .name = "Post now", .within = ".TUXModal"});
    CHECK(visit.comes_to("/content"));
  }
  SUBCASE("refused") {
    post("web_refused");
    CHECK(visit.reads(kModal, "Post not created due to a potential violation"));
    CHECK(visit.practice().posts().empty());
  }
  SUBCASE("shown a moment later") {
    post("web_accepted");
    CHECK(visit.comes_to("/content"));
    CHECK(visit.post()["caption"] == "words");
  }
  SUBCASE("lost on the way") {
    post("web_lost");
    CHECK(visit.reads(kModal, "Something went wrong"));
    CHECK(visit.practice().posts().empty());
  }
  SUBCASE("made, and never answered") {
    post("web_no_answer");
    CHECK(visit.reads(kModal, "Something went wrong"));
    CHECK(visit.post()["caption"] == "words");
  }
  SUBCASE("made, and not a word") {
    post("web_unconfirmed");
    CHECK(visit.post()["caption"] == "words");
    CHECK(visit.browser().count(kPost) == 1);
  }
}

TEST_CASE("faults on the upload page of TikTok's studio") {
  TikTokVisit visit;
  SUBCASE("an old draft") {
    visit.fault("web_draft_banner");
    visit.go("www/tiktokstudio/upload");
    CHECK(visit.comes({.text = "A video you were editing wasn’t saved"}));
    visit.click({.role = "button", .name = "Discard"});
    visit.click({.role = "button", .name = "Discard", .within = ".TUXModal"});
    CHECK(visit.goes({.text = "A video you were editing wasn’t saved"}));
  }
  SUBCASE("a tour whose words come late") {
    visit.fault("web_tour");
    visit.go("www/tiktokstudio/upload");
    REQUIRE(visit.comes({.css = ".react-joyride__overlay"}));
    CHECK(visit.browser().count({.css = ".react-joyride__tooltip"}) == 0);
    visit.click({.css = "[data-action=skip]"});
    CHECK(visit.goes({.css = "#react-joyride-portal"}));
  }
  SUBCASE("an offer of checks") {
    visit.fault("web_checks_offer");
    visit.take_video();
    CHECK(visit.reads(kModal, "Turn on automatic content checks?"));
    visit.click({.role = "button", .name = "Cancel", .within = ".TUXModal"});
  }
  SUBCASE("too many uploads") {
    visit.fault("web_limit");
    visit.go("www/tiktokstudio/upload");
    visit.attach(kInput, visit.video());
    CHECK(visit.reads({.css = "[role=alert]"}, "Too many uploading attempts"));
  }
  SUBCASE("a CAPTCHA") {
    visit.fault("web_verify");
    visit.go("www/tiktokstudio/upload");
    CHECK(visit.comes({.css = "#captcha-verify-image"}));
  }
}

TEST_CASE("the list of TikTok's studio has a pinned post first, and posts under review") {
  TikTokVisit visit;
  visit.come_to_post("new words");
  visit.fault("web_pinned");
  visit.click(kPost);
  REQUIRE(visit.comes_to("/content"));
  REQUIRE(visit.comes({.text = "new words"}));
  CHECK(visit.browser().count(kRow) == 2);
  CHECK(visit.browser().value("document.querySelector('a[data-tt]').textContent") == "My first video");
  visit.fault("web_under_review");
  visit.go("www/tiktokstudio/content");
  CHECK(visit.reads({.css = "[data-tt=components_PublishStageLabel_TUXText]"}, "Content under review"));
  CHECK(visit.reads({.css = "[data-tt=components_PrivacyCell_TUXButton]"}, "Only me"));
}

TEST_CASE("TikTok's studio in its other layout goes by fallbacks and in German") {
  TikTokVisit visit;
  visit.fault("web_layout_b", {{"times", 100}});
  visit.go("www/tiktokstudio/upload");
  visit.attach({.css = "input[type=file][accept*=video]", .visible = false}, visit.video());
  const Locator editor{.css = ".public-DraftEditor-content[contenteditable=true]"};
  REQUIRE(visit.reads(editor, "my clip"));
  visit.fill(editor, kCaption);
  REQUIRE(visit.comes({.css = "[data-icon=CheckCircleFill]"}));
  REQUIRE(visit.comes({.css = ".status-success"}));
  visit.click({.role = "button", .name = "Veröffentlichen"});
  CHECK(visit.post()["caption"] == kCaption);
}
