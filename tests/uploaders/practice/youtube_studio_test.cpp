// The practice copy of YouTube Studio, clicked through in a real Chromium by the real site's locators.
#include <doctest/doctest.h>

#include "tests/uploaders/practice/studio_visit.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

const Locator kFile{.css = "ytcp-uploads-dialog input[type=file]:not([accept])", .visible = false};
const Locator kTitle{.css = "ytcp-social-suggestions-textbox#title-textarea #textbox"};
const Locator kDescription{.css = "#description-textarea #textbox"};
const Locator kNext{.css = "#next-button", .within = "ytcp-uploads-dialog"};
const Locator kDone{.css = "#done-button", .within = "ytcp-uploads-dialog"};
const Locator kProgress{.css = "ytcp-video-upload-progress.progress-label"};
const Locator kDialog{.css = "ytcp-uploads-dialog", .visible = false};

struct YouTubeVisit : StudioVisit {
  explicit YouTubeVisit(RealBrowser& browser = shared_browser()) : StudioVisit("YouTube", browser) {}

  void go_home() {
    go("studio/");
    REQUIRE(comes_to("/channel/UC"));
    channel = in_address("/channel/");
  }
  void open_dialog() {
    go_home();
    go("studio/channel/" + channel + "/videos/upload?d=ud");
  }
  std::string step() {
    return browser().value(
        "document.querySelector('ytcp-uploads-dialog')?.getAttribute('workflow-step') ?? ''");
  }
  void attach_video(std::size_t size = 600'000) {
    attach(kFile, video(size));
    REQUIRE(comes({.css = "a[href*='youtu.be/']", .within = "ytcp-uploads-dialog"}));
    const std::string link = browser().value("document.querySelector('ytcp-video-info a').href");
    id = link.substr(link.rfind('/') + 1);
    REQUIRE(reads(kTitle, "my clip"));
  }
  void fill_in() {
    fill(kTitle, "A title");
    fill(kDescription, kCaption);
    click({.css = "tp-yt-paper-radio-button[name=VIDEO_MADE_FOR_KIDS_NOT_MFK]"});
  }
  void go_to_review() {
    for (const char* next : {"VIDEO_ELEMENTS", "CHECKS", "REVIEW"}) {
      click(kNext);
      REQUIRE(page().wait([&] { return step() == next; }, 5s));
    }
    click({.css = "#privacy-radios tp-yt-paper-radio-button[name=PUBLIC]"});
  }
  void come_to_publish() {
    open_dialog();
    attach_video();
    fill_in();
    go_to_review();
    REQUIRE(reads(kProgress, "Checks complete"));
  }
  std::string visibility() {
    go("studio/video/" + id + "/edit");
    REQUIRE(comes({.css = "ytcp-video-metadata-visibility #visibility-text"}));
    return page()
        .text_in(browser().one({.css = "ytcp-video-metadata-visibility #visibility-text"}))
        .value_or("");
  }

  std::string channel, id;
};

}  // namespace

TEST_CASE("YouTube's studio takes a video through its dialog, byte for byte and word for word") {
  YouTubeVisit visit;
  visit.open_dialog();
  CHECK(visit.channel.size() == 24);
  CHECK(visit.browser().one(kDialog).object != "");
  CHECK(visit.browser().count({.css = "ytcp-uploads-dialog"}) == 0);  // of no size
  CHECK(visit.step() == "SELECT_FILES");
  visit.attach_video();
  CHECK(visit.visibility() == "Draft");
  visit.open_dialog();
  visit.attach_video();  // a second draft
  visit.fill_in();
  visit.click({.css = "#toggle-button"});
  visit.click({.css = "#tags-container #text-input"});
  visit.go_to_review();
  REQUIRE(visit.reads(kProgress, "Checks complete"));
  visit.click(kDone);
  CHECK(visit.reads({.css = "ytcp-video-share-dialog tp-yt-paper-dialog"}, "Video published"));

  const Json post = visit.post();
  CHECK(post["post_id"] == visit.id);
  CHECK(post["title"] == "A title");
  CHECK(post["caption"] == kCaption);
  CHECK(post["sha256"] == checksum_file(visit.video())->sha256);
  CHECK(post["request"]["route"] == "browser");
  CHECK(post["request"]["body"]["status"]["privacyStatus"] == "public");
  CHECK(post["request"]["visibility"] == "PUBLIC");
  CHECK(visit.visibility() == "Public");
  const Json api = visit.practice().api("/youtube/v3/videos?part=snippet,status&id=" + visit.id).json();
  CHECK(api["items"][0]["snippet"]["description"] == kCaption);
  visit.go("studio/channel/" + visit.channel + "/videos/upload");
  REQUIRE(visit.comes({.css = "ytcp-video-row"}));
  CHECK(visit.browser().count({.css = "ytcp-video-row"}) == 2);
  CHECK(visit.browser().count({.role = "button", .name = "Edit draft"}) == 1);
}

