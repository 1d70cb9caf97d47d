// What YouTube is told about a video, and what it says of it afterwards.
#include "uploaders/youtube/post.h"

#include <doctest/doctest.h>

#include "registry/base/local_time.h"
#include "tests/support/upload_studio.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;

namespace {

constexpr std::string_view kPng = "\x89PNG\r\n\x1a\nnot much of a picture";

struct Posted : PracticeStudio {
  std::string post(const Metadata& metadata = {}) {
    const auto result = upload(metadata);
    CAPTURE(result.error_message.value_or(""));
    REQUIRE(result.success);
    return *result.platform_post_id;
  }
  PostCheck look(const std::string& id, const Metadata& metadata = {}) {
    return uploader()->look_at_post(id, metadata, {});
  }
  Json status_of(const std::string& id) const {
    return api("/youtube/v3/videos?part=status&id=" + id).json()["items"][0]["status"];
  }
  std::string complaint(const Metadata& metadata) {
    const auto fits = uploader()->check(metadata, "First", content.size());
    return fits ? "" : fits.error().message;
  }
};

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(Posted,
                  "a video for a later time is private until then, and marked as made by AI when said so") {
  const auto status = status_of(post({.synthetic = true, .publish_at = "2026-12-01T18:00:00Z"}));
  CHECK(status["privacyStatus"] == "private");
  CHECK(status["publishAt"] == "2026-12-01T18:00:00Z");
  CHECK(status["containsSyntheticMedia"] == true);
}

TEST_CASE_FIXTURE(Posted,
                  "a time that is none, or a public video with a time, is refused before anything is sent") {
  CHECK(says(complaint({.publish_at = "tomorrow"}), "publish_at is \"tomorrow\""));
  CHECK(
      says(complaint({.privacy = "public", .publish_at = "2026-12-01T18:00:00Z"}), "the privacy is public"));
  for (const char* good : {"2026-12-01T18:00Z", "2026-12-01T18:00:00+01:00"})
    CHECK(complaint({.publish_at = good}).empty());
}

TEST_CASE_FIXTURE(Posted, "a time that is over or does not exist would publish at once, and is refused") {
  clock.advance(*parse_time("2026-12-01T17:00:00Z") - clock.now());
  CHECK(complaint({.publish_at = "2026-12-01T17:00:01Z"}).empty());
  for (const char* over : {"2026-12-01T17:00:00Z", "2025-12-01T18:00:00Z", "2026-12-01T18:00:00+01:00"})
    CHECK(says(complaint({.publish_at = over}), "is over: YouTube would publish it at once"));
  for (const char* none : {"2027-02-29T10:00:00Z", "2027-13-01T10:00:00Z", "2027-01-01T25:00:00Z",
                           "2027-01-01T10:00:00+25:99", "2027-01-01T10:00:00", "2027-01-01 10:00:00Z"})
    CHECK(says(complaint({.publish_at = none}), "write it like"));
}

TEST_CASE_FIXTURE(Posted, "the preview says what is sent, and who will see it") {
  const Metadata later{.title = "Tea", .publish_at = "2026-12-01T18:00:00Z"};
  CHECK(uploader()->preview(later, "First").text == "Tea");
  CHECK(uploader()->preview(later, "First").audience.starts_with("private until 2026-12-01 "));
  CHECK(uploader()->preview({.privacy = "unlisted"}, "First").audience == "unlisted");
  CHECK(uploader()->preview({}, "First").text == "First");
  CHECK(uploader()->preview({}, "First").audience == config.of<YouTubeConfig>().privacy);
}

TEST_CASE_FIXTURE(Posted, "a thumbnail is sent along") {
  write_file(Studio::folder / "cover.png", kPng);
  const std::string id = post({.thumbnail = (Studio::folder / "cover.png").native()});
  CHECK(get("/media/" + id + ".thumbnail").body == kPng);
  CHECK(posts()[0]["thumbnail"] == true);
}

TEST_CASE_FIXTURE(Posted, "a thumbnail that is refused does not fail the video") {
  write_file(Studio::folder / "cover.png", kPng);
  REQUIRE(fault({{"kind", "status"}, {"status", 403}, {"reason", "forbidden"}, {"on", "api"}, {"times", 3}})
              .status == 200);
  const auto result = upload({.thumbnail = (Studio::folder / "cover.png").native()});
  CHECK(result.success);
  CHECK(says(result.warning, "the thumbnail was not set: YouTube answered HTTP 403"));
}

TEST_CASE_FIXTURE(Posted, "an unusable thumbnail is found before anything is sent") {
  CHECK(
      says(complaint({.thumbnail = (Studio::folder / "none.png").native()}), "the thumbnail cannot be used"));
  write_file(Studio::folder / "cover.gif", "GIF89a");
  CHECK(says(complaint({.thumbnail = (Studio::folder / "cover.gif").native()}), "neither PNG nor JPEG"));
  write_file(Studio::folder / "cover.png", kPng);
  config.of<YouTubeConfig>().thumbnail_bytes = 10;
  CHECK(says(complaint({.thumbnail = (Studio::folder / "cover.png").native()}), "YouTube takes at most 10"));
}

TEST_CASE_FIXTURE(Posted, "a post that was kept as asked for is found so") {
  CHECK(look(post()).state == PostCheck::State::kept);
}

TEST_CASE_FIXTURE(Posted, "a late rejection is seen with its reason") {
  const std::string id = post();
  fault({{"kind", "rejected_later"}, {"reason", "copyright"}});
  const auto check = look(id);
  CHECK(check.state == PostCheck::State::gone);
  CHECK(says(check.detail, "rejected it: copyright"));
}

TEST_CASE_FIXTURE(Posted, "a video that was forced private is seen as that") {
  const std::string id = post();
  fault({{"kind", "forced_private"}});
  const auto check = look(id);
  CHECK(check.state == PostCheck::State::restricted);
  CHECK(check.detail == "YouTube shows it as private, not as public");
}

TEST_CASE_FIXTURE(Posted, "a scheduled video may have become public, or not") {
  const Metadata later{.publish_at = "2026-12-01T18:00:00Z"};
  CHECK(look(post(later), later).state == PostCheck::State::kept);
}

TEST_CASE_FIXTURE(Posted, "a removed video and one still processed are told apart") {
  const std::string id = post();
  fault({{"kind", "still_processing"}});
  CHECK(look(id).state == PostCheck::State::processing);
  CHECK(look("AAAAAAAAAAA").state == PostCheck::State::gone);
}

TEST_CASE_FIXTURE(Posted, "a platform that does not answer properly says nothing about a post") {
  const std::string id = post();
  fault({{"kind", "status"}, {"status", 500}, {"body", "html"}, {"on", "api"}});
  CHECK(look(id).state == PostCheck::State::unknown);
  CHECK(look("not an id").state == PostCheck::State::unknown);
}
