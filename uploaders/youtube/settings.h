// What can be set for YouTube, under its name in config/platforms.json and config/rate_limits.json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "registry/store/config.h"

namespace asfs {

struct YouTubeConfig final : SettingsOf<YouTubeConfig> {
  static constexpr std::string_view kPlatform = "YouTube";

  std::string upload_base;
  std::uint64_t chunk_bytes = 0;  ///< multiple of 256 KiB; 0: the whole file in one request
  std::string privacy;            ///< private, unlisted, public
  std::string category_id;
  bool made_for_kids = false;
  std::string watch_url;          ///< + post id
  std::uint32_t list_wait_s = 0;  ///< between looks at the channel's uploads, which may lag behind
  std::uint64_t thumbnail_bytes = 0;
  std::size_t title_code_points = 0, description_bytes = 0, tags_characters = 0;

  void read(ConfigSection& section) override;
  void practise(const std::string& base) override;
};

namespace youtube {

extern const PlatformSettings kSettings;

}  // namespace youtube
}  // namespace asfs
