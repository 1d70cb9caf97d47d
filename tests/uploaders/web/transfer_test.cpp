// The way of a video's bytes from the browser to the platform: what goes wrong with it ends in one post,
// whole.
#include <thread>

#include "registry/base/json.h"
#include "tests/uploaders/web/browser_route.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct Trouble {
  const char* name;
  Json fault;
};

std::vector<Trouble> troubles() {
  return {{"reset", {{"at_byte", 150'000}}},
          {"stall", {{"at_byte", 150'000}, {"seconds", 1}}},
          {"slow", {{"bytes_per_second", 300'000}}},
          {"status", {{"status", 503}, {"on", "send"}}}};
}

}  // namespace

TEST_CASE("a transfer that breaks off, stalls, crawls or is answered by an error ends in one post") {
  for (const char* platform : {"Instagram", "TikTok", "YouTube"})
    for (auto& [name, fault] : troubles()) {
      CAPTURE(platform);
      CAPTURE(name);
      BrowserRoute route(platform);
      route.fault(name, fault);
      const auto done = route.upload_until_over();
      REQUIRE_MESSAGE(done.status == UploadStatus::success, platform, " ", name, " ", route.said(done));
      const Json posts = route.posts();
      REQUIRE(posts.size() == 1);
      CHECK(posts[0]["sha256"] == route.sha_of("clip_001"));
      CHECK(route.faults()[0]["fired"].get<int>() >= 1);
    }
}

TEST_CASE("what was stopped in the middle of its transfer is one post in the end") {
  for (const char* platform : {"Instagram", "TikTok", "YouTube"}) {
    CAPTURE(platform);
    BrowserRoute route(platform);
    route.fault("stall", {{"at_byte", 150'000}, {"seconds", 60}});
    std::stop_source stop;
    std::jthread person([&] {
      while (route.sessions().empty() || route.sessions()[0]["bytes_received"] != 150'000)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      stop.request_stop();
    });
    const auto stopped = run_upload_stage(route.context(), "clip_001", platform, {},
                                          {.by_hand = true, .stop = stop.get_token()});
    person.join();
    CHECK_MESSAGE(stopped.status != UploadStatus::success, route.said(stopped));
    route.end_faults();
    const auto done = route.upload_until_over();
    const Json posts = route.posts();
    if (std::string_view(platform) == "Instagram" && done.status != UploadStatus::success) {
      CHECK(posts.empty());  // there the bytes go after the click, so that a person is asked
      continue;
    }
    REQUIRE_MESSAGE(done.status == UploadStatus::success, platform, " ", route.said(done));
    REQUIRE(posts.size() == 1);
    CHECK(posts[0]["sha256"] == route.sha_of("clip_001"));
  }
}

TEST_CASE("a draft whose transfer cannot go on is left, and the video begun anew") {
  BrowserRoute route("YouTube");
  route.fault("web_upload_stalls", {{"times", 1}});
  const auto stalled = route.upload();
  CHECK_MESSAGE(route.said(stalled).find("the transfer has stood still") != std::string::npos,
                route.said(stalled));
  const auto done = route.upload_until_over();
  REQUIRE_MESSAGE(done.status == UploadStatus::success, route.said(done));
  CHECK(route.made() == 1);
  CHECK(route.sessions().size() == 2);
}
