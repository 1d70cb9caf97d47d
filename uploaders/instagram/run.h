// One upload to Instagram from start to end. Used by uploader.cpp alone.
#pragma once

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"
#include "uploaders/transfer/http.h"

namespace asfs::instagram {

/// Sends the attempt's video, whose metadata is within the limits. Blocks, on the upload's thread.
UploadResult run_upload(const UploaderContext& context, Http& http, const Metadata& metadata,
                        UploadAttempt& attempt);

}  // namespace asfs::instagram
