// What YouTube's answers look like: the error body, the video resource, and the rules for the metadata of a
// new video. Pure functions, no state.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "uploaders/practice/core/exchange.h"
#include "uploaders/practice/core/faults.h"
#include "uploaders/practice/core/store.h"

namespace asfs::practice::youtube {

/// Google's error shape. `message` may be left out for a reason of the table.
Answer error(int status, std::string_view reason, std::string_view message = {});

/// What a fault of the moment `before` answers.
Answer fault_answer(const Fault& fault);

/// The metadata of videos.insert, found to be acceptable.
struct Insert {
  Json parts;  ///< the names in `part`
  Json body;
  std::string title;
  std::string description;
};
std::expected<Insert, Answer> check_insert(const std::vector<std::string>& parts, std::string_view body);

inline constexpr std::size_t kMostMetadata = 1 << 20;

/// The session that an accepted insert begins.
StoredSession new_session(const Insert& insert, std::string file_name);

/// Whether a Content-Type is one that videos may have.
bool is_video_type(std::string_view type);
Answer bad_media_type(std::string_view type);
Answer disk_error(std::string_view message);

/// Names in `part` that videos.list and videos.insert know; an Answer when there is none or an unknown one.
std::expected<Json, Answer> check_parts(const std::vector<std::string>& parts);

/// The account's one channel and its list of uploads.
inline constexpr std::string_view kChannelId = "UCpracticeChannel0000000";
inline constexpr std::string_view kUploadsId = "UUpracticeChannel0000000";

/// `2026-02-11T08:00:00Z` out of our own timestamps.
std::string api_time(std::string_view utc_timestamp);

/// The video as videos.insert and videos.list show it. `processing`: not finished with it yet.
Json video_resource(const StoredPost& post, const Json& parts, bool processing);
Json playlist_item(const StoredPost& post, std::size_t position);

}  // namespace asfs::practice::youtube
