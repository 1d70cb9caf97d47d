#include "registry/store/config.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/temp_folder.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/row/platforms.h"
#include "uploaders/tiktok/settings.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using asfs::test::TempFolder;
using asfs::test::write_file;

namespace {

Result<Config> load(const TempFolder& folder, std::string_view platforms_json) {
  write_file(folder / "config/platforms.json", platforms_json);
  return upload_config({folder.path()}, "");
}

/// What is wrong with this platforms.json; empty when nothing is.
std::string complaint(std::string_view platforms_json) {
  const TempFolder folder;
  const auto config = load(folder, platforms_json);
  if (config) return "";
  CHECK(config.error().code == Code::library);
  CHECK(config.error().message.find("platforms.json") != std::string::npos);
  return config.error().message;
}

bool says(const std::string& message, std::string_view words) {
  return message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("without a file the defaults hold, and they are valid") {
  const TempFolder folder;
  const auto config = upload_config({folder / "missing"}, "");
  REQUIRE(config);
  CHECK(config->of<YouTubeConfig>().api_base == "https://www.googleapis.com");
  CHECK(config->of<YouTubeConfig>().title_code_points == 100);
  CHECK(config->upload.backoff_max_ms >= config->upload.backoff_first_ms);
}

TEST_CASE("a key in the file replaces its default and leaves the others") {
  const TempFolder folder;
  const auto config =
      load(folder, R"({"YouTube": {"privacy": "private", "chunk_bytes": 8388608} /* mine */})");
  REQUIRE(config);
  CHECK(config->of<YouTubeConfig>().privacy == "private");
  CHECK(config->of<YouTubeConfig>().chunk_bytes == 8388608);
  CHECK(config->of<YouTubeConfig>().category_id == "22");
  CHECK(config->upload.transient_tries > 0);
}

TEST_CASE("whose login Instagram's tokens are of is told by the host that is asked") {
  const TempFolder folder;
  CHECK_FALSE(load(folder, "{}")->of<InstagramConfig>().by_instagram_login);
  const auto own = load(folder, R"({"Instagram": {"api_base": "https://graph.instagram.com"}})");
  REQUIRE(own);
  CHECK(own->of<InstagramConfig>().by_instagram_login);
}

TEST_CASE("malformed JSON is named with file, line and column") {
  CHECK(says(complaint("{\n  \"YouTube\": {\n    \"privacy\": private\n  }\n}"), "platforms.json:3:16:"));
  CHECK(says(complaint("x"), "platforms.json:1:1:"));
  CHECK(says(complaint(""), "platforms.json:1:1:"));
  CHECK(says(complaint("{\n\"upload\": {"), "platforms.json:2:"));
}

TEST_CASE("a number too large for JSON is an error, not a crash") {
  CHECK(says(complaint(R"({"upload": {"transient_tries": 1e999}})"), "too large"));
}

TEST_CASE("a mistyped key is noted with what was probably meant") {
  const TempFolder folder;
  const auto notes = [&](std::string_view platforms_json) { return load(folder, platforms_json)->notes; };
  const auto section = notes(R"({"Youtube": {"privacy": "private"}})");
  REQUIRE(section.size() == 1);
  CHECK(says(section[0], "\"Youtube\" is not known and ignored; did you mean \"YouTube\"?"));
  const auto inner = notes(R"({"upload": {"transient_trys": 3}})");
  REQUIRE(inner.size() == 1);
  CHECK(says(inner[0], "platforms.json: \"upload.transient_trys\""));
  CHECK(says(inner[0], "did you mean \"transient_tries\"?"));
  CHECK(notes(R"({"upload": {"transient_tries": 3}})").empty());
}

TEST_CASE("the Python program's files are taken as they are, and what is not ours is noted once a file") {
  const TempFolder folder;
  write_file(folder / "config/rate_limits.json", R"({
    "Instagram": {"cooldown_seconds": 3600, "max_per_hour": 1, "max_per_day": 10, "retry_delay_seconds": 300,
                  "max_retries": 3, "burst": 2},
    "YouTube": {"cooldown_seconds": 1800, "max_per_hour": 2, "max_per_day": 5, "retry_delay_seconds": 300,
                "max_retries": 3},
    "Facebook": {"cooldown_seconds": 3600}
  })");
  write_file(
      folder / "ui_settings.json",
      R"({"theme": "dark", "platforms": {"instagram": true, "tiktok": false}, "window": [1280, 720]})");
  const auto config = load(folder, R"({
    "Instagram": {"name": "Instagram Reels", "aspect_ratio": "9:16", "min_duration": 3, "max_duration": 90,
                  "max_file_size_mb": 100, "video_format": "mp4", "resolution": [1080, 1920],
                  "api_endpoint": "https://graph.instagram.com", "caption_limit": 2200, "hashtag_limit": 30},
    "TikTok": {"name": "TikTok", "aspect_ratio": "9:16", "min_duration": 3, "max_duration": 180,
               "max_file_size_mb": 287, "video_format": "mp4", "resolution": "1080x1920",
               "api_endpoint": "https://open-api.tiktok.com", "caption_limit": 150, "hashtag_limit": null},
    "YouTube": {"name": "YouTube Shorts", "max_duration": 60, "api_endpoint": null, "privacy": "unlisted"},
    "Facebook": ["not", "ours"]
  })");
  REQUIRE(config);
  CHECK(config->of<YouTubeConfig>().privacy == "unlisted");
  CHECK(config->of<YouTubeConfig>().limits.cooldown == std::chrono::minutes(30));
  CHECK(config->of<InstagramConfig>().media.max_duration_s == 900);
  REQUIRE(config->notes.size() == 2);
  CHECK(says(config->notes[0],
             "platforms.json: keys of another program are ignored: Facebook, api_endpoint, "
             "aspect_ratio, caption_limit"));
  CHECK(says(config->notes[1], "rate_limits.json: keys of another program are ignored: Facebook, burst"));
}

TEST_CASE("a platforms.json of nested brackets is an error like any other, not a crash") {
  CHECK(says(complaint("{\"YouTube\":" + std::string(400'000, '[') + std::string(400'000, ']') + "}"),
             "it is nested more than 64 levels deep; correct it, or delete the file"));
}

TEST_CASE("a value of the wrong type or range is named by its key with what is allowed") {
  CHECK(says(complaint("[]"), "one JSON object"));
  CHECK(says(complaint(R"({"YouTube": 3})"), "\"YouTube\" must be a JSON object"));
  CHECK(says(complaint(R"({"upload": {"stall_timeout_s": "60"}})"),
             "\"upload.stall_timeout_s\" must be a whole number from 1 to 3600"));
  CHECK(says(complaint(R"({"upload": {"stall_timeout_s": 0}})"), "upload.stall_timeout_s"));
  CHECK(says(complaint(R"({"upload": {"stall_timeout_s": -1}})"), "upload.stall_timeout_s"));
  CHECK(says(complaint(R"({"upload": {"stall_timeout_s": 1.5}})"), "upload.stall_timeout_s"));
  CHECK(says(complaint(R"({"upload": {"stall_timeout_s": null}})"), "upload.stall_timeout_s"));
  CHECK(says(complaint(R"({"upload": {"backoff_first_ms": 5000, "backoff_max_ms": 10}})"),
             "at least backoff_first_ms"));
  CHECK(says(complaint(R"({"YouTube": {"chunk_bytes": 1000}})"), "multiple of 262144"));
  CHECK(says(complaint(R"({"YouTube": {"privacy": "secret"}})"), "\"private\", \"unlisted\" or \"public\""));
  CHECK(says(complaint(R"({"YouTube": {"category_id": 22}})"), "YouTube.category_id"));
  CHECK(says(complaint(R"({"YouTube": {"made_for_kids": 1}})"), "true or false"));
}

TEST_CASE("addresses must be https, or http on this very machine") {
  const auto accepted = [](const std::string& url) {
    return complaint(R"({"YouTube": {"api_base": ")" + url + R"("}})").empty();
  };
  for (const char* url : {"https://example.com", "https://example.com:8443/base", "http://127.0.0.1:8787",
                          "http://localhost", "http://[::1]:80/x", "https://[2001:db8::1]:443"})
    CHECK_MESSAGE(accepted(url), std::string(url));
  for (const char* url :
       {"http://example.com", "http://127.0.0.1.example.com", "http://localhost@example.com",
        "http://127.0.0.1:80@example.com", "http://localhost\\\\.example.com", "ftp://localhost", "https://",
        "https://:80", "https://a b", "https://a:port", "https://a:1:2", "https://a?x", "http://[::1",
        "http://[::1]x", "HTTP://example.com", "", "https://user:pw@example.com"})
    CHECK_MESSAGE(!accepted(url), std::string(url));
}

TEST_CASE("an end slash of an address is taken off") {
  const TempFolder folder;
  CHECK(load(folder, R"({"YouTube": {"upload_base": "http://127.0.0.1:1/"}})")
            ->of<YouTubeConfig>()
            .upload_base == "http://127.0.0.1:1");
}

TEST_CASE("a file that cannot be read is an error, not the defaults") {
  const TempFolder folder;
  std::filesystem::create_directories(folder / "config/platforms.json");
  const auto config = upload_config({folder.path()}, "");
  REQUIRE_FALSE(config);
  CHECK(config.error().code == Code::library);
}

TEST_CASE("rate limits come from the Python program's file, key by key over its defaults") {
  const TempFolder folder;
  write_file(folder / "config/rate_limits.json",
             R"({"TikTok": {"cooldown_seconds": 5}, "Facebook": {"x": 1}})");
  const auto config = upload_config({folder.path()}, "");
  REQUIRE(config);
  CHECK(config->own_rate_limits);
  CHECK(config->of<TikTokConfig>().limits.cooldown == std::chrono::seconds(5));
  CHECK(config->of<TikTokConfig>().limits.max_per_day == 10);
  CHECK(config->of<YouTubeConfig>().limits.cooldown == std::chrono::hours(1));
  CHECK(config->of<YouTubeConfig>().limits.max_retries == 3);
  CHECK(config->of<YouTubeConfig>().limits.pacific_day);
  CHECK_FALSE(config->of<TikTokConfig>().limits.pacific_day);
}

TEST_CASE("a wrong rate limit names file and key") {
  const TempFolder folder;
  write_file(folder / "config/rate_limits.json", R"({"TikTok": {"max_per_hour": -1}})");
  const auto config = upload_config({folder.path()}, "");
  REQUIRE_FALSE(config);
  CHECK(config.error().message.find("rate_limits.json") != std::string::npos);
  CHECK(config.error().message.find("TikTok.max_per_hour") != std::string::npos);
}
