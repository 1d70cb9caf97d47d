// The files under the library's config/ folder, laid over our defaults (compiled in; each platform's in its
// folder).
//
// A missing file means the defaults. An error names the file and, for malformed JSON, line and column; for a
// wrong value its key and what is allowed. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/result.h"
#include "registry/store/destinations.h"
#include "registry/store/library.h"
#include "registry/store/rate_limits.h"

namespace asfs {

class ConfigSection;

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

/// How often a platform is asked whether it has processed a video.
struct Polling {
  std::uint32_t first_ms = 0;  ///< the first pause, doubled up to
  std::uint32_t max_ms = 0;
  std::uint32_t total_s = 0;  ///< then the upload waits for its next look-up

  void read(ConfigSection& section);  ///< poll_first_ms, poll_max_ms, poll_total_s
  void make_hasty();                  ///< practice platforms process a video in no time
};

/// What can be set for every platform; each adds its own (uploaders/*/settings.h).
struct PlatformConfig {
  OAuthConfig oauth;
  RateLimits limits;
  std::string api_base;  ///< no trailing slash; https, or http on loopback
  std::uint64_t max_file_bytes = 0;
  MediaLimits media;

  virtual ~PlatformConfig() = default;
  virtual std::unique_ptr<PlatformConfig> clone() const = 0;
  /// What is its own, out of its section of platforms.json.
  virtual void read(ConfigSection&) {}
  /// Every address of its own becomes that of the practice platforms, and nobody waits long there.
  virtual void practise(const std::string&) {}
};

/// The base of `Own`, which names its platform: `static constexpr std::string_view kPlatform`.
template <class Own>
struct SettingsOf : PlatformConfig {
  std::unique_ptr<PlatformConfig> clone() const override {
    return std::make_unique<Own>(static_cast<const Own&>(*this));
  }
};

/// Which settings a platform has.
struct PlatformSettings {
  std::string_view platform;
  /// JSON: {"platforms": {…}, "rate_limits": {…}}, the defaults, and with kRateLimits the list of all keys
  /// there are.
  std::string_view defaults;
  std::unique_ptr<PlatformConfig> (*make)();
};

/// The row of `Own`.
template <class Own>
constexpr PlatformSettings settings_of(std::string_view defaults) {
  return {Own::kPlatform, defaults,
          []() -> std::unique_ptr<PlatformConfig> { return std::make_unique<Own>(); }};
}

/// How fast is posted to a platform, where it does not say otherwise itself.
inline constexpr std::string_view kRateLimits = R"({
  "cooldown_seconds": 3600,
  "max_per_hour": 1,
  "max_per_day": 10,
  "retry_delay_seconds": 300,
  "max_retries": 3,
  "app_per_day": 0
})";

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

/// A value; copies share nothing.
class Config {
 public:
  UploadConfig upload;
  Destinations destinations;
  std::string practice_url;        ///< of the practice platforms, when they stand for the real ones
  bool own_rate_limits = false;    ///< there is a rate_limits.json
  std::vector<std::string> notes;  ///< for people: what in the files is not ours, or was mistyped

  /// A platform's settings by their type; all is empty where there are none.
  template <class Own>
  const Own& of() const {
    static const Own kNone;
    const auto found = platforms_.find(Own::kPlatform);
    return found == platforms_.end() ? kNone : static_cast<const Own&>(found->second.get());
  }
  template <class Own>
  Own& of() {
    const auto place = platforms_.try_emplace(std::string(Own::kPlatform), std::make_unique<Own>()).first;
    return static_cast<Own&>(place->second.get());
  }
  /// What every platform has, of the one that a destination is on; all is empty where there is none, and to
  /// change it is a mistake of ours.
  const PlatformConfig& at(std::string_view destination) const;
  PlatformConfig& at(std::string_view destination);
  /// How fast is posted to a destination: its own limits, or those of its platform.
  const RateLimits& limits(std::string_view destination) const;
  /// Of every platform and destination.
  void change_limits(const std::function<void(RateLimits&)>& change);

 private:
  friend class ConfigLoader;

  /// Never empty; a copy is a clone.
  class AnyPlatform {
   public:
    explicit AnyPlatform(std::unique_ptr<PlatformConfig> own) : own_(std::move(own)) {}
    AnyPlatform(const AnyPlatform& other) : own_(other.own_->clone()) {}
    AnyPlatform& operator=(const AnyPlatform& other) { return own_ = other.own_->clone(), *this; }
    const PlatformConfig& get() const { return *own_; }
    PlatformConfig& get() { return *own_; }

   private:
    std::unique_ptr<PlatformConfig> own_;
  };

  std::map<std::string, AnyPlatform, std::less<>> platforms_;
  std::map<std::string, RateLimits, std::less<>> own_limits_;  ///< by destination
};

/// The defaults; files of the names platforms.json and rate_limits.json in the library's folders, one over
/// the other, override single keys, and destinations.json says which accounts there are. The Python program
/// has files of these names, too: keys that are not ours are ignored, and noted.
Result<Config> load_config(const Library& library, std::span<const PlatformSettings* const> platforms,
                           std::string_view upload_defaults);

}  // namespace asfs
