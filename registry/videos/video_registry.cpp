#include "registry/videos/video_registry.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "registry/base/text.h"
#include "registry/posts/audit_reader.h"
#include "registry/posts/upload_facts.h"
#include "registry/store/schema.h"
#include "registry/store/upload_rows.h"

namespace asfs {
namespace {

constexpr std::string_view kWriteMetadata =
    "INSERT OR REPLACE INTO asfs_metadata(video_id, document) VALUES (?1, ?2)";

std::string read_metadata(Database& db, std::string_view video_id) {
  auto found = db.prepare("SELECT document FROM asfs_metadata WHERE video_id = ?1");
  found->bind_all(video_id);
  return found->step() ? found->text(0) : std::string("{}");
}

/// A video and one of its uploads; a video without uploads gives one row.
constexpr std::string_view kSelectVideos =
    "SELECT v.rowid, v.id, v.file_path, v.title, v.created_at, v.duration, v.checksum, v.duplicate_allowed,"
    " u.id, u.platform, u.upload_status, u.upload_timestamp, u.platform_post_id, u.error_message, "
    "u.retry_count"
    " FROM videos v LEFT JOIN video_uploads u ON u.video_id = v.id ";

Video read_video(const Statement& row) {
  Video video;
  video.id = row.text(1);
  video.file_path = row.text(2);
  video.title = title_or_stem(row.text_view(3), video.file_path);
  video.created_at = row.text(4);
  video.duration = row.real(5);
  video.checksum = row.optional_text(6);
  video.duplicate_allowed = row.integer(7) != 0;
  return video;
}

/// One statement, so that a video and its uploads are of the same moment.
template <class... Args>
std::vector<Video> select_videos(Database& db, std::string_view rest, const Args&... args) {
  auto rows = db.prepare(fmt::format("{}{}", kSelectVideos, rest));
  rows->bind_all(args...);
  std::vector<Video> videos;
  std::int64_t last_rowid = 0;
  while (rows->step()) {
    if (const auto rowid = rows->integer(0); videos.empty() || rowid != last_rowid) {
      videos.push_back(read_video(*rows));
      last_rowid = rowid;
    }
    if (rows->is_null(8)) continue;
    std::string platform = rows->text(9);
    videos.back().uploads.insert_or_assign(platform, read_upload(*rows, 10, platform));
  }
  return videos;
}

std::optional<Video> first_of(std::vector<Video> videos) {
  if (videos.empty()) return std::nullopt;
  return std::move(videos.front());
}

/// One statement for each target status: it names the statuses that may always become it, so that a change is
/// checked and written without a transaction around it. SUCCESS forgets the failures. What needs a second
/// look (a row to make, duplicates, an unfinished attempt) it leaves alone.
const std::string& quick_update(UploadStatus to) {
  static const auto statements = [] {
    std::array<std::string, kUploadStatusCount> all;
    for (const auto& target : kStatuses) {
      std::string from;
      for (const auto& status : kStatuses)
        if (allowed_transition(status.status, target.status) == Transition::always)
          from += fmt::format("{}'{}'", from.empty() ? "" : ", ", status.name);
      all[static_cast<std::size_t>(target.status)] = fmt::format(
          "UPDATE video_uploads SET upload_status = '{}', upload_timestamp = ?3, platform_post_id = ?4,"
          " error_message = ?5{} WHERE video_id = ?1 AND platform = ?2 AND upload_status IN ({})"
          " AND NOT EXISTS (SELECT 1 FROM asfs_attempts WHERE video_id = ?1 AND platform = ?2 AND open = 1)",
          target.name, target.status == UploadStatus::success ? ", retry_count = 0" : "", from);
    }
    return all;
  }();
  return statements[static_cast<std::size_t>(to)];
}

/// The status of a row that is not there is PENDING; a word we do not know hinders nobody from writing a
/// better one.
bool may_move(const std::optional<Upload>& row, UploadStatus to, bool duplicate_allowed) {
  const auto from = row ? parse_status(row->upload_status) : UploadStatus::pending;
  if (!from) return true;
  const Transition transition = allowed_transition(*from, to);
  return transition == Transition::always || (transition == Transition::with_duplicates && duplicate_allowed);
}

Error move_refused(std::string_view video_id, const Upload& row, UploadStatus to) {
  if (row.is(UploadStatus::success)) return {Code::blocked, already_posted_reason(video_id, row)};
  return {Code::blocked,
          fmt::format("{} is {} on {} since {} and cannot become {}", video_id, row.upload_status,
                      row.platform, short_time(row.upload_timestamp), names_of(to).name)};
}

/// Reads the row, asks `change` for its next state, and writes that if the table of moves allows it.
template <class Change>
Result<Upload> change_upload(Database& db, const Clock& clock, std::string_view video_id,
                             std::string_view platform, Change change) {
  Transaction transaction(db);
  const auto standing = load_upload_facts(db, clock, video_id, platform);
  if (!standing) return std::unexpected(no_such_video(video_id));
  if (standing->attempt && standing->attempt->alive) return fail(Code::blocked, busy_reason(*standing));
  const auto& row = standing->row;
  Upload next = row.value_or(Upload{});
  next.platform = platform;
  const UploadStatus to = change(next);
  if (!may_move(row, to, standing->duplicate_allowed))
    return std::unexpected(move_refused(video_id, *row, to));
  next.upload_status = names_of(to).name;
  write_upload(db, video_id, next);
  transaction.commit();
  return next;
}

bool can_be_written(const Library& library) {
  constexpr std::uint64_t kRoom = 1 << 20;
  const std::filesystem::path file = library.database();
  struct statvfs disk {};
  const bool full = ::statvfs(file.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize < kRoom;
  const auto writable = [](const std::filesystem::path& path) {
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
  };
  return !full && writable(file) && writable(file.parent_path());
}

void write_facts(Database& db, const std::string& video_id, const std::string& checksum,
                 const FileFacts& facts) {
  db.prepare(
        "INSERT OR REPLACE INTO asfs_files(video_id, checksum, size, duration, width, height, video_codec, "
        "fps)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
      ->bind_all(video_id, checksum, static_cast<std::int64_t>(facts.size), facts.media.duration,
                 facts.media.width, facts.media.height, facts.media.video_codec, facts.media.fps)
      .run();
}

}  // namespace

Result<VideoRegistry> VideoRegistry::open(const Library& library, const Clock& clock) {
  auto db = open_registry_database(library, clock);
  if (!db) return std::unexpected(db.error());
  return VideoRegistry(library, clock, std::move(*db));
}

Result<VideoRegistry> VideoRegistry::open_to_read(const Library& library, const Clock& clock) {
  auto opened = open(library, clock);
  if (opened || can_be_written(library)) return opened;
  auto db = open_registry_reader(library, true);
  if (!db) return opened;
  return VideoRegistry(library, clock, std::move(*db));
}

Result<void> VideoRegistry::follow() {
  if (db_ && !db_->is_moved()) return check_still_there(library_);
  auto again = open_registry_database(library_, *clock_);
  if (!again) return std::unexpected(again.error());
  db_ = std::move(*again);
  return {};
}

Result<void> VideoRegistry::register_video(const NewVideo& video) {
  if (video.id.empty() || valid_utf8(video.id) != video.id)
    return fail(Code::usage, fmt::format("\"{}\" cannot be a video's id: it must be UTF-8 text and not empty",
                                         valid_utf8(video.id)));
  return guarded(db_->path(), [&]() -> Result<void> {
    Transaction transaction(*db_);
    // The Python program's window breaks on a title or duration that is NULL, and on text that is not UTF-8.
    const std::string_view title = title_or_stem(video.title, video.file_path);
    db_->prepare(
           "INSERT INTO videos(id, file_path, title, created_at, duration, checksum, duplicate_allowed)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(id) DO NOTHING")
        ->bind_all(video.id, video.file_path, valid_utf8(title), local_timestamp(clock_->now()),
                   video.duration, video.checksum, video.duplicate_allowed)
        .run();
    if (db_->changes() == 0)
      return fail(Code::blocked,
                  fmt::format("the id {} is taken by another video; give another one with --id", video.id));
    if (video.checksum && video.facts) write_facts(*db_, video.id, *video.checksum, *video.facts);
    if (!video.metadata_json.empty())
      db_->prepare(kWriteMetadata)->bind_all(video.id, video.metadata_json).run();
    transaction.commit();
    return {};
  });
}

Result<std::optional<FileFacts>> VideoRegistry::get_file_facts(std::string_view video_id) {
  return guarded(db_->path(), [&]() -> Result<std::optional<FileFacts>> {
    auto found = db_->prepare(
        "SELECT f.size, f.duration, f.width, f.height, f.video_codec, f.fps FROM asfs_files f"
        " JOIN videos v ON v.id = f.video_id AND v.checksum = f.checksum WHERE f.video_id = ?1");
    found->bind_all(video_id);
    if (!found->step()) return std::nullopt;
    return FileFacts{static_cast<std::uint64_t>(found->integer(0)),
                     {.duration = found->real(1),
                      .width = static_cast<int>(found->integer(2)),
                      .height = static_cast<int>(found->integer(3)),
                      .video_codec = found->text(4),
                      .fps = found->real(5)}};
  });
}

Result<std::string> VideoRegistry::get_metadata(std::string_view video_id) {
  return guarded(db_->path(), [&]() -> Result<std::string> { return read_metadata(*db_, video_id); });
}

Result<void> VideoRegistry::change_metadata(
    std::span<const std::string> ids,
    const std::function<Result<std::string>(std::size_t, const std::string&)>& change) {
  const auto exists = [&](const std::string& id) {
    auto video = db_->prepare("SELECT 1 FROM videos WHERE id = ?1");
    video->bind_all(id);
    return video->step();
  };
  return guarded(db_->path(), [&]() -> Result<void> {
    Transaction transaction(*db_);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (!exists(ids[i])) return std::unexpected(no_such_video(ids[i]));
      const auto document = change(i, read_metadata(*db_, ids[i]));
      if (!document) return std::unexpected(document.error());
      db_->prepare(kWriteMetadata)->bind_all(ids[i], *document).run();
    }
    transaction.commit();
    return {};
  });
}

Result<std::optional<Video>> VideoRegistry::get_video(std::string_view video_id) {
  return guarded(db_->path(), [&]() -> Result<std::optional<Video>> {
    return first_of(select_videos(*db_, "WHERE v.id = ?1", video_id));
  });
}

Result<std::optional<Video>> VideoRegistry::find_by_checksum(std::string_view checksum) {
  return guarded(db_->path(), [&]() -> Result<std::optional<Video>> {
    return first_of(select_videos(*db_, "WHERE v.checksum = ?1 ORDER BY v.created_at, v.rowid", checksum));
  });
}

Result<std::vector<Video>> VideoRegistry::get_all_videos() {
  return guarded(db_->path(), [&]() -> Result<std::vector<Video>> {
    return select_videos(*db_, "ORDER BY v.created_at DESC, v.rowid DESC");
  });
}

Result<std::optional<Upload>> VideoRegistry::get_upload_status(std::string_view video_id,
                                                               std::string_view platform) {
  return guarded(db_->path(),
                 [&]() -> Result<std::optional<Upload>> { return find_upload(*db_, video_id, platform); });
}

Result<UploadPermission> VideoRegistry::can_upload(std::string_view video_id, std::string_view platform,
                                                   bool by_hand) {
  know_audit_trail(*db_, library_);
  return guarded(db_->path(), [&]() -> Result<UploadPermission> {
    const auto standing = load_upload_facts(*db_, *clock_, video_id, platform);
    if (!standing) return std::unexpected(no_such_video(video_id));
    const auto refusal = why_not(*standing, by_hand);
    if (!refusal) return UploadPermission{.allowed = true};
    return UploadPermission{false, refusal->reason, refusal->duplicate, refusal->running, refusal->twin};
  });
}

Result<void> VideoRegistry::record_upload_attempt(std::string_view video_id, std::string_view platform,
                                                  UploadStatus status,
                                                  const std::optional<std::string>& platform_post_id,
                                                  const std::optional<std::string>& error_message) {
  return guarded(db_->path(), [&]() -> Result<void> {
    const std::string timestamp = local_timestamp(clock_->now());
    db_->prepare(quick_update(status))
        ->bind_all(video_id, platform, timestamp, clean_text(platform_post_id), clean_text(error_message))
        .run();
    if (db_->changes() > 0) return {};
    const auto written = change_upload(*db_, *clock_, video_id, platform, [&](Upload& row) {
      row.upload_timestamp = timestamp;
      row.platform_post_id = platform_post_id;
      row.error_message = error_message;
      if (status == UploadStatus::success) row.retry_count = 0;
      return status;
    });
    if (!written) return std::unexpected(written.error());
    return {};
  });
}

Result<int> VideoRegistry::increment_retry_count(std::string_view video_id, std::string_view platform,
                                                 const std::optional<std::string>& error_message) {
  return guarded(db_->path(), [&]() -> Result<int> {
    const auto written = change_upload(*db_, *clock_, video_id, platform, [&](Upload& row) {
      row.upload_timestamp = local_timestamp(clock_->now());
      row.platform_post_id.reset();
      row.error_message = error_message;
      return status_after_failures(++row.retry_count);
    });
    if (!written) return std::unexpected(written.error());
    return written->retry_count;
  });
}

Result<void> VideoRegistry::set_duplicate_allowed(std::string_view video_id, bool allowed) {
  return guarded(db_->path(), [&]() -> Result<void> {
    db_->prepare("UPDATE videos SET duplicate_allowed = ?2 WHERE id = ?1")->bind_all(video_id, allowed).run();
    if (db_->changes() == 0) return std::unexpected(no_such_video(video_id));
    return {};
  });
}

Result<void> VideoRegistry::set_duplicate_allowed(std::span<const std::string> video_ids, bool allowed) {
  return guarded(db_->path(), [&]() -> Result<void> {
    Transaction transaction(*db_);
    for (const std::string& id : video_ids)
      db_->prepare("UPDATE videos SET duplicate_allowed = ?2 WHERE id = ?1 AND duplicate_allowed IS NOT ?2")
          ->bind_all(id, allowed)
          .run();
    transaction.commit();
    return {};
  });
}

Result<void> VideoRegistry::set_title(std::string_view video_id, std::string_view title) {
  return guarded(db_->path(), [&]() -> Result<void> {
    db_->prepare("UPDATE videos SET title = ?2 WHERE id = ?1")->bind_all(video_id, valid_utf8(title)).run();
    if (db_->changes() == 0) return std::unexpected(no_such_video(video_id));
    return {};
  });
}

Result<void> VideoRegistry::set_file_path(std::string_view video_id, std::string_view file_path) {
  return guarded(db_->path(), [&]() -> Result<void> {
    db_->prepare("UPDATE videos SET file_path = ?2 WHERE id = ?1")->bind_all(video_id, file_path).run();
    if (db_->changes() == 0) return std::unexpected(no_such_video(video_id));
    return {};
  });
}

Result<void> VideoRegistry::delete_video(std::string_view video_id) {
  return guarded(db_->path(), [&]() -> Result<void> {
    Transaction transaction(*db_);
    std::vector<std::string> open_on;
    {
      auto open = db_->prepare("SELECT platform FROM asfs_attempts WHERE video_id = ?1 AND open = 1");
      open->bind_all(video_id);
      while (open->step()) open_on.push_back(open->text(0));
    }
    for (const auto& platform : open_on) {
      const auto standing = load_upload_facts(*db_, *clock_, video_id, platform);
      if (standing && standing->attempt && standing->attempt->alive)
        return fail(Code::blocked, busy_reason(*standing) + "; stop that upload first");
    }
    db_->prepare("DELETE FROM video_uploads WHERE video_id = ?1")->bind_all(video_id).run();
    db_->prepare("DELETE FROM asfs_metadata WHERE video_id = ?1")->bind_all(video_id).run();
    db_->prepare("DELETE FROM videos WHERE id = ?1")->bind_all(video_id).run();
    if (db_->changes() == 0) return std::unexpected(no_such_video(video_id));
    transaction.commit();
    return {};
  });
}

Error no_such_video(std::string_view video_id) {
  return {Code::not_found, fmt::format("there is no video {} in the registry; `list` shows those there are",
                                       one_line(video_id, 80))};
}

}  // namespace asfs
