// What goes wrong in Instagram's and TikTok's pages; YouTube's are in youtube_upload_test.
#include "registry/base/json.h"
#include "tests/uploaders/web/browser_route.h"

using namespace asfs;
using namespace asfs::test;

namespace {

void on_both(const std::function<void(BrowserRoute&, const std::string& platform)>& scene) {
  for (const std::string platform : {"Instagram", "TikTok"}) {
    CAPTURE(platform);
    BrowserRoute route(platform);
    scene(route, platform);
  }
}

void check_posted_once(BrowserRoute& route, const StageResult& done) {
  CHECK_MESSAGE(done.status == UploadStatus::success, route.said(done));
  CHECK(route.made() == 1);
}

}  // namespace

TEST_CASE("a page that wants to see a person is waited for, and nothing is posted") {
  on_both([](BrowserRoute& route, const std::string& platform) {
    route.fault("web_verify");
    const auto waits = route.upload();
    CHECK_MESSAGE(waits.next == NextStep::sign_in, route.said(waits));
    const auto account = load_web_account(route.library, platform);
    REQUIRE((account && *account));
    CHECK((*account)->needs_login);
    CHECK((*account)->page.starts_with(route.server().url()));
    CHECK(route.made() == 0);
    check_posted_once(route, route.upload_until_over());  // a person has seen to it
    CHECK_FALSE((*load_web_account(route.library, platform))->needs_login);
  });
}

TEST_CASE("another account in the browser gets nothing, on whichever platform") {
  on_both([](BrowserRoute& route, const std::string&) {
    check_posted_once(route, route.upload());
    route.add("clip_002", "Second");
    route.fault("web_wrong_account");
    const auto refused = route.upload({}, "clip_002");
    CHECK_MESSAGE(refused.next == NextStep::mend_account, route.said(refused));
    CHECK(route.made() == 1);
  });
}

TEST_CASE("a limit that the page tells of is no failure of the video") {
  on_both([](BrowserRoute& route, const std::string&) {
    route.fault("web_limit");
    const auto waits = route.upload();
    CHECK_MESSAGE(waits.status == UploadStatus::rate_limited, route.said(waits));
    CHECK(route.made() == 0);
    route.clock.advance(std::chrono::hours(25));
    check_posted_once(route, route.upload());
  });
}

TEST_CASE("something over the button that shares keeps the click back") {
  on_both([](BrowserRoute& route, const std::string&) {
    route.fault("web_overlay");
    const auto stopped = route.upload();
    CHECK_MESSAGE(stopped.error->message.find("is covered by") != std::string::npos, route.said(stopped));
    CHECK(route.made() == 0);
    check_posted_once(route, route.upload_until_over());
  });
}

TEST_CASE("a tab that crashes in Instagram's or TikTok's pages is another try") {
  on_both([](BrowserRoute& route, const std::string&) {
    route.fault("web_crash");
    check_posted_once(route, route.upload_until_over());
  });
}

TEST_CASE("a transfer that stands still is given up, and is another try before the last click only") {
  BrowserRoute tiktok("TikTok"), instagram("Instagram");
  tiktok.fault("web_upload_stalls");
  check_posted_once(tiktok, tiktok.upload_until_over());
  instagram.fault("web_upload_stalls");  // there the bytes go after the click
  const auto asked = instagram.upload_until_over();
  CHECK_MESSAGE(asked.status != UploadStatus::success, instagram.said(asked));
  CHECK(instagram.made() == 0);
}
