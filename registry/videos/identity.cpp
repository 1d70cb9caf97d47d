#include "registry/videos/identity.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "registry/base/files.h"
#include "registry/files/media.h"
#include "registry/posts/evidence.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;

/// A video and where its file was noted to lie.
struct Noted {
  std::string id, file_path, created_at;
  std::optional<std::string> checksum;
  DiskFile file;
};

constexpr std::string_view kNoted =
    "SELECT v.id, v.file_path, v.created_at, v.checksum, d.size, d.changed_at, d.device, d.inode"
    " FROM asfs_disk_files d CROSS JOIN videos v ON v.id = d.video_id AND v.file_path = d.file_path ";

template <class... Args>
std::vector<Noted> select_noted(Database& db, std::string_view rest, const Args&... args) {
  auto rows = db.prepare(fmt::format("{}{}", kNoted, rest));
  rows->bind_all(args...);
  std::vector<Noted> found;
  while (rows->step())
    found.push_back({rows->text(0),
                     rows->text(1),
                     rows->text(2),
                     rows->optional_text(3),
                     {rows->integer(4), rows->integer(5), rows->integer(6), rows->integer(7)}});
  return found;
}

void write_noted(Database& db, const std::string& id, const std::string& path, const DiskFile& file) {
  db.prepare(
        "INSERT OR REPLACE INTO asfs_disk_files(video_id, file_path, size, changed_at, device, inode)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      ->bind_all(id, path, file.size, file.changed_at, file.device, file.inode)
      .run();
}

/// Local time with which the shared tables can be compared.
std::string timestamp_of(const DiskFile& file) {
  return local_timestamp(TimePoint(std::chrono::microseconds(file.changed_at / 1000)));
}

struct Post {
  std::string platform, at;
  std::optional<std::string> post_id;
};

/// What was posted of a video, as far as its row, its history and the audit trail tell.
std::vector<Post> posts_of(Database& db, const std::string& id) {
  auto rows = db.prepare(
      "SELECT platform, upload_timestamp, platform_post_id FROM video_uploads"
      " WHERE video_id = ?1 AND +upload_status = 'SUCCESS'"
      " UNION SELECT platform, upload_timestamp, platform_post_id FROM asfs_upload_history"
      " WHERE video_id = ?1 AND +upload_status = 'SUCCESS'"
      " UNION SELECT platform, at, post_id FROM asfs_evidence WHERE video_id = ?1 AND checksum IS NULL");
  rows->bind_all(id);
  std::vector<Post> posts;
  while (rows->step()) posts.push_back({rows->text(0), rows->text(1), rows->optional_text(2)});
  return posts;
}

/// The file was written after a post of the video: what was posted may have been another content.
bool is_newer_than_a_post(Database& db, const std::string& id, const DiskFile& file) {
  const std::string changed = timestamp_of(file);
  for (const Post& post : posts_of(db, id))
    if (post.at < changed) return true;
  return false;
}

void write_content(Database& db, const std::string& id, const FileChecksum& content,
                   const std::optional<FileFacts>& facts) {
  db.prepare(
        "UPDATE videos SET checksum = ?2, duration = CASE WHEN ifnull(duration, 0) > 0 THEN duration"
        " ELSE ?3 END WHERE id = ?1 AND checksum IS NULL")
      ->bind_all(id, content.sha256, facts ? facts->media.duration : 0.0)
      .run();
  if (db.changes() == 0 || !facts) return;
  db.prepare(
        "INSERT OR REPLACE INTO asfs_files(video_id, checksum, size, duration, width, height, video_codec, "
        "fps)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
      ->bind_all(id, content.sha256, static_cast<std::int64_t>(content.size), facts->media.duration,
                 facts->media.width, facts->media.height, facts->media.video_codec, facts->media.fps)
      .run();
}

/// Posts of a video are of `content` where its file was written before them and after the video was; of what
/// was posted before that file was written nobody knows.
void share_posts(Database& db, const Noted& video, const DiskFile& file, const std::string& content) {
  const std::string changed = timestamp_of(file);
  for (const Post& post : posts_of(db, video.id)) {
    const bool of_this = post.at >= changed && changed > video.created_at;
    if (!of_this && video.checksum) continue;  // of what the video was then, which is known
    note_evidence(
        db,
        {.source = fmt::format("the row of {}{}", video.id, of_this ? "" : ", whose file is newer,"),
         .video_id = video.id,
         .at = post.at,
         .post_id = post.post_id,
         .certain = of_this},
        post.platform, content);
  }
}

/// A video without a checksum whose file has this content gets it, unless the file is newer than a post.
void give_content(VideoRegistry& registry, const Noted& video, const DiskFile& file,
                  const FileChecksum& content, const std::optional<FileFacts>& facts) {
  Database& db = registry.database();
  Transaction transaction(db);
  if (is_newer_than_a_post(db, video.id, file)) {
    db.prepare("UPDATE asfs_disk_files SET checksum = ?2 WHERE video_id = ?1")
        ->bind_all(video.id, content.sha256)
        .run();
    share_posts(db, video, file, content.sha256);
  } else {
    write_content(db, video.id, content, facts);
  }
  transaction.commit();
}

/// Hashes the file of a video and gives it what is found. False: it cannot be read now.
Result<bool> find_content(VideoRegistry& registry, Noted video, bool with_facts, std::stop_token stop) {
  const fs::path path = registry.library().resolve(video.file_path);
  const DiskFile before = disk_file(path);
  Result<FileChecksum> content = fail(Code::not_found, "");
  if (before.exists()) content = checksum_file(path, {}, stop);
  if (!content && content.error().code == Code::cancelled) return std::unexpected(content.error());
  Database& db = registry.database();
  if (!content) {  // not again until it is noted anew
    write_noted(db, video.id, video.file_path, {});
    return false;
  }
  std::optional<FileFacts> facts;
  if (with_facts)
    if (const auto media = probe_media(path, stop)) facts = FileFacts{content->size, *media};
  write_noted(db, video.id, video.file_path, before);
  give_content(registry, video, before, *content, facts);
  return true;
}

/// Finds out the content of every video without a checksum whose file has this size; `known` has it already.
Result<void> know_contents_of_size(VideoRegistry& registry, std::int64_t size, std::stop_token stop) {
  const auto unknown = select_noted(registry.database(),
                                    "WHERE d.size = ?1 AND v.checksum IS NULL AND d.checksum IS NULL", size);
  for (const Noted& video : unknown)
    if (auto found = find_content(registry, video, false, stop); !found)
      return std::unexpected(found.error());
  return {};
}

/// Videos whose path leads to this file now: those that store the same path, and those that were noted to lie
/// in its place, which may be by a symlink or a hard link.
std::vector<Noted> videos_in_place(VideoRegistry& registry, const FoundFile& file) {
  Database& db = registry.database();
  auto found = select_noted(db, "WHERE d.inode = ?1 AND d.device = ?2", file.disk.inode, file.disk.device);
  const std::string whole = registry.library().resolve(file.stored_path).lexically_normal().native();
  auto rows =
      db.prepare("SELECT id, file_path, created_at, checksum FROM videos WHERE file_path IN (?1, ?2)");
  rows->bind_all(file.stored_path, whole);
  while (rows->step()) {
    const std::string id = rows->text(0);
    if (std::ranges::find(found, id, &Noted::id) == found.end())
      found.push_back({id, rows->text(1), rows->text(2), rows->optional_text(3), {}});
  }
  std::erase_if(found, [&](const Noted& video) {
    return !disk_file(registry.library().resolve(video.file_path)).same_place(file.disk);
  });
  return found;
}

/// Videos that may need a look: all of them, or only those whose content is not known; where these are very
/// many, those that were never looked at.
std::vector<Noted> to_be_noted(Database& db, bool all) {
  auto rows =
      db.prepare(all ? "SELECT v.id, v.file_path, d.size, d.changed_at, d.device, d.inode FROM videos v"
                       " LEFT JOIN asfs_disk_files d ON d.video_id = v.id AND d.file_path = v.file_path"
                       " WHERE typeof(v.id) = 'text' AND (ifnull(d.size, -1) < 0 OR v.checksum IS NULL)"
                     : "SELECT v.id, v.file_path, d.size, d.changed_at, d.device, d.inode FROM videos v"
                       " LEFT JOIN asfs_disk_files d ON d.video_id = v.id AND d.file_path = v.file_path"
                       " WHERE v.checksum IS NULL AND typeof(v.id) = 'text' AND (d.size IS NULL OR 1000 >"
                       " (SELECT count(*) FROM (SELECT 1 FROM videos WHERE checksum IS NULL LIMIT 1000)))");
  std::vector<Noted> found;
  while (rows->step()) {
    found.push_back(
        {.id = rows->text(0), .file_path = rows->text(1), .created_at = {}, .checksum = {}, .file = {}});
    if (!rows->is_null(2))
      found.back().file = {rows->integer(2), rows->integer(3), rows->integer(4), rows->integer(5)};
    else
      found.back().file.size = -2;  // never looked at
  }
  return found;
}

Result<void> note(VideoRegistry& registry, bool all, const std::stop_token& stop) {
  constexpr std::size_t kAtOnce = 500;
  Database& db = registry.database();
  return guarded(db.path(), [&]() -> Result<void> {
    const StoppableStatements stoppable(db, stop);
    std::vector<Noted> changed;
    const auto write = [&] {
      if (changed.empty()) return;
      Transaction transaction(db);
      for (const Noted& video : changed) write_noted(db, video.id, video.file_path, video.file);
      transaction.commit();
      changed.clear();
    };
    for (Noted& video : to_be_noted(db, all)) {
      if (stop.stop_requested()) return fail(Code::cancelled, "stopped");
      const DiskFile now = disk_file(registry.library().resolve(video.file_path));
      const DiskFile& then = video.file;
      if (now.size == then.size && now.changed_at == then.changed_at && now.same_place(then)) continue;
      video.file = now;
      changed.push_back(std::move(video));
      if (changed.size() >= kAtOnce) write();
    }
    write();
    return {};
  });
}

}  // namespace

DiskFile disk_file(const fs::path& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) return {};
  return {static_cast<std::int64_t>(file.st_size),
          std::int64_t{file.st_mtim.tv_sec} * 1'000'000'000 + file.st_mtim.tv_nsec,
          static_cast<std::int64_t>(file.st_dev), static_cast<std::int64_t>(file.st_ino)};
}

