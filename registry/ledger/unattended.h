// Rows that say somebody uploads, although no living upload stands behind them: ours whose program has ended,
// at once; another program's after an hour without a newer event in the audit trail. What became of them is a
// question to a person, or for the look-up at the next start.
//
// The registry's thread.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "registry/videos/video_registry.h"

namespace asfs {

struct Unattended {
  std::string video_id, platform;
  std::string since;  ///< upload_timestamp of the row

  auto operator<=>(const Unattended&) const = default;
};

/// Sorted. Costs by the number of rows that are IN_PROGRESS.
Result<std::vector<Unattended>> unattended_uploads(VideoRegistry& registry, std::stop_token stop = {});

/// Marks the uploads of these videos that need a person for that reason. Fails, and marks none, on a library
/// that can only be read and is of an earlier version.
Result<void> mark_unattended(VideoRegistry& registry, std::vector<Video>& videos);

/// Notes them where pictures of the library are made from (snapshot.h), and marks the videos for which that
/// changed. Call it now and then: a process can die and an hour pass without a word in the file.
Result<void> note_unattended(VideoRegistry& registry, std::stop_token stop = {});

/// What is noted, of one video or of all; throws SqliteError.
std::vector<Unattended> noted_unattended(Database& db, std::optional<std::string_view> video_id = {});

}  // namespace asfs
