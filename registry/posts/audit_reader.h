// Reads audit/events.db for what it tells of posts, into tables of our own, where it can be looked up by id,
// content and time (evidence.h).
//
// The thread of the registry whose connection `db` is.
#pragma once

#include <stop_token>

#include "registry/base/result.h"
#include "registry/base/sqlite.h"
#include "registry/store/library.h"

namespace asfs {

/// What it has not told before. Cheap when nothing is new. What cannot be read is left for the next time.
Result<void> read_audit_trail(Database& db, const Library& library, std::stop_token stop = {});

/// The same for all who judge whether something was posted: an audit trail that cannot be read stops nobody.
void know_audit_trail(Database& db, const Library& library, std::stop_token stop = {});

}  // namespace asfs
