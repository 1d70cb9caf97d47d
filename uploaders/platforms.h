// The table of platforms: one row each, in the order of the window's columns (kPlatformNames). Everything
// that differs between platforms and is not protocol stands here.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "registry/store/config.h"
#include "registry/store/platform_names.h"
#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"

namespace asfs {

struct Platform {
  std::string_view name;
  std::unique_ptr<PlatformUploader> (*make)(const UploaderContext& context);
  /// The address of a post, or "" when the id has not the shape of one (other programs store free text
  /// there).
  std::string (*post_url)(const Config& config, std::string_view post_id);
  /// Where it is: the real one, or practice platforms.
  const std::string& (*place)(const Config& config);
  /// What it takes.
  const MediaLimits& (*media)(const Config& config);
  /// How fast it is sent to.
  const RateLimits& (*limits)(const Config& config);
};

const std::array<Platform, kPlatformCount>& platforms();

/// By exact name, or by any capitalisation (`youtube`) for what people type; nullptr when there is none.
const Platform* find_platform(std::string_view name);

/// What a person pasted as a post: its id, also out of a link to it (`…/reel/CODE/`, `…/watch?v=ID`).
std::string post_id_in(std::string_view text);

/// The Error for a name find_platform() does not know (Code::not_found).
Error no_such_platform(std::string_view name);

/// The program's configuration for this library: compiled-in defaults, config/platforms.json over them; with
/// a practice URL every base address is that one, and without a rate_limits.json of the library's own nothing
/// is too soon.
Result<Config> upload_config(const Library& library, std::string_view practice_url);

}  // namespace asfs
