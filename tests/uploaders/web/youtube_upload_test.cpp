// Uploads to YouTube Studio through a real browser: the whole stage, against the practice studio and what
// goes wrong there. Whatever happens, there is one post at most, and no success without it.
#include "registry/base/json.h"
#include "tests/uploaders/web/browser_route.h"
#include "uploaders/web/web_handle.h"

using namespace asfs;
using namespace asfs::test;

namespace {

const std::string kCaption =
    "First line\n\nThird line after an empty one 👨‍👩‍👧‍👦\nשלום עולם\n#short "
    "#日本語";

/// `change` is done to the video's file during its transfer, which goes on or stands still.
void check_not_published_after(const std::function<void(const BrowserRoute&)>& change, bool stalls = false) {
  BrowserRoute route("YouTube");
  if (stalls)
    route.fault("web_upload_stalls");
  else
    route.fault("web_slow_checks", {{"seconds", 2}});
  UploadProgress progress;
  std::jthread changes([&](std::stop_token stop) {
    while (!stop.stop_requested() && progress.step != UploadStep::sending) std::this_thread::yield();
    change(route);
  });
  const auto refused =
      run_upload_stage(route.context(), "clip_001", "YouTube", {}, {.by_hand = true, .progress = &progress});
  CHECK(refused.status != UploadStatus::success);
  CHECK_MESSAGE(route.said(refused).find("changed since it was registered") != std::string::npos,
                route.said(refused));
  CHECK(route.made() == 0);
}

}  // namespace

TEST_CASE("a video goes to YouTube through the browser, byte for byte and word for word, and only once") {
  BrowserRoute route("YouTube");
  const Metadata words{.title = "A title — with “quotes” 🎬",
                       .caption = kCaption,
                       .tags = {"one", "two words"},
                       .privacy = "unlisted"};
  const auto done = route.upload(words);
  REQUIRE_MESSAGE(done.status == UploadStatus::success, route.said(done));
  const Json posts = route.posts();
  REQUIRE(posts.size() == 1);
  CHECK(posts[0]["post_id"] == *done.post_id);
  CHECK(posts[0]["sha256"] == route.sha_of("clip_001"));
  CHECK(posts[0]["title"] == *words.title);
  CHECK(posts[0]["caption"] == kCaption);
  CHECK(text_at(posts[0]["request"], "route") == "browser");
  CHECK_MESSAGE(
      text_at(child_at(child_at(posts[0]["request"], "body"), "status"), "privacyStatus") == "unlisted",
      dumped(posts[0]));
  CHECK(route.upload(words).duplicate);
  CHECK(route.made() == 1);

  SUBCASE("and is looked at afterwards the same way") {
    const auto looked = check_posts(route.context(), {}, true);
    REQUIRE(looked);
    REQUIRE(looked->size() == 1);
    CHECK_MESSAGE(looked->front().state == PostCheck::State::kept, looked->front().detail);
  }
}

TEST_CASE("what comes up by itself in YouTube Studio does not keep an upload") {
  for (const char* kind :
       {"web_cookies", "web_late_title", "web_slow_checks", "web_layout_b", "web_pinned", "web_guard"}) {
    CAPTURE(kind);
    BrowserRoute route("YouTube");
    route.fault(kind, {{"seconds", 1}});
    const auto done = route.upload_until_over();
    CHECK_MESSAGE(done.status == UploadStatus::success, kind, " ", route.said(done));
    CHECK_MESSAGE(route.made() == 1, kind);
    CHECK_MESSAGE(route.posts()[0]["title"] == "First", kind);
  }
}

TEST_CASE("an answer that does not come is looked for in YouTube Studio, and nothing is posted twice") {
  for (const char* kind : {"web_no_answer", "web_unconfirmed", "web_accepted", "web_lost", "web_refused"}) {
    CAPTURE(kind);
    BrowserRoute route("YouTube");
    route.fault(kind, {{"seconds", 1}});
    const auto done = route.upload_until_over();
    CHECK_MESSAGE(done.status == UploadStatus::success, kind, " ", route.said(done));
    CHECK_MESSAGE(route.made() == 1, kind);
  }
}

TEST_CASE("what needs a person in YouTube Studio waits for one, and nothing is posted") {
  for (const char* kind : {"web_signed_out", "web_verify"}) {
    CAPTURE(kind);
    BrowserRoute route("YouTube");
    route.fault(kind);
    const auto waits = route.upload();
    CHECK_MESSAGE(waits.next == NextStep::sign_in, kind, " ", route.said(waits));
    CHECK(route.made() == 0);
    const auto account = load_web_account(route.library, "YouTube");
    CHECK_MESSAGE((account && *account && (*account)->needs_login), kind);
  }
}

