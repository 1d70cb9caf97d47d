#include "registry/picture/snapshot_reader.h"

#include <sys/stat.h>

#include <utility>

#include "registry/picture/snapshot_build.h"
#include "registry/store/schema.h"

namespace asfs {
namespace {

/// More log entries than this are not looked at one by one.
constexpr std::int64_t kMostChanges = 20'000;

/// Reading one video by its id costs about as much as this many in a full load.
constexpr std::size_t kCostOfOne = 16;
constexpr std::size_t kAlwaysOneByOne = 64;

/// Which file a path leads to.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;

  bool operator==(const FileIdentity&) const = default;
};

std::optional<FileIdentity> identity_of(const std::filesystem::path& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  return FileIdentity{info.st_dev, info.st_ino};
}

/// A place in asfs_changes. The log names a video once, with the number of its last change.
struct LogPlace {
  std::int64_t seq = 0;
  std::optional<std::string> video_id;  ///< unless it is no text
};

std::int64_t data_version(Database& db) {
  return db.query_int("PRAGMA data_version");
}

/// The log is of use when the triggers that keep it are there, three or more on each table: a tool that
/// rebuilds a table drops them.
bool has_change_log(Database& db) {
  return db.query_int(
             "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "
             "AND tbl_name IN ('videos', 'video_uploads') AND sql LIKE '%INSERT INTO asfs_changes%'") >= 6;
}

LogPlace place_of(const Statement& entry) {
  const bool is_text = sqlite3_column_type(entry.handle(), 1) == SQLITE_TEXT;
  return {entry.integer(0), is_text ? std::optional(entry.text(1)) : std::nullopt};
}

LogPlace end_of_log(Database& db) {
  const auto last = db.prepare("SELECT seq, video_id FROM asfs_changes ORDER BY seq DESC LIMIT 1");
  return last->step() ? place_of(*last) : LogPlace{};
}

/// Numbers only grow: what stood at `place` stands there or later, unless an older copy was restored.
bool is_same_log(Database& db, const LogPlace& place) {
  const auto now = db.prepare("SELECT max(seq) FROM asfs_changes WHERE ?1 IS NULL OR video_id = ?1");
  return now->bind(1, place.video_id).step() && now->integer(0) >= place.seq;
}

/// The ids in the log behind `place`, which moves to its end. Nothing when the log does not tell: a changed
/// row has no usable id, or there is too much.
std::optional<std::vector<std::string>> changes_behind(Database& db, LogPlace& place) {
  const auto entry =
      db.prepare("SELECT seq, video_id FROM asfs_changes WHERE seq > ?1 ORDER BY seq LIMIT ?2");
  entry->bind_all(place.seq, kMostChanges + 1);
  std::vector<std::string> ids;
  while (entry->step()) {
    place = place_of(*entry);
    if (!place.video_id || place.video_id->empty() || std::ssize(ids) == kMostChanges) return std::nullopt;
    ids.push_back(*place.video_id);
  }
  return ids;
}

}  // namespace

struct SnapshotReader::State {
  State(Library of, Destinations all)
      : library(std::move(of)),
        destinations(std::make_shared<const Destinations>(std::move(all))),
        builder(destinations) {}

  /// What the picture was made of; it is up to date as long as this stays the same.
  struct Seen {
    std::int64_t data_version = -1;
    std::int64_t schema_version = -1;
    bool has_log = false;
    LogPlace log;
  };

  Library library;
  std::shared_ptr<const Destinations> destinations;
  std::unique_ptr<Database> db;
  FileIdentity file;
  Seen seen;
  SnapshotBuilder builder;

  Result<void> open() {
    const auto identity = identity_of(library.database());
    auto opened = open_registry_reader(library);
    if (!opened) return std::unexpected(opened.error());
    db = std::move(*opened);
    file = identity.value_or(FileIdentity{});
    seen = {};
    return {};
  }

  bool is_replaced() const { return identity_of(library.database()) != file; }

  bool is_current() { return builder.current() && data_version(*db) == seen.data_version; }

  void refresh() {
    if (is_current()) return;
    const ReadTransaction all_of_one_moment(*db);
    Seen now{.data_version = data_version(*db), .schema_version = db->query_int("PRAGMA schema_version")};
    if (seen.has_log && now.schema_version == seen.schema_version && refresh_changed(now)) return;
    now.has_log = has_change_log(*db);
    now.log = now.has_log ? end_of_log(*db) : LogPlace{};
    builder.load(*db);
    seen = std::move(now);
  }

  bool refresh_changed(Seen& now) {
    now.has_log = true;
    now.log = seen.log;
    if (!is_same_log(*db, now.log)) return false;
    auto ids = changes_behind(*db, now.log);
    if (!ids || ids->size() > kAlwaysOneByOne + builder.current()->size() / kCostOfOne) return false;
    const auto fresh = builder.read(*db, std::move(*ids));
    if (!fresh) return false;
    builder.apply(*fresh);
    seen = std::move(now);
    return true;
  }
};

SnapshotReader::SnapshotReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SnapshotReader::SnapshotReader(SnapshotReader&&) noexcept = default;
SnapshotReader& SnapshotReader::operator=(SnapshotReader&&) noexcept = default;
SnapshotReader::~SnapshotReader() = default;

Result<SnapshotReader> SnapshotReader::open(const Library& library) {
  auto destinations = load_destinations(library);
  if (!destinations) return std::unexpected(destinations.error());
  return open(library, *std::move(destinations));
}

Result<SnapshotReader> SnapshotReader::open(const Library& library, Destinations destinations) {
  auto state = std::make_unique<State>(library, std::move(destinations));
  if (auto opened = state->open(); !opened) return std::unexpected(opened.error());
  return SnapshotReader(std::move(state));
}

const Destinations& SnapshotReader::destinations() const {
  return *state_->destinations;
}

bool SnapshotReader::changed() {
  // What cannot be asked is for refresh() to report.
  const auto current =
      guarded(state_->library.database(), [&]() -> Result<bool> { return state_->is_current(); });
  return !current || !*current || state_->is_replaced();
}

Result<std::shared_ptr<const Snapshot>> SnapshotReader::refresh(std::stop_token stop) {
  return guarded(state_->library.database(), [&]() -> Result<std::shared_ptr<const Snapshot>> {
    if (state_->is_replaced())
      if (auto opened = state_->open(); !opened) return std::unexpected(opened.error());
    const StoppableStatements stoppable(*state_->db, std::move(stop));
    state_->refresh();
    return state_->builder.current();
  });
}

const SnapshotReader::Delta& SnapshotReader::last_delta() const {
  return state_->builder.delta();
}

}  // namespace asfs
