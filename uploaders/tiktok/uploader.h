// TikTok by the Content Posting API v2 (handle: publish_id, upload_url and chunk plan as JSON).
//
// The last byte is the point of no return: TikTok publishes by itself when it arrives. Afterwards
// status/fetch tells what became of it for as long as the publish_id is known; when it is not, a public post
// is found in the list of videos, and for a private one a person must look.
#pragma once

#include <memory>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"

namespace asfs {

std::unique_ptr<PlatformUploader> make_tiktok_uploader(const UploaderContext& context);

/// The address of a post, or "" when `post_id` is not the number of one: the id of an upload (publish_id) is
/// kept in its place until TikTok has told it.
std::string tiktok_post_url(const Config& config, std::string_view post_id);

}  // namespace asfs
