// Instagram reels by the Graph API (handle: container, upload address and, from then on, "publishing since
// T").
//
// media_publish is the point of no return; the bytes before it are only stored. Afterwards the container says
// whether it was published, and the reel is found among the account's media by its caption and time: the
// container never names it.
#pragma once

#include <memory>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"

namespace asfs {

std::unique_ptr<PlatformUploader> make_instagram_uploader(const UploaderContext& context);

/// The address of a reel by its shortcode, or "": the number that the API gives out has none on the web.
/// Practice platforms show their posts by that number.
std::string instagram_post_url(const Config& config, std::string_view post_id);

}  // namespace asfs