TEST_CASE("YouTube's studio lets nobody on without the audience") {
  YouTubeVisit visit;
  visit.open_dialog();
  visit.attach_video();
  visit.click(kNext);
  CHECK(visit.comes({.text = "This field is required"}));
  CHECK(visit.step() == "DETAILS");
}

TEST_CASE("YouTube's studio opens a draft again where it was") {
  YouTubeVisit visit;
  visit.come_to_publish();
  visit.go("studio/video/" + visit.id + "/edit");
  visit.click({.role = "button", .name = "Edit draft"});
  REQUIRE(visit.reads(kTitle, "A title"));
  visit.click({.css = "tp-yt-paper-radio-button[name=VIDEO_MADE_FOR_KIDS_NOT_MFK]"});
  visit.go_to_review();
  REQUIRE(visit.reads(kProgress, "Checks complete"));
  visit.click(kDone);
  CHECK(visit.post()["post_id"] == visit.id);
}

TEST_CASE("YouTube's studio leads to the list from a video that is not there") {
  YouTubeVisit visit;
  visit.go("studio/video/AAAAAAAAAAA/edit");
  CHECK(visit.comes_to("/videos/upload"));
  CHECK(visit.comes({.css = ".no-content-header"}));
}

TEST_CASE("a session of YouTube's studio outlives the server, and another account may sign in") {
  YouTubeVisit visit;
  visit.open_dialog();
  const std::string before = visit.channel;
  visit.practice().restart();
  visit.open_dialog();
  CHECK(visit.channel == before);
  visit.go("studio/?practice_sign_in=1");
  REQUIRE(visit.comes_to("/accounts/v3/signin"));
  visit.fill({.css = "input[type=email]"}, "cooking@example.org");
  visit.fill({.css = "input[type=password]"}, "anything");
  visit.click({.role = "button", .name = "Next"});
  REQUIRE(visit.comes_to("/channel/UC"));
  CHECK(visit.in_address("/channel/") != before);
  CHECK(visit.reads({.css = "ytcp-navigation-drawer #entity-name"}, "cooking"));
  visit.go("studio/channel/" + before + "/videos/upload");
  CHECK(visit.comes({.text = "You don't have permission to view this page", .exact = false}));
}

