// Whose post an id is, and whose posts are not known by their id: by what a look-up among an account's posts
// may not take.
//
// Internal to registry/. Runs inside the caller's transaction; a failing statement throws SqliteError.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/sqlite.h"
#include "registry/ledger/attempt_rows.h"

namespace asfs {

/// The video whose post this is, as far as anything here knows; nullopt when it is nobody's, or was made by
/// the very chain of tries that `attempt_id` belongs to.
std::optional<std::string> owner_of_post(Database& db, std::int64_t attempt_id, std::string_view platform,
                                         std::string_view post_id);

/// What other videos may have posted on this platform without an id being known: unclear, under way, or
/// posted within a week and known by another id than that of the post.
std::vector<UnknownPost> unknown_posts(Database& db, const Clock& clock, std::int64_t attempt_id,
                                       std::string_view platform);

/// A post of another video is not this one's, whoever says so: the outcome becomes a question to a person.
void question_if_anothers(Database& db, std::int64_t attempt_id, const EndingAttempt& attempt,
                          Outcome& outcome);

/// Keeps a post in the history that the shared row, which names another one, has no room for.
void note_second_post(Database& db, std::string_view video_id, const Upload& row,
                      const std::optional<std::string>& post_id);

}  // namespace asfs
