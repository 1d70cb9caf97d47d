#include "tests/example/settings.h"

#include "registry/store/config_section.h"

namespace asfs {
namespace example {
namespace {

constexpr const char* kDefaults = R"({
  "platforms": {
    "auth_url": "https://example.org/auth",
    "token_url": "https://example.org/sign-in/token",
    "revoke_url": "",
    "scopes": "upload",
    "pacific_day": false,
    "api_base": "https://api.example.org",
    "title_characters": 60,
    "max_file_bytes": 1000000000,
    "min_duration_s": 0,
    "max_duration_s": 600,
    "min_side": 1,
    "max_side": 4096,
    "min_aspect": 0.01,
    "max_aspect": 100,
    "min_fps": 1,
    "max_fps": 60,
    "video_codecs": "h264"
  },
  "rate_limits": {
    "cooldown_seconds": 600,
    "max_per_hour": 0,
    "max_per_day": 5
  }
})";

}  // namespace

constinit const PlatformSettings kSettings = settings_of<ExampleConfig>(kDefaults);

}  // namespace example

void ExampleConfig::read(ConfigSection& section) {
  section.number("title_characters", 1, 1000, title_characters);
}

}  // namespace asfs
