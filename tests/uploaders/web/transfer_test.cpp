// The way of a video's bytes from the browser to the platform: what goes wrong with it ends in one post,
// whole.
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
