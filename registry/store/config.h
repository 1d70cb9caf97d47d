// The files under the library's config/ folder, laid over our defaults (assets/platforms.json, compiled in).
//
// A missing file means the defaults. An error names the file and, for malformed JSON, line and column; for a
// wrong value its key and what is allowed. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/result.h"
#include "registry/store/rate_limits.h"

namespace asfs {

/// What a platform says of the videos it takes. Beyond max_duration_s it is only warned about.
struct MediaLimits {
  double min_duration_s = 0, max_duration_s = 0;
  int min_side = 0, max_side = 0;         ///< pixels
  double min_aspect = 0, max_aspect = 0;  ///< width / height
  double min_fps = 0, max_fps = 0;
  std::string video_codecs;  ///< ffprobe's names, parted by blanks
};

/// Where a person signs in. Which app they sign in with stands in config/accounts.json.
struct OAuthConfig {
  std::string auth_url;
  std::string token_url;
  std::string revoke_url;  ///< may be empty
  std::string scopes;      ///< asked for, parted by blanks
};

struct YouTubeConfig {
  OAuthConfig oauth;
  RateLimits limits;
  std::string api_base;  ///< no trailing slash; https, or http on loopback
  std::string upload_base;
  std::uint64_t chunk_bytes = 0;  ///< multiple of 256 KiB; 0: the whole file in one request
  std::string privacy;            ///< private, unlisted, public
  std::string category_id;
  bool made_for_kids = false;
  std::string watch_url;          ///< + post id
  std::uint32_t list_wait_s = 0;  ///< between looks at the channel's uploads, which may lag behind
  std::uint64_t thumbnail_bytes = 0;
  std::size_t title_code_points = 0, description_bytes = 0, tags_characters = 0;
  std::uint64_t max_file_bytes = 0;
  MediaLimits media;
};

struct TikTokConfig {
  OAuthConfig oauth;
  RateLimits limits;
  std::string api_base;
  std::string privacy;  ///< privacy_level of a post; "": as chosen before, or the widest the account offers
  bool draft = false;   ///< to the inbox of the app instead of posting
  std::uint64_t whole_bytes = 0;    ///< up to here a video is one chunk
  std::uint64_t chunk_bytes = 0;    ///< of a larger one
  std::uint32_t poll_first_ms = 0;  ///< status/fetch: first pause, doubled up to
  std::uint32_t poll_max_ms = 0;
  std::uint32_t poll_total_s = 0;    ///< then the upload waits for its next look-up
  std::uint32_t post_id_wait_s = 0;  ///< for the id of a public post; later looks find it, too
  std::uint32_t upload_url_s = 0;    ///< lifetime of an upload_url
  std::string post_url;              ///< with {user} and {id}
  std::size_t caption_utf16 = 0;
  std::uint64_t max_file_bytes = 0;
  MediaLimits media;
};

struct InstagramConfig {
  OAuthConfig oauth;
  RateLimits limits;
  std::string api_base;             ///< graph.facebook.com (route A)
  bool by_instagram_login = false;  ///< graph.instagram.com: the account is no Facebook page's
  std::string api_version;          ///< v25.0
  std::string upload_base;  ///< rupload.facebook.com: the only host besides api_base that sees the token
  std::uint32_t poll_first_ms = 0;
  std::uint32_t poll_max_ms = 0;
  std::uint32_t poll_total_s = 0;
  std::uint32_t publish_doubt_s = 0;  ///< waited before an unanswered media_publish is asked about again
  std::string post_url;               ///< + shortcode, for posts whose permalink is not known
  std::size_t caption_characters = 0, hashtags = 0, mentions = 0;
  std::uint64_t max_file_bytes = 0;
  MediaLimits media;
};

struct UploadConfig {
  int transient_tries = 0;  ///< tries after a transient error within one attempt, progress resets it
  std::uint32_t backoff_first_ms = 0;  ///< doubled each time, with full jitter
  std::uint32_t backoff_max_ms = 0;
  std::uint32_t connect_timeout_s = 0;
  std::uint32_t stall_timeout_s = 0;  ///< no byte moved for this long: the connection is given up
  std::uint32_t post_check_s = 0;  ///< after a post was made: when the platform is asked whether it kept it
  int post_check_tries = 0;        ///< while that is not settled
  std::uint32_t longest_retry_delay_s = 0;  ///< cap of the pause between automatic retries
  int at_once = 0;                          ///< uploads out of the queue that run in one program
  int at_once_per_platform = 0;
};

struct Config {
  InstagramConfig instagram;
  TikTokConfig tiktok;
  YouTubeConfig youtube;
  UploadConfig upload;
  bool own_rate_limits = false;    ///< there is a rate_limits.json
  std::vector<std::string> notes;  ///< for people: what in the files is not ours, or was mistyped
};

/// The compiled-in documents; the files of the same names in `folders`, one over the other, override single
/// keys. The Python program has files of these names, too: keys that are not ours are ignored, and noted.
Result<Config> load_config(const std::vector<std::filesystem::path>& folders, std::string_view platforms_json,
                           std::string_view rate_limits_json);

}  // namespace asfs
