#include "uploaders/metadata/media_check.h"

#include <doctest/doctest.h>

using namespace asfs;

namespace {

const MediaLimits kLimits{.min_duration_s = 3,
                          .max_duration_s = 900,
                          .min_side = 360,
                          .max_side = 1920,
                          .min_aspect = 0.5,
                          .max_aspect = 2,
                          .min_fps = 23,
                          .max_fps = 60,
                          .video_codecs = "h264 hevc"};
const MediaInfo kGood{.duration = 30, .width = 1080, .height = 1920, .video_codec = "h264", .fps = 30};

std::string warned(const MediaInfo& media) {
  const auto verdict = check_media(kLimits, media, "Instagram");
  REQUIRE(verdict);
  return *verdict;
}
bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a video within the limits passes without a word") {
  CHECK(warned(kGood).empty());
}

TEST_CASE("a video that is too long is refused with limit and actual") {
  MediaInfo media = kGood;
  media.duration = 901;
  const auto verdict = check_media(kLimits, media, "Instagram");
  REQUIRE_FALSE(verdict);
  CHECK(verdict.error().code == Code::usage);
  CHECK(says(verdict.error().message, "15:01"));
  CHECK(says(verdict.error().message, "Instagram takes at most 15:00"));
}

TEST_CASE("what a platform may convert is warned about, by property, limit and actual") {
  MediaInfo media = kGood;
  media.duration = 1.5;
  CHECK(says(warned(media), "1.5 s long; Instagram asks for 3 s or more"));
  media = kGood;
  media.width = 240;
  CHECK(says(warned(media), "240x1920; Instagram asks for sides of 360 to 1920 pixels"));
  CHECK(says(warned(media), "0.12 times as wide as high"));
  media = kGood;
  media.fps = 5;
  CHECK(says(warned(media), "5 pictures a second; Instagram asks for 23 to 60"));
  media = kGood;
  media.video_codec = "mpeg4";
  CHECK(says(warned(media), "codec is mpeg4; Instagram asks for h264 hevc"));
}

TEST_CASE("what ffprobe does not know is not warned about") {
  CHECK(warned(MediaInfo{}).empty());
}
