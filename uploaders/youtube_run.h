// One upload to YouTube from start to end. Used by youtube.cpp alone.
#pragma once

#include "uploaders/http.h"
#include "uploaders/platforms.h"

namespace asfs::youtube {

/// Sends the session's video, whose metadata is within the limits. Blocks, on the upload's thread.
UploadResult run_upload(const UploaderContext& context, Http& http, const Metadata& metadata,
                        UploadSession& session);

/// What it means for an upload that there is no access token.
ErrorClass class_of_token_error(const Error& error);

}  // namespace asfs::youtube