Result<void> note_disk_files(VideoRegistry& registry, std::stop_token stop) {
  return note(registry, true, stop);
}

Result<std::optional<Video>> find_video(VideoRegistry& registry, const FoundFile& file,
                                        std::stop_token stop) {
  Database& db = registry.database();
  const std::string& content = file.content.sha256;
  return guarded(db.path(), [&]() -> Result<std::optional<Video>> {
    if (auto known = registry.find_by_checksum(content); !known || *known) return known;
    // First those that lie in this very place: they need not be read again.
    for (const Noted& video : videos_in_place(registry, file)) {
      if (!video.checksum) {
        give_content(registry, video, file.disk, file.content, file.facts);
      } else if (*video.checksum != content) {
        Transaction transaction(db);
        share_posts(db, video, file.disk, content);
        transaction.commit();
      }
    }
    if (auto known = registry.find_by_checksum(content); !known || *known) return known;
    if (auto all = know_contents_of_size(registry, file.disk.size, stop); !all)
      return std::unexpected(all.error());
    return registry.find_by_checksum(content);
  });
}

Result<std::string> made_of(VideoRegistry& registry, std::string_view checksum) {
  Database& db = registry.database();
  return guarded(db.path(), [&]() -> Result<std::string> {
    auto row = db.prepare("SELECT original FROM asfs_made_of WHERE checksum = ?1");
    row->bind_all(checksum);
    return row->step() ? row->text(0) : std::string();
  });
}

