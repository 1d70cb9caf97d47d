#include "uploaders/tiktok/settings.h"

#include <algorithm>

#include "registry/store/config_section.h"

namespace asfs {
namespace tiktok {
namespace {

constexpr const char* kDefaults = R"({
  "platforms": {
    "auth_url": "https://www.tiktok.com/v2/auth/authorize/",
    "token_url": "https://open.tiktokapis.com/v2/oauth/token/",
    "revoke_url": "https://open.tiktokapis.com/v2/oauth/revoke/",
    "scopes": "user.info.basic video.publish video.upload video.list",
    "pacific_day": false,
    "api_base": "https://open.tiktokapis.com",
    "privacy": "",
    "draft": false,
    "whole_bytes": 64000000,
    "chunk_bytes": 10000000,
    "poll_first_ms": 5000,
    "poll_max_ms": 30000,
    "poll_total_s": 600,
    "post_id_wait_s": 60,
    "upload_url_s": 3600,
    "post_url": "https://www.tiktok.com/@{user}/video/{id}",
    "caption_utf16": 2200,
    "max_file_bytes": 4000000000,
    "min_duration_s": 3,
    "max_duration_s": 600,
    "min_side": 360,
    "max_side": 4096,
    "min_aspect": 0.01,
    "max_aspect": 100,
    "min_fps": 23,
    "max_fps": 60,
    "video_codecs": "h264 hevc vp8 vp9"
  }
})";

}  // namespace

constinit const PlatformSettings kSettings = settings_of<TikTokConfig>(kDefaults);

}  // namespace tiktok

void TikTokConfig::read(ConfigSection& section) {
  section.text("privacy", privacy, "one of TikTok's privacy levels, or empty", [](const std::string& word) {
    return word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == word.npos;
  });
  section.flag("draft", draft);
  section.number("whole_bytes", 5 << 20, ConfigSection::kMost, whole_bytes);
  section.number("chunk_bytes", 5 << 20, ConfigSection::kMost, chunk_bytes);
  polling.read(section);
  section.number("post_id_wait_s", 0, 86'400, post_id_wait_s);
  section.number("upload_url_s", 1, 86'400, upload_url_s);
  section.text("post_url", post_url, "an https:// address with {user} and {id}",
               [](const std::string& url) { return is_safe_url(url, true) || url.find('@') != url.npos; });
  section.number("caption_utf16", 1, ConfigSection::kMost, caption_utf16);
}

void TikTokConfig::practise(const std::string& base) {
  post_url = base + "/watch?v={id}";
  post_id_wait_s = std::min(post_id_wait_s, 3u);
  polling.make_hasty();
}

}  // namespace asfs
