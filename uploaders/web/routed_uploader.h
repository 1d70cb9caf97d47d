// The uploader of a destination: to the platform's API, or through a browser. What was begun one way is asked
// about and goes on that way, whatever way the destination posts now.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"

namespace asfs {

/// Of a destination that exists. Without a library in the context there is only the API.
std::unique_ptr<PlatformUploader> make_uploader(const UploaderContext& context);

/// Who posts to a destination now, by the way it posts; "" when that is not known.
std::string account_in_use(const UploaderContext& context);
/// Where a post is looked at later: the API's address, or the browser's mark before it.
std::string place_of_posts(const UploaderContext& context, std::string_view handle);
/// The way of a post by its place.
Route route_of_place(std::string_view place);

}  // namespace asfs
