// The tables: the two shared ones to the letter, and our own beside them, brought up by numbered migrations.
//
// The shared tables (videos, video_uploads, index idx_video_uploads_status) are never altered; triggers stand
// on both. Ours start with `asfs_`, such as asfs_attempts (upload_ledger.h), asfs_upload_history (every
// earlier state of a video_uploads row, written by trigger, so by other programs too) and asfs_changes (which
// videos changed, for snapshot_reader.h). Guard triggers drop writes of BLOCKED or RATE_LIMITED over SUCCESS,
// whoever makes them. The statements themselves, and what each table is for: schema.sql for the first
// migration, schema_2.sql and so on for the others.
#pragma once

#include <memory>

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/base/sqlite.h"
#include "registry/store/library.h"

namespace asfs {

/// The newest migration this program knows.
int newest_schema_version();

/// Opens database/videos.db for writing: WAL with synchronous NORMAL, or a rollback journal with FULL until
/// the next start while another program keeps the mode from changing; busy timeout 10 s, foreign keys on,
/// migrations applied, each in one transaction. Makes the file, and its folders 0700, only where nothing of a
/// library exists: never where the audit trail or the upload log speak of one, nor where this program had one
/// open before (Library::opened). Fails with Code::library when the file is gone, empty although posts were
/// made, damaged, foreign (no database, a `videos` table that is not ours, or another library than the one
/// that was opened here first), locked, unwritable, newer, or that of a practice folder when `library` is
/// none.
Result<std::unique_ptr<Database>> open_registry_database(const Library& library,
                                                         const Clock& clock = system_clock());

/// True when the file is in WAL mode now. While another program reads it the mode cannot change; then it
/// stays a rollback journal, which is as safe, until the next start.
bool switch_to_wal(Database& db);

/// Code::library when the library that this program opened is not in its place now; what would write beside
/// the database asks first.
Result<void> check_still_there(const Library& library);

/// The same file for reading only, never creating or migrating; fails when it does not exist. `any_version`:
/// the shared tables are enough, it need not be up to date.
Result<std::unique_ptr<Database>> open_registry_reader(const Library& library, bool any_version = false);

}  // namespace asfs
