#include "uploaders/platforms.h"

#include <fmt/format.h>
#include <strings.h>

#include "assets/assets.h"
#include "registry/base/text.h"
#include "uploaders/http.h"
#include "uploaders/youtube.h"

namespace asfs {
namespace {

std::string no_post_url(const Config&, std::string_view) {
  return {};
}

}  // namespace

const std::array<Platform, kPlatformCount>& platforms() {
  static const std::array<Platform, kPlatformCount> table{{
      {"Instagram", nullptr, no_post_url},
      {"TikTok", nullptr, no_post_url},
      {"YouTube", make_youtube_uploader, youtube_post_url},
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

Error no_such_platform(std::string_view name) {
  return {Code::not_found, fmt::format("there is no platform \"{}\"; there are Instagram, TikTok and YouTube",
                                       one_line(name, 40))};
}

Result<Config> upload_config(const Library& library, std::string_view practice_url) {
  auto config = load_config(library.config_folder(), asset_text("platforms.json"));
  if (!config || practice_url.empty()) return config;
  while (practice_url.ends_with('/')) practice_url.remove_suffix(1);
  const auto origin = url_origin(practice_url);
  if (!origin || !origin->loopback() || !origin->rest.empty())
    return fail(Code::usage,
                "practice platforms run on this machine only; give an address like http://127.0.0.1:8787");
  const std::string base(practice_url);
  config->youtube.api_base = base;
  config->youtube.upload_base = base;
  config->youtube.watch_url = base + "/watch?v=";
  return config;
}

}  // namespace asfs
