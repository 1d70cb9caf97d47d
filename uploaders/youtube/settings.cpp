#include "uploaders/youtube/settings.h"

#include <algorithm>

#include "registry/store/config_section.h"

namespace asfs {
namespace youtube {
namespace {

constexpr const char* kDefaults = R"({
  "platforms": {
    "auth_url": "https://accounts.google.com/o/oauth2/v2/auth",
    "token_url": "https://oauth2.googleapis.com/token",
    "revoke_url": "https://oauth2.googleapis.com/revoke",
    "scopes": "https://www.googleapis.com/auth/youtube.upload https://www.googleapis.com/auth/youtube.readonly",
    "pacific_day": true,
    "api_base": "https://www.googleapis.com",
    "upload_base": "https://www.googleapis.com",
    "chunk_bytes": 0,
    "privacy": "public",
    "category_id": "22",
    "made_for_kids": false,
    "watch_url": "https://www.youtube.com/shorts/",
    "list_wait_s": 20,
    "title_code_points": 100,
    "description_bytes": 5000,
    "tags_characters": 500,
    "thumbnail_bytes": 50000000,
    "max_file_bytes": 274877906944,
    "min_duration_s": 0,
    "max_duration_s": 43200,
    "min_side": 1,
    "max_side": 16384,
    "min_aspect": 0.01,
    "max_aspect": 100,
    "min_fps": 1,
    "max_fps": 1000,
    "video_codecs": "h264 hevc vp8 vp9 av1 mpeg4 mpeg2video prores dnxhd"
  },
  "rate_limits": {
    "app_per_day": 100
  }
})";

}  // namespace

constinit const PlatformSettings kSettings = settings_of<YouTubeConfig>(kDefaults);

}  // namespace youtube

void YouTubeConfig::read(ConfigSection& section) {
  section.base_url("upload_base", upload_base);
  section.number("chunk_bytes", 0, ConfigSection::kMost, chunk_bytes);
  if (chunk_bytes % (256 << 10) != 0)
    section.refuse("chunk_bytes", "a multiple of 262144 (256 KiB), or 0 to send the file in one request");
  section.text("privacy", privacy, "\"private\", \"unlisted\" or \"public\"", [](const std::string& word) {
    return word == "private" || word == "unlisted" || word == "public";
  });
  section.text("category_id", category_id, "YouTube's number of a category as text, such as \"22\"",
               [](const std::string& id) {
                 return !id.empty() && id.size() < 10 && id.find_first_not_of("0123456789") == id.npos;
               });
  section.flag("made_for_kids", made_for_kids);
  section.link("watch_url", watch_url, "an https:// address to which the id of a post is added");
  section.number("list_wait_s", 0, 3600, list_wait_s);
  section.number("title_code_points", 1, ConfigSection::kMost, title_code_points);
  section.number("description_bytes", 1, ConfigSection::kMost, description_bytes);
  section.number("tags_characters", 1, ConfigSection::kMost, tags_characters);
  section.number("thumbnail_bytes", 1, ConfigSection::kMost, thumbnail_bytes);
}

void YouTubeConfig::practise(const std::string& base) {
  upload_base = base;
  watch_url = base + "/watch?v=";
  list_wait_s = std::min(list_wait_s, 1u);
}

}  // namespace asfs
