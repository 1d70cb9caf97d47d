#include "registry/store/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "assets/assets.h"
#include "registry/base/files.h"
#include "registry/base/text.h"
#include "registry/store/practice_marks.h"

namespace asfs {
namespace {

struct Migration {
  int version;
  std::string_view name;
  std::string_view script;            ///< an asset
  void (*once)(Database&) = nullptr;  ///< after it; the script itself may run again
};
constexpr std::array kMigrations{
    Migration{1, "shared tables, attempts, history, change log", "schema.sql"},
    Migration{2, "content sent under other ids, posts to be looked at once more", "schema_2.sql"},
    Migration{3, "times of posts, for rate limits", "schema_3.sql"},
    Migration{4, "what files are, quotas of accounts", "schema_4.sql"},
    Migration{5, "what webhooks are to be told", "schema_5.sql"},
    Migration{6, "when the queue has changed", "schema_6.sql"},
    Migration{7, "contents whose end was decoded", "schema_7.sql"},
    Migration{8, "tries at the same post, and since when its platform is asked", "schema_8.sql"},
    Migration{9, "practice on its own", "schema_9.sql", remove_practice_marks},
    Migration{10, "which library this is, what files are, posts known from elsewhere", "schema_10.sql"},
    Migration{11, "what platforms wait for", "schema_11.sql"},
    Migration{12, "whose account an attempt goes to", "schema_12.sql"},
    Migration{13, "to which process a queued upload is lent", "schema_13.sql"},
    Migration{14, "which files were made of which clips", "schema_14.sql"}};

/// Triggers in the scripts above, all on the shared tables and our own.
constexpr int kTriggers = 20;

struct SharedTable {
  std::string_view name;
  std::vector<std::string_view> columns;
};

const std::array<SharedTable, 2>& shared_tables() {
  static const std::array<SharedTable, 2> tables{{
      {"videos", {"id", "file_path", "title", "created_at", "duration", "checksum", "duplicate_allowed"}},
      {"video_uploads",
       {"id", "video_id", "platform", "upload_status", "upload_timestamp", "platform_post_id",
        "error_message", "retry_count"}},
  }};
  return tables;
}

std::vector<std::string> columns_of(Database& db, std::string_view table) {
  auto statement = db.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid");
  statement->bind_all(table);
  std::vector<std::string> columns;
  while (statement->step()) columns.push_back(statement->text(0));
  return columns;
}

/// 0 when no program of ours has opened the file yet.
int applied_version(Database& db) {
  constexpr auto kKnown =
      "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'asfs_migrations'";
  if (db.query_int(kKnown) == 0) return 0;
  return static_cast<int>(db.query_int("SELECT max(version) FROM asfs_migrations"));
}

Result<void> check_version(const Database& db, int version) {
  if (version <= newest_schema_version()) return {};
  return fail(Code::library,
              fmt::format("{} belongs to a newer ASFS Videos (format {}, this program knows {}): "
                          "install the newer program; nothing was changed",
                          path_text(db.path()), version, newest_schema_version()));
}

/// An empty file is as good as none; everything else must be the library of ASFS.
Result<void> check_shared_tables(Database& db) {
  if (db.query_int("SELECT count(*) FROM sqlite_master") == 0) return {};
  const auto foreign = [&](std::string_view what) {
    return fail(Code::library,
                fmt::format("{} is not a library of ASFS ({}); move it away, or choose another folder "
                            "with --home; nothing was changed",
                            path_text(db.path()), what));
  };
  for (const SharedTable& table : shared_tables()) {
    const auto found = columns_of(db, table.name);
    if (found.empty() && table.name == "videos") return foreign("it has no table videos");
    if (found.empty()) continue;
    for (const auto column : table.columns)
      if (std::ranges::find(found, column) == found.end())
        return foreign(fmt::format("its table {} has no column {}", table.name, column));
  }
  return {};
}

void run_script(Database& db, std::string_view asset) {
  db.execute(asset_text(asset).data());
}

/// One transaction each; the version is read again inside it, since another process may have been faster.
Result<void> migrate(Database& db, const Clock& clock) {
  for (const Migration& migration : kMigrations) {
    Transaction transaction(db);
    if (applied_version(db) >= migration.version) continue;
    if (auto ours = check_shared_tables(db); !ours) return ours;
    run_script(db, migration.script);
    if (migration.once) migration.once(db);
    db.prepare("INSERT INTO asfs_migrations(version, name, applied_at) VALUES (?1, ?2, ?3)")
        ->bind_all(migration.version, migration.name, utc_timestamp(clock.now()))
        .run();
    transaction.commit();
  }
  return check_version(db, applied_version(db));
}

/// DROP TABLE takes our triggers along, so a shared table that another program made anew has none. Readers
/// cannot know what they missed: every video counts as changed.
Result<void> restore_triggers(Database& db) {
  constexpr auto kCount = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'asfs_*'";
  if (db.query_int(kCount) >= kTriggers) return {};
  Transaction transaction(db);
  if (auto ours = check_shared_tables(db); !ours) return ours;
  for (const Migration& migration : kMigrations) run_script(db, migration.script);
  db.execute("DELETE FROM asfs_changes; INSERT INTO asfs_changes(video_id) SELECT id FROM videos");
  transaction.commit();
  return {};
}

/// A practice library knows nothing of what is on the real platforms.
Result<void> check_kind(Database& db, const Library& library) {
  if (library.practice() || db.query_int("SELECT 1 FROM asfs_settings WHERE name = 'practice'") == 0)
    return {};
  return fail(Code::library,
              fmt::format("{0} is where `--practice` works, and no library of its own; use --home "
                          "{1}, or --home {1} --practice",
                          path_text(library.home), path_text(library.home.parent_path())));
}

bool in_wal_mode(Database& db, std::string_view pragma) {
  auto statement = db.prepare(pragma);
  return statement->step() && statement->text_view(0) == "wal";
}

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

bool has_table(Database& db, std::string_view name) {
  auto found = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1");
  found->bind_all(name);
  return found->step();
}

/// What the folder tells of uploads that were made here; "" for nothing. `posts_only`: and that came out.
std::string told_uploads(const Library& library, bool posts_only) {
  if (library.practice()) return "";  // may be thrown away in parts
  const auto audit = library.audit_database();
  if (is_there(audit)) {
    const auto told = guarded(audit, [&]() -> Result<std::string> {
      Database db(audit, Database::Mode::read_only);
      if (!has_table(db, "upload_events")) return "";
      auto events = db.prepare(
          "SELECT count(*), max(timestamp) FROM upload_events WHERE ?1 = 0 OR"
          " lower(status) = 'success'");
      events->bind_all(posts_only);
      if (!events->step() || events->integer(0) == 0) return "";
      return fmt::format("audit/events.db tells of {} {}{}, the last {}", events->integer(0),
                         posts_only ? "post" : "upload", events->integer(0) == 1 ? "" : "s",
                         short_time(events->text(1)));
    });
    if (told && !told->empty()) return *told;
  }
  std::error_code unknown;
  const auto size = std::filesystem::file_size(library.upload_log(), unknown);
  return !posts_only && !unknown && size > 0 ? "logs/uploads.log tells of uploads" : "";
}

constexpr auto kBringItBack =
    "put the file back, or a backup of it; to begin a new library here, move the folders audit and logs "
    "elsewhere first; nothing was changed";

Error gone(const Library& library) {
  return {Code::library,
          fmt::format("the library in {} is gone; it was there before: connect its drive, or put the folder "
                      "back in its place, and it goes on; no new one is made",
                      path_text(library.home))};
}

/// Whether the file may be made; an Error where it must not.
Result<bool> may_create(const Library& library) {
  if (is_there(library.database())) return false;
  if (!library.opened->id().empty()) return std::unexpected(gone(library));
  if (const auto told = told_uploads(library, false); !told.empty())
    return fail(Code::library, fmt::format("{} is missing although {}: {}", path_text(library.database()),
                                           told, kBringItBack));
  return true;
}

/// Emptied or replaced by a new one: no video and no memory of one, but posts were made.
Result<void> check_not_emptied(const Library& library, Database& db) {
  for (const char* table :
       {"videos", "video_uploads", "asfs_attempts", "asfs_upload_history", "asfs_video_history"})
    if (has_table(db, table) && db.query_int(fmt::format("SELECT EXISTS (SELECT 1 FROM {})", table)) != 0)
      return {};
  const auto told = told_uploads(library, true);
  if (told.empty()) return {};
  return fail(Code::library,
              fmt::format("{} is empty although {}: {}", path_text(db.path()), told, kBringItBack));
}

std::string id_of(Database& db) {
  if (!has_table(db, "asfs_library")) return "";
  auto found = db.prepare("SELECT id FROM asfs_library LIMIT 1");
  return found->step() ? found->text(0) : "";
}

/// Of the library that was opened here first, this must be the same one.
Result<void> check_identity(const Library& library, Database& db) {
  const std::string known = library.opened->id();
  if (known.empty() || known == id_of(db)) return {};
  return fail(Code::library,
              fmt::format("another library lies in {} now than was opened there: put the first one back, or "
                          "start again to work on this one; nothing was changed",
                          path_text(library.home)));
}

}  // namespace

Result<void> check_still_there(const Library& library) {
  if (library.opened->id().empty() || is_there(library.database())) return {};
  return std::unexpected(gone(library));
}

bool switch_to_wal(Database& db) {
  constexpr int kPatienceMs = 500;
  if (in_wal_mode(db, "PRAGMA journal_mode")) return true;
  const auto busy_timeout = static_cast<int>(db.query_int("PRAGMA busy_timeout"));
  sqlite3_busy_timeout(db.handle(), kPatienceMs);
  bool changed = false;
  try {
    changed = in_wal_mode(db, "PRAGMA journal_mode=WAL");
  } catch (const SqliteError& error) {
    if ((error.code() & 0xFF) != SQLITE_BUSY) throw;
  }
  sqlite3_busy_timeout(db.handle(), busy_timeout);
  return changed;
}

int newest_schema_version() {
  return kMigrations.back().version;
}

Result<std::unique_ptr<Database>> open_registry_database(const Library& library, const Clock& clock) {
  const auto create = may_create(library);
  if (!create) return std::unexpected(create.error());
  if (*create)
    if (auto made = make_private_folder(library.database().parent_path()); !made)
      return std::unexpected(made.error());
  return guarded(library.database(), [&]() -> Result<std::unique_ptr<Database>> {
    auto db = std::make_unique<Database>(
        library.database(), *create ? Database::Mode::read_write_create : Database::Mode::read_write);
    if (sqlite3_db_readonly(db->handle(), "main") == 1)
      throw SqliteError(SQLITE_READONLY, "attempt to write a readonly database");
    Result<void> ready = check_version(*db, applied_version(*db));
    if (ready) ready = check_identity(library, *db);
    if (ready && !*create) ready = check_not_emptied(library, *db);
    if (ready && applied_version(*db) < newest_schema_version()) ready = migrate(*db, clock);
    if (ready) ready = restore_triggers(*db);
    if (ready) ready = check_kind(*db, library);
    if (!ready) return std::unexpected(ready.error());
    // NORMAL loses no more than the last moments of a power cut, and only in WAL mode.
    if (switch_to_wal(*db)) db->execute("PRAGMA synchronous=NORMAL");
    if (!library.practice()) library.opened->set_id(id_of(*db));  // that one may be deleted at any time
    return db;
  });
}

Result<std::unique_ptr<Database>> open_registry_reader(const Library& library, bool any_version) {
  if (auto there = check_still_there(library); !there) return std::unexpected(there.error());
  if (!is_there(library.database()))
    return fail(Code::library, fmt::format("there is no library at {} yet; register a video first",
                                           path_text(library.home)));
  return guarded(library.database(), [&]() -> Result<std::unique_ptr<Database>> {
    auto db = std::make_unique<Database>(library.database(), Database::Mode::read_only);
    const int version = applied_version(*db);
    if (auto known = check_version(*db, version); !known) return std::unexpected(known.error());
    if (auto same = check_identity(library, *db); !same) return std::unexpected(same.error());
    if (version < newest_schema_version() && !any_version)
      return fail(Code::library,
                  fmt::format("{} has not been opened by this version of ASFS Videos yet; a command "
                              "that writes, such as register, brings it up to date",
                              path_text(library.database())));
    return db;
  });
}

}  // namespace asfs