TEST_CASE("faults in the way to YouTube's studio") {
  YouTubeVisit visit;
  // Where nothing opens that asks for a fault: it would come too late for it, and be lost.
  visit.go_home();
  const std::string own = visit.channel;
  SUBCASE("signed out, until somebody signs in") {
    visit.fault("web_signed_out");
    for (int i = 0; i < 2; ++i) {
      visit.go("studio/");
      CHECK(visit.comes_to("/studios/youtube/accounts/"));
    }
  }
  SUBCASE("a person is wanted") {
    visit.fault("web_verify");
    visit.go("studio/");
    CHECK(visit.comes({.text = "Verify it's you"}));
    visit.open_dialog();
    CHECK(visit.channel == own);
  }
  SUBCASE("another channel is signed in") {
    visit.fault("web_wrong_account");
    visit.open_dialog();
    CHECK(visit.channel != own);
  }
  SUBCASE("the daily limit is reached") {
    visit.open_dialog();
    visit.fault("web_limit");
    visit.attach(kFile, visit.video());
    CHECK(visit.reads({.css = ".error-area", .within = "ytcp-uploads-dialog"}, "Daily upload limit reached"));
    CHECK(visit.practice().sessions().empty());
  }
  SUBCASE("a tour comes a second late") {
    visit.fault("web_tour");
    visit.open_dialog();
    CHECK(visit.browser().count({.css = "ytcp-warm-welcome-dialog tp-yt-paper-dialog"}) == 0);
    CHECK(visit.comes({.css = "ytcp-warm-welcome-dialog tp-yt-paper-dialog"}));
    visit.click({.css = "ytcp-warm-welcome-dialog #dismiss-button"});
    CHECK(visit.goes({.css = "ytcp-warm-welcome-dialog tp-yt-paper-dialog"}));
  }
  SUBCASE("cookies cover the buttons") {
    visit.fault("web_cookies");
    visit.open_dialog();
    visit.attach_video();
    CHECK(fault_of(visit.page().click(visit.browser().one(kNext))).find("is covered by") !=
          std::string::npos);
    visit.click({.role = "button", .name = "Reject all"});
    visit.fill_in();
    visit.click(kNext);
  }
}

TEST_CASE("the tab of YouTube's studio can crash") {
  RealBrowser browser;
  YouTubeVisit visit(browser);
  visit.fault("web_crash", {{"seconds", 0}});
  visit.go("studio/");
  visit.click({.css = "#upload-icon"});
  visit.page().wait([&] { return !visit.page().trouble().empty(); }, 30s);
  CHECK(visit.page().trouble() == "the page has crashed");
}

TEST_CASE("faults in the dialog of YouTube's studio") {
  YouTubeVisit visit;
  visit.open_dialog();
  SUBCASE("the title is written over late") {
    visit.fault("web_late_title");
    visit.attach_video();
    REQUIRE(visit.page().wait([&] { return visit.fired(); }, 10s));
    visit.fill(kTitle, "A title");
    CHECK(visit.reads(kTitle, "my clip"));
  }
  SUBCASE("the transfer stalls") {
    visit.fault("web_upload_stalls");
    visit.attach_video();
    CHECK(visit.reads(kProgress, "Uploading 87%"));
  }
  SUBCASE("nobody leaves a transfer without being asked") {
    visit.fault("web_upload_stalls");
    visit.attach_video();
    visit.click(kTitle);
    std::string asked;
    visit.page().set_dialog_answer([&](std::string_view type, std::string_view) {
      asked = type;
      return true;
    });
    visit.go("studio/");
    CHECK(asked == "beforeunload");
  }
  SUBCASE("publishing while it checks is questioned") {
    visit.fault("web_slow_checks", {{"seconds", 60}});
    visit.attach_video();
    visit.fill_in();
    visit.go_to_review();
    REQUIRE(visit.reads(kProgress, "Checking"));
    visit.click(kDone);
    visit.click({.role = "button", .name = "Go back", .within = "ytcp-prechecks-warning-dialog"});
    CHECK(visit.practice().posts().empty());
    visit.click(kDone);
    visit.click({.role = "button", .name = "Publish anyway"});
    CHECK(visit.post()["post_id"] == visit.id);
  }
}

TEST_CASE("the transfer of YouTube's studio stands still while its tab is hidden") {
  YouTubeVisit visit;
  visit.open_dialog();
  DevTools& tools = *visit.browser().tools;
  const auto other = tools.call("", "Target.createTarget", {{"url", "about:blank"}});
  REQUIRE(other);
  REQUIRE(visit.page().wait([&] { return !visit.page().is_shown().value_or(true); }, 10s));
  const auto given = visit.page().attach(visit.browser().one(kFile), visit.video());
  REQUIRE_MESSAGE(given, fault_of(given));
  REQUIRE(visit.page().wait(
      [&] { return visit.browser().count({.text = "Uploading 0%", .exact = false}) > 0; }, 10s));
  CHECK(visit.practice().sessions()[0]["bytes_received"] == 0);
  REQUIRE(tools.call("", "Target.closeTarget", {{"targetId", text_at(*other, "targetId")}}));
  REQUIRE(tools.call(visit.page().session(), "Page.bringToFront", Json::object()));
  CHECK(visit.reads(kProgress, "Checks complete"));
}

