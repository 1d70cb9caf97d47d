// The times of posts by which rate limits are computed: our own of asfs_slots, running attempts, and posts
// that other programs wrote into the shared table.
//
// Internal to registry/. Runs inside the caller's transaction; a failing statement throws SqliteError.
#pragma once

#include <cstdint>
#include <string_view>

#include "registry/base/sqlite.h"
#include "registry/posts/attempt.h"
#include "registry/store/rate_limits.h"

namespace asfs {

/// `except`: an attempt that is about to be taken over does not wait for itself; 0 for none.
PostTimes load_post_times(Database& db, std::string_view platform, const RateLimits& limits, TimePoint now,
                          std::int64_t except = 0);

/// What the platform last said of the account; none when that is more than a day ago.
Quota load_quota(Database& db, std::string_view platform, TimePoint now);
void save_quota(Database& db, std::int64_t attempt_id, const Quota& quota);

/// An attempt ended: it takes a slot when a post was made, or may have been. What was noted first stays.
void note_post_time(Database& db, std::int64_t attempt_id, const Outcome& outcome, TimePoint now);

/// The attempt's slot is another's now, or no post was made.
void free_post_time(Database& db, std::int64_t attempt_id);

/// The clock was put back: posts of the future are taken to be made now, once.
void mend_post_times(Database& db, std::string_view platform, TimePoint now);

}  // namespace asfs
