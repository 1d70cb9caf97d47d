// Posts of videos that have no row on the platform: known from the audit trail, the history, or an attempt of
// ours (evidence.h). An upload would be refused, so nobody is to be told that it was never made.
//
// The registry's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/videos/video_registry.h"

namespace asfs {

struct KnownPost {
  std::string video_id;
  std::string platform;  ///< a destination
  std::string at;        ///< local time
  std::optional<std::string> post_id;
  bool certain = false;  ///< of this very content; else a person is asked
  std::string words;     ///< `known from audit/events.db; no row tells of it`
};

/// Of all videos, sorted by them; where duplicates are allowed it matters to nobody. Inside registry/: runs
/// in the caller's transaction and throws SqliteError.
std::vector<KnownPost> known_posts(Database& db);
/// Of one.
std::vector<KnownPost> known_posts(Database& db, std::string_view video_id);

/// Gives these videos the uploads that are known so: SUCCESS, or BLOCKED with needs_you. Fails, and gives
/// none, on a library that can only be read and is of an earlier version.
Result<void> add_known_posts(VideoRegistry& registry, std::vector<Video>& videos);

}  // namespace asfs