TEST_CASE("faults when a video is published in YouTube's studio") {
  YouTubeVisit visit;
  const auto publish = [&](const std::string& kind) {
    visit.come_to_publish();
    visit.fault(kind);
    visit.click(kDone);
    REQUIRE(visit.page().wait([&] { return visit.fired(); }, 10s));
  };
  SUBCASE("refused") {
    publish("web_refused");
    CHECK(visit.reads({.css = ".error-area"}, "violates our policies"));
    CHECK(visit.visibility() == "Draft");
  }
  SUBCASE("lost on the way") {
    publish("web_lost");
    CHECK(visit.comes({.css = ".error-area"}));
    CHECK(visit.practice().posts().empty());
  }
  SUBCASE("made, and never answered") {
    publish("web_no_answer");
    CHECK(visit.comes({.css = ".error-area"}));
    CHECK(visit.post()["post_id"] == visit.id);
  }
  SUBCASE("made, and not a word") {
    publish("web_unconfirmed");
    CHECK(visit.post()["post_id"] == visit.id);
    CHECK(visit.browser().count(kDone) == 1);
  }
  SUBCASE("still processing") {
    publish("web_accepted");
    CHECK(visit.comes({.css = "#uploads-still-processing-dialog-title"}));
  }
}

TEST_CASE("what comes over the publish button of YouTube's studio") {
  YouTubeVisit visit;
  visit.open_dialog();
  visit.attach_video();
  visit.fill_in();
  visit.fault("web_overlay");
  const bool overlay = [&] {
    visit.go_to_review();
    return visit.page().wait([&] { return visit.fired(); }, 10s);
  }();
  REQUIRE(overlay);
  REQUIRE(visit.reads(kProgress, "Checks complete"));
  CHECK(fault_of(visit.page().click(visit.browser().one(kDone))).find("covered by") != std::string::npos);
  CHECK(visit.practice().posts().empty());
}

TEST_CASE("YouTube's studio in its other layout goes by fallbacks and in German") {
  YouTubeVisit visit;
  visit.fault("web_layout_b", {{"times", 100}});
  visit.open_dialog();
  CHECK(visit.browser().value("document.documentElement.lang") == "de");
  visit.click({.css = "ytcp-button#create-icon"});
  visit.click({.role = "menuitem", .name = "Videos hochladen"});
  visit.attach(kFile, visit.video());
  const Locator title{.role = "textbox", .name = "Füge einen Titel hinzu", .exact = false};
  REQUIRE(visit.reads(title, "my clip"));
  visit.fill(title, "Ein Titel");
  visit.fill({.role = "textbox", .name = "Stelle den Zuschauern dein Video vor", .exact = false}, kCaption);
  visit.click({.role = "radio", .name = "Nein, es ist nicht speziell für Kinder", .exact = false});
  for (const char* step : {"VIDEO_ELEMENTS", "CHECKS", "REVIEW"}) {
    visit.click({.role = "button", .name = "Weiter", .within = "ytcp-uploads-dialog"});
    REQUIRE(visit.page().wait([&] { return visit.step() == step; }, 5s));
  }
  visit.click({.css = "tp-yt-paper-radio-button[name=UNLISTED]"});
  REQUIRE(visit.reads({.css = "span.progress-label"}, "Prüfung abgeschlossen"));
  visit.click({.role = "button", .name = "Speichern", .within = "ytcp-uploads-dialog"});
  const Json post = visit.post();
  CHECK(post["title"] == "Ein Titel");
  CHECK(post["caption"] == kCaption);
  CHECK(post["request"]["body"]["status"]["privacyStatus"] == "unlisted");
}