Result<void> note_made_of(VideoRegistry& registry, std::string_view made, std::string_view original) {
  if (made == original) return {};
  const auto first = made_of(registry, original);
  if (!first) return std::unexpected(first.error());
  Database& db = registry.database();
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare("INSERT OR IGNORE INTO asfs_made_of(checksum, original) VALUES (?1, ?2)")
        ->bind_all(made, first->empty() ? original : std::string_view(*first))
        .run();
    return {};
  });
}

Result<void> know_content(VideoRegistry& registry, std::string_view video_id, std::stop_token stop) {
  Database& db = registry.database();
  return guarded(db.path(), [&]() -> Result<void> {
    if (auto noted = note(registry, false, stop); !noted) return noted;
    auto own = select_noted(db, "WHERE d.video_id = ?1", video_id);
    const auto video = registry.get_video(video_id);
    if (!video) return std::unexpected(video.error());
    if (!*video) return {};
    const DiskFile file = disk_file(registry.library().resolve((*video)->file_path));
    if (!file.exists()) return {};
    if (!(*video)->checksum) {
      const bool read = !own.empty() && own.front().file.changed_at == file.changed_at && [&] {
        auto found = db.prepare("SELECT checksum IS NOT NULL FROM asfs_disk_files WHERE video_id = ?1");
        found->bind_all(video_id);
        return found->step() && found->integer(0) != 0;
      }();
      Noted self{.id = (*video)->id,
                 .file_path = (*video)->file_path,
                 .created_at = (*video)->created_at,
                 .checksum = {},
                 .file = file};
      if (!read)
        if (auto found = find_content(registry, std::move(self), false, stop); !found)
          return std::unexpected(found.error());
    }
    return know_contents_of_size(registry, file.size, stop);
  });
}

Result<bool> know_next_content(VideoRegistry& registry, std::stop_token stop) {
  Database& db = registry.database();
  return guarded(db.path(), [&]() -> Result<bool> {
    auto next = db.prepare(
        "SELECT v.id, v.file_path, v.created_at FROM videos v CROSS JOIN asfs_disk_files d ON d.video_id = "
        "v.id"
        " AND d.file_path = v.file_path WHERE v.checksum IS NULL AND d.size >= 0 AND d.checksum IS NULL "
        "LIMIT 1");
    if (!next->step()) return false;
    Noted video{.id = next->text(0),
                .file_path = next->text(1),
                .created_at = next->text(2),
                .checksum = {},
                .file = {}};
    next->reset();
    if (auto found = find_content(registry, std::move(video), true, stop); !found)
      return std::unexpected(found.error());
    return true;
  });
}

}  // namespace asfs
