// What is sent to YouTube about a video: the limits it has to keep and the document itself. Pure; any thread.
// Used by youtube.cpp alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "registry/config.h"
#include "uploaders/metadata.h"

namespace asfs::youtube {

/// Code::usage names the field, its limit and what it is. A time that is over at `now` would publish at once.
Result<void> check_post(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title,
                        std::uint64_t file_size, TimePoint now);

PostPreview preview_of(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title);

/// The bytes of metadata.thumbnail, a PNG or JPEG within the limit; Code::usage says what is wrong with it.
Result<std::string> read_thumbnail(const YouTubeConfig& config, const Metadata& metadata);

/// Who sees the post: as asked for, else as configured; a scheduled one is private until its time.
std::string privacy_of(const YouTubeConfig& config, const Metadata& metadata);

/// The JSON of the initiation.
std::string post_json(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title);

}  // namespace asfs::youtube
