// Up to format 6 practice wrote into the library itself, and marks told its uploads from the real ones.
// Practice has a library of its own now (registry/practice/practice_copy.h); this takes out of an old one
// what practice left there.
//
// Internal to registry/. Runs inside the caller's transaction; a failing statement throws SqliteError.
#pragma once

#include "registry/base/sqlite.h"

namespace asfs {

/// Attempts, slots, quotas, queued uploads, post checks and undelivered webhooks of practice go; rows that it
/// had written are again what stood before, as far as that is certain. Nothing in a library without marks.
void remove_practice_marks(Database& db);

}  // namespace asfs
