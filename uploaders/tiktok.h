#pragma once

#include <memory>

#include "uploaders/platforms.h"

namespace asfs {

std::unique_ptr<PlatformUploader> make_tiktok_uploader(const UploaderContext& context);

/// The address of a post, or "" when `post_id` has not the shape of one.
std::string tiktok_post_url(const Config& config, std::string_view post_id);

}  // namespace asfs
