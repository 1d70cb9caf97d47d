#include "uploaders/platforms.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>

#include "assets/assets.h"
#include "registry/base/text.h"
#include "uploaders/instagram/uploader.h"
#include "uploaders/tiktok/uploader.h"
#include "uploaders/transfer/http.h"
#include "uploaders/transfer/http_url.h"
#include "uploaders/youtube/uploader.h"

namespace asfs {

const std::array<Platform, kPlatformCount>& platforms() {
  static const std::array<Platform, kPlatformCount> table{{
      {"Instagram", make_instagram_uploader, instagram_post_url,
       [](const Config& config) -> const std::string& { return config.instagram.api_base; },
       [](const Config& config) -> const MediaLimits& { return config.instagram.media; },
       [](const Config& config) -> const RateLimits& { return config.instagram.limits; }},
      {"TikTok", make_tiktok_uploader, tiktok_post_url,
       [](const Config& config) -> const std::string& { return config.tiktok.api_base; },
       [](const Config& config) -> const MediaLimits& { return config.tiktok.media; },
       [](const Config& config) -> const RateLimits& { return config.tiktok.limits; }},
      {"YouTube", make_youtube_uploader, youtube_post_url,
       [](const Config& config) -> const std::string& { return config.youtube.api_base; },
       [](const Config& config) -> const MediaLimits& { return config.youtube.media; },
       [](const Config& config) -> const RateLimits& { return config.youtube.limits; }},
  }};
  return table;
}

const Platform* find_platform(std::string_view name) {
  for (const Platform& platform : platforms())
    if (platform.name.size() == name.size() &&
        ::strncasecmp(platform.name.data(), name.data(), name.size()) == 0)
      return &platform;
  return nullptr;
}

std::string post_id_in(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == text.npos) return {};
  text = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  if (text.find("://") == text.npos) return std::string(text);
  if (const auto named = std::min(text.find("?v="), text.find("&v=")); named != text.npos) {
    const auto value = text.substr(named + 3);
    return std::string(value.substr(0, value.find_first_of("&#")));
  }
  text = text.substr(0, text.find_first_of("?#"));
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text.substr(text.rfind('/') + 1));
}

Error no_such_platform(std::string_view name) {
  return {Code::not_found, fmt::format("there is no platform \"{}\"; there are Instagram, TikTok and YouTube",
                                       one_line(name, 40))};
}

namespace {

constexpr std::chrono::seconds kPracticeRetryDelay{2};

// The practice platforms process a video in no time, so nobody waits long to see it.
void make_hasty(auto& platform) {
  platform.poll_first_ms = std::min(platform.poll_first_ms, 50u);
  platform.poll_max_ms = std::min(platform.poll_max_ms, 1000u);
  platform.poll_total_s = std::min(platform.poll_total_s, 5u);
}

}  // namespace

Result<Config> upload_config(const Library& library, std::string_view practice_url) {
  auto config =
      load_config(library.config_folders(), asset_text("platforms.json"), asset_text("rate_limits.json"));
  if (!config || practice_url.empty()) return config;
  while (practice_url.ends_with('/')) practice_url.remove_suffix(1);
  const auto origin = url_origin(practice_url);
  if (!origin || !origin->loopback() || !origin->rest.empty())
    return fail(Code::usage,
                "practice platforms run on this machine only; give an address like http://127.0.0.1:8787");
  const std::string base(practice_url);
  config->instagram.api_base = config->instagram.upload_base = base;
  config->instagram.by_instagram_login = false;
  config->instagram.post_url = base + "/watch?v=";
  config->tiktok.api_base = base;
  config->tiktok.post_url = base + "/watch?v={id}";
  config->youtube.api_base = base;
  config->youtube.upload_base = base;
  config->youtube.watch_url = base + "/watch?v=";
  for (OAuthConfig* oauth : {&config->instagram.oauth, &config->tiktok.oauth, &config->youtube.oauth})
    for (std::string* url : {&oauth->auth_url, &oauth->token_url, &oauth->revoke_url})
      if (const auto real = url_origin(*url)) *url = base + real->rest;
  for (RateLimits* limits : {&config->instagram.limits, &config->tiktok.limits, &config->youtube.limits}) {
    if (config->own_rate_limits) continue;
    limits->hold = false;
    limits->retry_delay = kPracticeRetryDelay;
  }
  make_hasty(config->instagram);
  make_hasty(config->tiktok);
  config->upload.post_check_s = std::min(config->upload.post_check_s, 30u);
  config->tiktok.post_id_wait_s = std::min(config->tiktok.post_id_wait_s, 3u);
  config->youtube.list_wait_s = std::min(config->youtube.list_wait_s, 1u);
  config->instagram.publish_doubt_s = std::min(config->instagram.publish_doubt_s, 1u);
  return config;
}

}  // namespace asfs
