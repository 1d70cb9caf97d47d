// What can be set for TikTok, under its name in config/platforms.json and config/rate_limits.json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "registry/store/config.h"

namespace asfs {

struct TikTokConfig final : SettingsOf<TikTokConfig> {
  static constexpr std::string_view kPlatform = "TikTok";

  std::string privacy;  ///< privacy_level of a post; "": as chosen before, or the widest the account offers
  bool draft = false;   ///< to the inbox of the app instead of posting
  std::uint64_t whole_bytes = 0;  ///< up to here a video is one chunk
  std::uint64_t chunk_bytes = 0;  ///< of a larger one
  Polling polling;
  std::uint32_t post_id_wait_s = 0;  ///< for the id of a public post; later looks find it, too
  std::uint32_t upload_url_s = 0;    ///< lifetime of an upload_url
  std::string post_url;              ///< with {user} and {id}
  std::size_t caption_utf16 = 0;

  void read(ConfigSection& section) override;
  void practise(const std::string& base) override;
};

namespace tiktok {

extern const PlatformSettings kSettings;

}  // namespace tiktok
}  // namespace asfs
