// Libraries made by SQL, and the table that the window draws from them.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "registry/picture/snapshot_reader.h"
#include "registry/picture/table_model.h"
#include "tests/support/test_library.h"

namespace asfs::test {

/// A library with rows as any program may have written them.
struct TableFixture {
  TestLibrary library;

  explicit TableFixture(const std::string& sql = {}) {
    library.open();
    if (!sql.empty()) Stranger(library).run("BEGIN;" + sql + "COMMIT;");
  }

  std::shared_ptr<const TableModel> table(const TableQuery& query = {}) const {
    auto reader = SnapshotReader::open(library.library);
    if (!reader) throw std::runtime_error(reader.error().message);
    auto snapshot = reader->refresh();
    if (!snapshot) throw std::runtime_error(snapshot.error().message);
    return build_table(*snapshot, query, nullptr, reader->last_delta());
  }
};

inline std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

inline std::string video_sql(std::string_view id, std::string_view title, bool duplicates = false) {
  return "INSERT INTO videos (id, file_path, title, created_at, duration, duplicate_allowed) VALUES (" +
         quoted(id) + ", 'clips/' || " + quoted(id) + " || '.mp4', " + quoted(title) +
         ", '2026-02-11T08:00:00.000000', 12.5, " + (duplicates ? "1" : "0") + ");";
}

inline std::string upload_sql(std::string_view id, std::string_view platform, std::string_view status,
                              std::string_view post_id = {}, std::string_view error = {}, int retries = 0) {
  return "INSERT INTO video_uploads (video_id, platform, upload_status, upload_timestamp, platform_post_id,"
         " error_message, retry_count) VALUES (" +
         quoted(id) + ", " + quoted(platform) + ", " + quoted(status) + ", '2026-02-11T08:00:00.000000', " +
         quoted(post_id) + ", " + quoted(error) + ", " + std::to_string(retries) + ");";
}

/// `count` videos clip_1, clip_2, ...
inline std::string many_videos_sql(int count) {
  return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(count) +
         ") INSERT INTO videos (id, file_path, title, created_at, duration, duplicate_allowed)"
         " SELECT 'clip_' || i, 'clips/clip_' || i || '.mp4', 'Clip number ' || i || ' of a long series',"
         " '2026-02-11T08:00:00.000000', i % 300, i % 2 FROM n;";
}

}  // namespace asfs::test
