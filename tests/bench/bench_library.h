// Libraries of many videos to measure on, and the folder they live in as long as the run lasts.
#pragma once

#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include "registry/base/result.h"
#include "registry/store/library.h"
#include "registry/store/schema.h"
#include "tests/support/temp_folder.h"

namespace asfs::bench {

/// $ASFS_BENCH_DIR, which tests/bench/run sets, or a folder of our own.
inline std::filesystem::path bench_folder() {
  if (const char* given = std::getenv("ASFS_BENCH_DIR")) return given;
  static const test::TempFolder folder;
  return folder.path();
}

/// A Result that must be there.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

inline void must_run(sqlite3* db, const std::string& sql) {
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(db));
}

inline std::string video_id(unsigned long number) {
  return fmt::format("clip_{:07}", number);
}

/// A library whose every `uploaded_every`th video has rows on `of_ten` of ten platforms, in all the states
/// that years leave behind: most are SUCCESS, others of every status, blocked ones that name a lost post, a
/// word of another program, a platform in lower case; every third video has no checksum yet, as the Python
/// program adds them, every 50th no title. Written before our triggers are there, in one transaction: that is
/// fast, and how a library of the Python program looks.
inline Library make_library(const std::string& name, int videos, int uploaded_every, int of_ten = 10) {
  const Library library{bench_folder() / name};
  std::filesystem::create_directories(library.database().parent_path());
  sqlite3* db = nullptr;
  sqlite3_open(library.database().c_str(), &db);
  must_run(db, fmt::format(R"sql(
    PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; PRAGMA cache_size=-400000;
    CREATE TABLE videos (id TEXT PRIMARY KEY, file_path TEXT NOT NULL, title TEXT, created_at TEXT NOT NULL,
      duration REAL, checksum TEXT, duplicate_allowed INTEGER DEFAULT 0);
    CREATE TABLE video_uploads (id INTEGER PRIMARY KEY AUTOINCREMENT, video_id TEXT NOT NULL,
      platform TEXT NOT NULL, upload_status TEXT NOT NULL, upload_timestamp TEXT NOT NULL,
      platform_post_id TEXT, error_message TEXT, retry_count INTEGER DEFAULT 0,
      FOREIGN KEY (video_id) REFERENCES videos(id), UNIQUE(video_id, platform));
    BEGIN;
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {0})
    INSERT INTO videos SELECT printf('clip_%07d', i), printf('output/clips/clip_%07d.mp4', i),
      CASE WHEN i % 50 THEN 'Clip number ' || i || ' of the stream' END,
      strftime('%Y-%m-%dT%H:%M:%S', '2024-01-01', (i * 37) || ' seconds') ||
      printf('.%06d', i * 7919 % 1000000),
      CASE WHEN i % 3 THEN i % 60 + 0.5 ELSE 0 END, CASE WHEN i % 3 THEN lower(hex(randomblob(32))) END,
      i % 2 FROM n;
    INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id,
      error_message, retry_count)
    SELECT v.id, CASE WHEN v.rowid % 997 THEN p.name ELSE lower(p.name) END, ifnull(s.status, 'SUCCESS'),
      v.created_at, CASE WHEN s.status IS NULL THEN 'post_' || v.rowid END,
      CASE WHEN s.status = 'BLOCKED' THEN 'already uploaded to ' || p.name || ' at ' || v.created_at ||
        ' (Post ID: post_' || v.rowid || ')' WHEN s.status NOT NULL THEN 'the platform answered HTTP 503' END,
      ifnull(s.status LIKE 'FAILED%', 0)
    FROM videos v CROSS JOIN
      (SELECT 'Instagram' name, 0 k UNION ALL SELECT 'TikTok', 1 UNION ALL SELECT 'YouTube', 2) p
    LEFT JOIN (SELECT 0 n, 'FAILED' status UNION ALL SELECT 1, 'IN_PROGRESS' UNION ALL SELECT 2, 'FAILED_FINAL'
      UNION ALL SELECT 3, 'BLOCKED' UNION ALL SELECT 4, 'RATE_LIMITED' UNION ALL SELECT 5, 'scheduled') s
      ON s.n = (v.rowid + p.k) % 11
    WHERE v.rowid % {1} = 0 AND (v.rowid * 7 + p.k * 3) % 10 < {2}
    ORDER BY v.rowid, p.k;
    COMMIT)sql",
                           videos, uploaded_every, of_ten));
  sqlite3_close(db);
  must(open_registry_database(library));
  return library;
}

/// The columns of one table scan, read in the usual way; how many bytes they have.
inline std::size_t read_bare(sqlite3* db, const char* sql, int texts, int doubles, int integers) {
  sqlite3_stmt* row = nullptr;
  sqlite3_prepare_v2(db, sql, -1, &row, nullptr);
  std::size_t sum = 0;
  while (sqlite3_step(row) == SQLITE_ROW) {
    int column = 0;
    for (const int end = texts; column < end; ++column) {
      sum += sqlite3_column_text(row, column) != nullptr;
      sum += static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    }
    for (const int end = column + doubles; column < end; ++column)
      sum += static_cast<std::size_t>(sqlite3_column_double(row, column));
    for (const int end = column + integers; column < end; ++column)
      sum += static_cast<std::size_t>(sqlite3_column_int(row, column));
  }
  sqlite3_finalize(row);
  return sum;
}

/// The bare load: all that the shared tables say of every video, read and thrown away.
inline std::size_t read_bare(const Library& library) {
  sqlite3* db = nullptr;
  sqlite3_open_v2(library.database().c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  must_run(db, "BEGIN");
  std::size_t sum = read_bare(
      db, "SELECT id, title, file_path, created_at, duration, duplicate_allowed FROM videos", 4, 1, 1);
  sum += read_bare(db,
                   "SELECT video_id, platform, upload_status, upload_timestamp, platform_post_id,"
                   " error_message, retry_count FROM video_uploads",
                   6, 0, 1);
  sqlite3_close(db);
  return sum;
}

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace asfs::bench
