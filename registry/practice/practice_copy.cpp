#include "registry/practice/practice_copy.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "assets/assets.h"
#include "registry/base/files.h"
#include "registry/base/text.h"
#include "registry/store/schema.h"

namespace asfs {
namespace {

using std::chrono::nanoseconds;

/// Within one tick of the file system's clock a second write does not show.
constexpr std::chrono::milliseconds kOneTick{100};
constexpr int kTries = 10;

/// Which state of a database file this is, as far as its own and its -wal file's times tell.
struct Stamp {
  std::string text;  ///< empty: there is no file
  bool settled = true;

  bool operator==(const Stamp& other) const { return text == other.text; }
};

Stamp stamp_of(const std::filesystem::path& database) {
  Stamp stamp;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  for (const char* ending : {"", "-wal"}) {
    struct stat file {};
    const std::string name = database.native() + ending;
    if (::stat(name.c_str(), &file) != 0) break;
    const nanoseconds changed = std::chrono::seconds(file.st_mtim.tv_sec) + nanoseconds(file.st_mtim.tv_nsec);
    stamp.text += fmt::format("{} {} {};", file.st_ino, file.st_size, changed.count());
    stamp.settled = stamp.settled && changed + kOneTick < now;
  }
  return stamp;
}

std::string copied_from(Database& db) {
  auto found = db.prepare("SELECT value FROM asfs_settings WHERE name = 'copied_from'");
  return found->step() ? found->text(0) : std::string();
}

bool library_has(Database& db, std::string_view table) {
  auto found = db.prepare("SELECT 1 FROM library.sqlite_master WHERE type = 'table' AND name = ?1");
  found->bind_all(table);
  return found->step();
}

/// The library may be older than this program, or the Python program's alone: what it has no table for it
/// does not say.
void make_views(Database& db) {
  const auto view = [&](const char* name, const char* table, const char* columns, const char* nothing) {
    const std::string from = library_has(db, table) ? fmt::format("{} FROM library.{}", columns, table)
                                                    : fmt::format("{} WHERE 0", nothing);
    db.execute(fmt::format("CREATE TEMP VIEW {} AS SELECT {}", name, from).c_str());
  };
  view("library_words", "asfs_metadata", "video_id, document", "NULL AS video_id, NULL AS document");
  view("library_files", "asfs_files", "*",
       "NULL AS video_id, NULL AS checksum, NULL AS size, NULL AS duration, NULL AS width, NULL AS height,"
       " NULL AS video_codec, NULL AS fps");
}

/// False when the library, read without a lock, changed meanwhile.
bool copy(Database& db, const std::filesystem::path& library, const Stamp& stamp) {
  const bool locked = db.attach_unchanged(library, "library");
  bool whole = false;
  try {
    Transaction transaction(db);
    if (library_has(db, "videos")) {
      make_views(db);
      db.execute(asset_text("practice_copy.sql").data());
      db.execute("DROP VIEW temp.library_words; DROP VIEW temp.library_files");
    }
    db.prepare("INSERT OR REPLACE INTO asfs_settings(name, value) VALUES ('copied_from', ?1)")
        ->bind_all(stamp.settled ? stamp.text : "")
        .run();
    whole = locked || stamp_of(library) == stamp;
    if (whole) transaction.commit();
  } catch (const SqliteError&) {
    if (locked || stamp_of(library) == stamp) throw;  // else what was read was torn
  }
  db.execute("DETACH library");
  return whole;
}

/// Under its own id where that is free.
Result<RegistrationReport> take_over(VideoRegistry& from, VideoRegistry& to, const std::string& id,
                                     std::stop_token stop) {
  const auto video = from.get_video(id);
  const auto words = from.get_metadata(id);
  const auto taken = to.get_video(id);
  for (const auto* error :
       {video ? nullptr : &video.error(), words ? nullptr : &words.error(), taken ? nullptr : &taken.error()})
    if (error) return std::unexpected(*error);
  if (!*video) return RegistrationReport{};  // removed meanwhile
  RegisterOptions options{.title = (*video)->title,
                          .words = [&](const auto&, const auto&) -> Result<std::string> { return *words; }};
  if (!*taken) options.id = id;
  return register_files(to, {to.library().resolve((*video)->file_path)}, options, {}, stop);
}

}  // namespace

Library practice_library(const Library& library) {
  return library.practice() ? library : Library{.home = library.home / "practice", .real_home = library.home};
}

Library real_library(const Library& library) {
  return library.practice() ? Library{library.real_home} : library;
}

Result<void> refresh_practice(const Library& practice, const Clock& clock) {
  auto opened = open_registry_database(practice, clock);
  if (!opened) return std::unexpected(opened.error());
  Database& db = **opened;
  const auto library = real_library(practice).database();
  return guarded(library, [&]() -> Result<void> {
    db.execute("INSERT OR IGNORE INTO asfs_settings(name, value) VALUES ('practice', '1')");
    for (int tries = 0; tries < kTries; ++tries) {
      const Stamp stamp = stamp_of(library);
      if (stamp.text.empty() || stamp.text == copied_from(db) || copy(db, library, stamp)) return {};
    }
    return fail(Code::library,
                fmt::format("{} is being written all the time; try again", path_text(library)));
  });
}

Result<std::vector<std::string>> practice_newcomers(VideoRegistry& practice) {
  Database& db = practice.database();
  return guarded(db.path(), [&]() -> Result<std::vector<std::string>> {
    auto rows = db.prepare(
        "SELECT id FROM videos v WHERE NOT EXISTS (SELECT 1 FROM asfs_copied c WHERE c.id = v.id)"
        " AND NOT EXISTS (SELECT 1 FROM asfs_copied c WHERE c.checksum = v.checksum) ORDER BY created_at, "
        "id");
    std::vector<std::string> ids;
    while (rows->step()) ids.push_back(rows->text(0));
    return ids;
  });
}

Result<RegistrationReport> take_over_newcomers(const Library& practice, std::vector<std::string> ids,
                                               std::stop_token stop, const Clock& clock) {
  if (auto fresh = refresh_practice(practice, clock); !fresh) return std::unexpected(fresh.error());
  auto from = VideoRegistry::open(practice, clock);
  if (!from) return std::unexpected(from.error());
  const auto newcomers = practice_newcomers(*from);
  if (!newcomers) return std::unexpected(newcomers.error());
  for (const std::string& id : ids)
    if (std::ranges::find(*newcomers, id) == newcomers->end())
      return fail(Code::not_found,
                  fmt::format("there is no video {} that was added in practice and is not in "
                              "the library",
                              one_line(id, 80)));
  auto to = VideoRegistry::open(real_library(practice), clock);
  if (!to) return std::unexpected(to.error());
  RegistrationReport report;
  for (const std::string& id : ids.empty() ? *newcomers : ids) {
    auto taken = take_over(*from, *to, id, stop);
    if (!taken) return taken;
    std::ranges::move(taken->registered, std::back_inserter(report.registered));
    std::ranges::move(taken->skipped, std::back_inserter(report.skipped));
    std::ranges::move(taken->failed, std::back_inserter(report.failed));
    std::ranges::move(taken->warnings, std::back_inserter(report.warnings));
  }
  if (auto copied = refresh_practice(practice, clock); !copied) return std::unexpected(copied.error());
  return report;
}

}  // namespace asfs
