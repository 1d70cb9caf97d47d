// What holds for uploads through a browser on every platform: the whole stage, against each practice studio.
#include "registry/base/json.h"
#include "tests/uploaders/web/browser_route.h"

using namespace asfs;
using namespace asfs::test;

namespace {

constexpr const char* kPlatforms[] = {"Instagram", "TikTok", "YouTube"};

/// 2,200 characters: lines, an empty one, families of emoji, hashtags, letters from right to left.
std::string long_caption() {
  std::string text =
      "First line\n\nAfter an empty one 👨‍👩‍👧‍👦 שלום עולם\n#short #日本語\n";
  while (text.size() < 1'900) text += "More words, and more; ";
  return text + "the end";
}

}  // namespace

TEST_CASE("a video goes out through the browser, byte for byte and word for word, and only once") {
  for (const char* platform : kPlatforms) {
    CAPTURE(platform);
    BrowserRoute route(platform);
    const Metadata words{.title = "A title", .caption = long_caption()};
    const auto done = route.upload(words);
    REQUIRE_MESSAGE(done.status == UploadStatus::success, platform, " ", route.said(done));
    const Json posts = route.posts();
    REQUIRE(posts.size() == 1);
    CHECK(posts[0]["sha256"] == route.sha_of("clip_001"));
    CHECK(posts[0]["caption"] == long_caption());
    CHECK(route.upload(words).duplicate);
    CHECK(route.made() == 1);
  }
}

TEST_CASE(
    "whatever a platform's pages do about a click, there is one post at most, and no success without it") {
  for (const char* platform :
       {"Instagram", "TikTok"})  // YouTube's drafts let more be told: youtube_upload_test
    for (const char* kind : {"web_no_answer", "web_accepted", "web_lost", "web_refused"}) {
      CAPTURE(platform);
      CAPTURE(kind);
      BrowserRoute route(platform);
      route.fault(kind, {{"seconds", 1}});
      const auto done = route.upload_until_over();
      CHECK_MESSAGE(route.made() <= 1, platform, " ", kind);
      const bool made = done.status == UploadStatus::success;
      if (made) CHECK_MESSAGE(route.made() == 1, platform, " ", kind);
      // What was lost on the way is a question to a person where the platform tells of no drafts.
      const bool asked = done.status == UploadStatus::blocked || done.status == UploadStatus::in_progress;
      const bool refused = std::string_view(kind) == "web_refused" && done.status != UploadStatus::success;
      CHECK_MESSAGE((made || asked || refused), platform, " ", kind, " ", route.said(done));
      if (std::string_view(kind) != "web_lost" && std::string_view(kind) != "web_refused")
        CHECK_MESSAGE(made, platform, " ", kind, " ", route.said(done));
    }
}

TEST_CASE(
    "an answer that makes no sense makes no second post, and a page that denies a post is not believed") {
  for (const auto& [platform, body] : {std::pair{"Instagram", "empty"},
                                       {"Instagram", ""},
                                       {"TikTok", "html"},
                                       {"TikTok", ""},
                                       {"YouTube", "html"}}) {
    CAPTURE(platform);
    CAPTURE(body);
    BrowserRoute route(platform);
    route.fault("web_garbled", *body != 0 ? Json{{"body", body}} : Json::object());
    const auto done = route.upload_until_over();
    CHECK_MESSAGE(done.status == UploadStatus::success, route.said(done));
    CHECK(route.made() == 1);
    CHECK(route.faults()[0]["fired"] == 1);
  }
}

TEST_CASE("a new post that could be another video's with the same words is a question, and not an answer") {
  BrowserRoute route("Instagram");
  route.add("clip_002", "Second");
  const Metadata words{.caption = "The same words"};
  route.fault("web_lost");  // nothing is made, and nobody can know
  CHECK(route.upload(words).status == UploadStatus::in_progress);
  route.fault("web_no_answer");
  route.fault("web_under_review", {{"times", 20}});  // made, and not listed yet
  CHECK(route.upload(words, "clip_002").status == UploadStatus::in_progress);
  REQUIRE(request(route.port(), "DELETE", "/practice/faults").status == 200);
  route.clock.advance(std::chrono::minutes(30));
  const auto first = route.upload(words);
  CHECK_MESSAGE(first.status == UploadStatus::blocked, route.said(first));
  CHECK(route.made() == 1);
}

TEST_CASE("what comes up by itself does not keep an upload") {
  for (const auto& [platform, kinds] :
       {std::pair{"TikTok", std::vector{"web_cookies", "web_tour", "web_checks_offer", "web_continue",
                                        "web_layout_b", "web_pinned"}},
        std::pair{"Instagram", std::vector{"web_cookies", "web_tour", "web_layout_b", "web_pinned"}}})
    for (const char* kind : kinds) {
      CAPTURE(platform);
      CAPTURE(kind);
      BrowserRoute route(platform);
      route.fault(kind, {{"seconds", 1}});
      const auto done = route.upload_until_over();
      CHECK_MESSAGE(done.status == UploadStatus::success, platform, " ", kind, " ", route.said(done));
      CHECK_MESSAGE(route.made() == 1, platform, " ", kind);
    }
}

TEST_CASE("what needs a person waits for one, and nothing is posted") {
  for (const char* platform : {"Instagram", "TikTok"}) {
    CAPTURE(platform);
    BrowserRoute route(platform);
    route.fault("web_signed_out");
    const auto waits = route.upload();
    CHECK_MESSAGE(waits.next == NextStep::sign_in, platform, " ", route.said(waits));
    CHECK(route.made() == 0);
  }
}

TEST_CASE("a dialog that nobody knows stops an upload with nothing clicked") {
  for (const char* platform : {"Instagram", "TikTok"}) {
    CAPTURE(platform);
    BrowserRoute route(platform);
    route.fault("web_dialog");
    const auto stopped = route.upload();
    CHECK_MESSAGE(stopped.error->message.find("a dialog came up that is not known") != std::string::npos,
                  platform, " ", route.said(stopped));
    CHECK(route.made() == 0);
  }
}

TEST_CASE("an old draft in TikTok's studio is a person's, and is left alone") {
  BrowserRoute route("TikTok");
  route.fault("web_draft_banner");
  const auto stopped = route.upload();
  CHECK_MESSAGE(stopped.next == NextStep::mend_account, route.said(stopped));
  CHECK(route.made() == 0);
}
