#include "uploaders/instagram/settings.h"

#include <algorithm>

#include "registry/store/config_section.h"

namespace asfs {
namespace instagram {
namespace {

constexpr const char* kDefaults = R"({
  "platforms": {
    "auth_url": "https://www.facebook.com/v25.0/dialog/oauth",
    "token_url": "https://graph.facebook.com/v25.0/oauth/access_token",
    "revoke_url": "",
    "scopes": "instagram_basic instagram_content_publish pages_read_engagement pages_show_list business_management",
    "pacific_day": false,
    "api_base": "https://graph.facebook.com",
    "api_version": "v25.0",
    "upload_base": "https://rupload.facebook.com",
    "poll_first_ms": 5000,
    "poll_max_ms": 60000,
    "poll_total_s": 1800,
    "publish_doubt_s": 30,
    "post_url": "https://www.instagram.com/reel/",
    "caption_characters": 2200,
    "hashtags": 30,
    "mentions": 20,
    "max_file_bytes": 1000000000,
    "min_duration_s": 3,
    "max_duration_s": 900,
    "min_side": 1,
    "max_side": 1920,
    "min_aspect": 0.01,
    "max_aspect": 10,
    "min_fps": 23,
    "max_fps": 60,
    "video_codecs": "h264 hevc"
  }
})";

}  // namespace

constinit const PlatformSettings kSettings = settings_of<InstagramConfig>(kDefaults);

}  // namespace instagram

void InstagramConfig::read(ConfigSection& section) {
  by_instagram_login = api_base == "https://graph.instagram.com";
  section.base_url("upload_base", upload_base);
  section.text("api_version", api_version, "a version such as \"v25.0\"", [](const std::string& version) {
    return version.starts_with('v') && version.find_first_not_of("0123456789.", 1) == version.npos;
  });
  polling.read(section);
  section.number("publish_doubt_s", 0, 3600, publish_doubt_s);
  section.link("post_url", post_url, "an https:// address to which the shortcode of a post is added");
  section.number("caption_characters", 1, ConfigSection::kMost, caption_characters);
  section.number("hashtags", 1, ConfigSection::kMost, hashtags);
  section.number("mentions", 1, ConfigSection::kMost, mentions);
}

void InstagramConfig::practise(const std::string& base) {
  upload_base = base;
  by_instagram_login = false;
  post_url = base + "/watch?v=";
  publish_doubt_s = std::min(publish_doubt_s, 1u);
  polling.make_hasty();
}

}  // namespace asfs
