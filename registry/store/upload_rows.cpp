#include "registry/store/upload_rows.h"

#include <utility>

#include "registry/base/text.h"

namespace asfs {

std::optional<std::string> clean_text(const std::optional<std::string>& text) {
  return text ? std::optional(valid_utf8(*text)) : std::nullopt;
}

Upload read_upload(const Statement& statement, int first, std::string platform) {
  Upload upload;
  upload.platform = std::move(platform);
  upload.upload_status = statement.text(first);
  upload.upload_timestamp = statement.text(first + 1);
  upload.platform_post_id = statement.optional_text(first + 2);
  upload.error_message = statement.optional_text(first + 3);
  upload.retry_count = static_cast<int>(statement.integer(first + 4));
  return upload;
}

std::optional<Upload> find_upload(Database& db, std::string_view video_id, std::string_view platform) {
  auto found = db.prepare(
      "SELECT upload_status, upload_timestamp, platform_post_id, error_message, retry_count FROM "
      "video_uploads"
      " WHERE video_id = ?1 AND platform = ?2");
  found->bind_all(video_id, platform);
  if (!found->step()) return std::nullopt;
  return read_upload(*found, 0, std::string(platform));
}

void write_upload(Database& db, std::string_view video_id, const Upload& upload) {
  const auto run = [&](std::string_view sql) {
    db.prepare(sql)
        ->bind_all(video_id, upload.platform, upload.upload_status, upload.upload_timestamp,
                   clean_text(upload.platform_post_id), clean_text(upload.error_message), upload.retry_count)
        .run();
    return db.changes() > 0;
  };
  if (!run("UPDATE video_uploads SET upload_status = ?3, upload_timestamp = ?4, platform_post_id = ?5,"
           " error_message = ?6, retry_count = ?7 WHERE video_id = ?1 AND platform = ?2"))
    run("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id,"
        " error_message, retry_count) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7"
        " WHERE EXISTS (SELECT 1 FROM videos WHERE id = ?1)");
}

void note_changed(Database& db, std::string_view video_id) {
  db.prepare("DELETE FROM asfs_changes WHERE video_id IS ?1")->bind_all(video_id).run();
  db.prepare("INSERT INTO asfs_changes(video_id) VALUES (?1)")->bind_all(video_id).run();
}

}  // namespace asfs
