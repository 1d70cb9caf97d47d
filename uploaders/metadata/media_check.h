// A video's picture against a platform's limits, as ffprobe sees it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "registry/base/result.h"
#include "registry/files/media.h"
#include "registry/store/config.h"

namespace asfs {

/// Code::usage for a video that is too long.
Result<void> check_duration(const MediaLimits& limits, double seconds, std::string_view platform);

/// Code::usage for a video that the platform takes no part of (too long). What it may refuse or convert is
/// only warned about: "" or sentences that name property, limit and actual.
Result<std::string> check_media(const MediaLimits& limits, const MediaInfo& media, std::string_view platform);

}  // namespace asfs
