// One upload to TikTok from start to end. Used by uploader.cpp alone.
#pragma once

#include <filesystem>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"
#include "uploaders/tiktok/settings.h"
#include "uploaders/transfer/http.h"

namespace asfs::tiktok {

/// Sends the attempt's video, whose metadata is within the limits. `config` is that of choice_of(). Blocks,
/// on the upload's thread.
UploadResult run_upload(const UploaderContext& context, const TikTokConfig& config, Http& http,
                        const std::filesystem::path& video_path, const Metadata& metadata,
                        UploadAttempt& attempt);

}  // namespace asfs::tiktok
