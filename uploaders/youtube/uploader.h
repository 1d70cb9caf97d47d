// YouTube by the Data API v3: resumable upload (handle: the session URI, and since when).
//
// The last byte is the point of no return: once the server stores it, the video exists. Until then a session
// makes no video, so a lost answer to the initiation is simply begun anew; afterwards a status query on the
// session repeats the final answer. For a session that is gone after all bytes were sent, the list of the
// channel's uploads tells, or a person.
#pragma once

#include <memory>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"

namespace asfs {

std::unique_ptr<PlatformUploader> make_youtube_uploader(const UploaderContext& context);

/// `https://www.youtube.com/watch?v=…`, or "" when `post_id` is not an 11-character video id.
std::string youtube_post_url(const Config& config, std::string_view post_id);

}  // namespace asfs
