// The rows of asfs_attempts, read and written for the upload ledger, which decides about them.
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
#include "registry/posts/attempt.h"
#include "registry/posts/upload_facts.h"

namespace asfs {

/// Until when an attempt that shows a sign of life now is taken for alive, in unix ms.
std::int64_t lease_from(const Clock& clock);

/// A running attempt of this process, with what the claim inherited; returns its id. `row_timestamp` is that
/// of the shared row just written.
std::int64_t insert_attempt(Database& db, const Clock& clock, const UploadFacts& standing,
                            const std::string& row_timestamp, const Claim& claim);

/// Hands what an unfinished attempt left over to the next one. One that ended without a word is
/// `interrupted`.
void close_attempt(Database& db, const Clock& clock, std::int64_t attempt_id);

/// From now on the platform's word is waited for, unless that was so before (`anew`: whether or not).
void note_waiting(Database& db, const Clock& clock, std::int64_t attempt_id, bool anew = false);

/// Ends an attempt. It stays open while something may be unfinished on the platform.
void end_attempt(Database& db, const Clock& clock, std::int64_t attempt_id, const Outcome& outcome);

/// An attempt as far as its end needs it.
struct EndingAttempt {
  std::string video_id;
  std::string platform;
  std::string state;
  bool maybe_published = false;
  bool ours = false;  ///< running in this process
  std::string metadata_json;
};
std::optional<EndingAttempt> find_attempt(Database& db, std::int64_t attempt_id);

/// Running or stopped on the way to being public, of videos that still exist and are not posted; oldest
/// first.
std::vector<Attempt> attempts_to_look_up(Database& db);
std::vector<Attempt> attempts_of(Database& db, std::string_view video_id);

}  // namespace asfs