TEST_CASE("another account in the browser gets nothing") {
  BrowserRoute route("YouTube");
  REQUIRE(route.upload().status == UploadStatus::success);
  route.add("clip_002", "Second");
  route.fault("web_wrong_account");
  const auto refused = route.upload({}, "clip_002");
  CHECK_MESSAGE(refused.next == NextStep::mend_account, route.said(refused));
  CHECK(refused.error->message.find("is signed in as") != std::string::npos);
  CHECK(route.made() == 1);
}

TEST_CASE("the daily limit in YouTube Studio is waited for") {
  BrowserRoute route("YouTube");
  route.fault("web_limit");
  const auto waits = route.upload();
  CHECK_MESSAGE(waits.status == UploadStatus::rate_limited, route.said(waits));
  REQUIRE(waits.retry_at);
  CHECK(*waits.retry_at - route.clock.now() == std::chrono::hours(24));
  CHECK(route.made() == 0);
}

TEST_CASE("a dialog that nobody knows stops an upload with nothing clicked, and the page is kept") {
  BrowserRoute route("YouTube");
  route.fault("web_dialog");
  const auto stopped = route.upload();
  CHECK_MESSAGE(stopped.next == NextStep::retry, route.said(stopped));
  CHECK(stopped.error->message.find("a dialog came up that is not known") != std::string::npos);
  CHECK(route.made() == 0);
  const auto kept = std::filesystem::directory_iterator(route.library.home / "logs/browser");
  for (const char* file : {"page.jpg", "page.mhtml", "tree.json"})
    CHECK_MESSAGE(std::filesystem::file_size(kept->path() / file) > 1000, file);
  const auto done = route.upload_until_over();  // the draft is opened again; no byte is sent twice
  CHECK_MESSAGE(done.status == UploadStatus::success, route.said(done));
  CHECK(route.made() == 1);
}

TEST_CASE("something over the publish button keeps the click back, and nothing is published") {
  BrowserRoute route("YouTube");
  route.fault("web_overlay");
  const auto stopped = route.upload();
  CHECK_MESSAGE(stopped.next == NextStep::retry, route.said(stopped));
  CHECK(stopped.error->message.find("is covered by") != std::string::npos);
  CHECK(route.made() == 0);
  CHECK(route.upload_until_over().status == UploadStatus::success);
  CHECK(route.made() == 1);
}

TEST_CASE("a tab that crashes is another try") {
  BrowserRoute route("YouTube");
  route.fault("web_crash");
  const auto done = route.upload_until_over();
  CHECK_MESSAGE(done.status == UploadStatus::success, route.said(done));
  CHECK(route.made() == 1);
}

TEST_CASE("a file that changes while it is transferred is not published") {
  check_not_published_after([](const BrowserRoute& route) {
    write_file(route.library.home / "clips/clip_001.mp4", route.content + "other");
  });
}

TEST_CASE("a file that changes while its transfer stands still is told of, and not waited for") {
  check_not_published_after(
      [](const BrowserRoute& route) {
        write_file(route.library.home / "clips/clip_001.mp4", route.content + "other");
      },
      true);
}

TEST_CASE("another file that takes the video's place while it is transferred is not published") {
  check_not_published_after([](const BrowserRoute& route) {
    write_file(route.library.home / "other.mp4", route.content + "other");
    std::filesystem::rename(route.library.home / "other.mp4", route.library.home / "clips/clip_001.mp4");
  });
}

TEST_CASE("what pages cannot be told is refused before anything is sent") {
  BrowserRoute route("YouTube");
  const auto refused = route.upload({.publish_at = "2031-01-01T00:00:00Z"});
  write_file(route.library.home / "cover.png", "\x89PNG\r\n");
  const auto cover = route.upload({.thumbnail = (route.library.home / "cover.png").string()});
  CHECK_MESSAGE(route.said(cover).find("a thumbnail cannot be set through the browser") != std::string::npos,
                route.said(cover));
  CHECK(route.said(refused).find("publish_at cannot be set through the browser") != std::string::npos);
  CHECK(route.made() == 0);
}

TEST_CASE("a handle says which way an upload went") {
  const web::WebHandle handle{
      .platform = "YouTube", .account = "UC1", .draft = "", .since = 7, .before = {"a", "b"}};
  const auto read = web::parse_web_handle(web::handle_text(handle));
  REQUIRE(read);
  CHECK(read->account == "UC1");
  CHECK(read->draft.empty());
  CHECK(read->before == handle.before);
  CHECK_FALSE(web::parse_web_handle("https://upload.example/session"));
}
