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
#include "registry/library.h"
#include "registry/schema.h"
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

/// A library whose every `uploaded_every`th video is on all three platforms. Written before our triggers are
/// there, in one transaction: that is fast, and how a library of the Python program looks.
inline Library make_library(const std::string& name, int videos, int uploaded_every) {
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
      'Clip number ' || i || ' of the stream',
      strftime('%Y-%m-%dT%H:%M:%S', '2024-01-01', (i * 37) || ' seconds') ||
      printf('.%06d', i * 7919 % 1000000),
      i % 60 + 0.5, lower(hex(randomblob(32))), i % 2 FROM n;
    INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id,
      error_message)
    SELECT v.id, p.name,
      CASE (v.rowid + p.k) % 5 WHEN 0 THEN 'FAILED' WHEN 1 THEN 'IN_PROGRESS' ELSE 'SUCCESS' END, v.created_at,
      CASE WHEN (v.rowid + p.k) % 5 > 1 THEN 'post_' || v.rowid END,
      CASE (v.rowid + p.k) % 5 WHEN 0 THEN 'the platform answered HTTP 503' END
    FROM videos v, (SELECT 'Instagram' name, 0 k UNION ALL SELECT 'TikTok', 1 UNION ALL SELECT 'YouTube', 2) p
    WHERE v.rowid % {1} = 0;
    COMMIT)sql",
                           videos, uploaded_every));
  sqlite3_close(db);
  must(open_registry_database(library));
  return library;
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
