// What can be set for Instagram, under its name in config/platforms.json and config/rate_limits.json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "registry/store/config.h"

namespace asfs {

struct InstagramConfig final : SettingsOf<InstagramConfig> {
  static constexpr std::string_view kPlatform = "Instagram";

  bool by_instagram_login = false;  ///< graph.instagram.com: the account is no Facebook page's
  std::string api_version;          ///< v25.0
  std::string upload_base;  ///< rupload.facebook.com: the only host besides api_base that sees the token
  Polling polling;
  std::uint32_t publish_doubt_s = 0;  ///< waited before an unanswered media_publish is asked about again
  std::string post_url;               ///< + shortcode, for posts whose permalink is not known
  std::size_t caption_characters = 0, hashtags = 0, mentions = 0;

  void read(ConfigSection& section) override;
  void practise(const std::string& base) override;
};

namespace instagram {

extern const PlatformSettings kSettings;

}  // namespace instagram
}  // namespace asfs
