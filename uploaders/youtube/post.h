// What is sent to YouTube about a video: the limits it has to keep, the document itself, and the handle of an
// upload. Reads the file of a thumbnail, else pure; any thread. Used in this folder alone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "uploaders/metadata/metadata.h"
#include "uploaders/youtube/settings.h"

namespace asfs::youtube {

/// Code::usage names the field, its limit and what it is. Reads the thumbnail. A time that is over at `now`
/// would publish at once.
Result<void> check_post(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title,
                        std::uint64_t file_size, TimePoint now);

PostPreview preview_of(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title);

/// The bytes of metadata.thumbnail, a PNG or JPEG within the limit; Code::usage says what is wrong with it.
Result<std::string> read_thumbnail(const YouTubeConfig& config, const Metadata& metadata);

/// Who sees the post: as asked for, else as configured; a scheduled one is private until its time.
std::string privacy_of(const YouTubeConfig& config, const Metadata& metadata);

std::string title_of(const Metadata& metadata, std::string_view video_title);

/// For YouTube Studio's pages. Code::usage: what they are not told by this program.
Result<std::map<std::string, std::string>> web_words(const Config& config, const Metadata& metadata,
                                                     std::string_view video_title);

/// The JSON of the initiation.
std::string post_json(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title);

/// All that is needed to go on with an upload in another process.
struct Handle {
  std::string uri;            ///< of the session; empty: none
  std::int64_t begun_at = 0;  ///< unix seconds; 0: not known
};
std::string handle_text(const Handle& handle);
/// What is no handle of today is a session's address alone, as it was written before.
Handle parse_handle(std::string_view text);

}  // namespace asfs::youtube
