// Example by its API: `POST /example/uploads` opens an upload, `PUT /example/uploads/ID` takes bytes from
// where it stands, `GET` says where that is and, when the last byte is there, which post came of it.
//
// The last byte is the point of no return. An upload makes one post at most, and repeats which one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"

namespace asfs {

std::unique_ptr<PlatformUploader> make_example_uploader(const UploaderContext& context);

/// `https://example.org/watch/EX…`, or "" when `post_id` has not the shape of one.
std::string example_post_url(const Config& config, std::string_view post_id);

}  // namespace asfs
