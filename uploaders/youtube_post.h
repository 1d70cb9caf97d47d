// What is sent to YouTube about a video: the limits it has to keep and the document itself. Pure; any thread.
// Used by youtube.cpp alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "registry/config.h"
#include "uploaders/metadata.h"

namespace asfs::youtube {

/// Code::usage names the field, its limit and what it is.
Result<void> check_post(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title,
                        std::uint64_t file_size);

/// The JSON of the initiation.
std::string post_json(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title);

}  // namespace asfs::youtube
