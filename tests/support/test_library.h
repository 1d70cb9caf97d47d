// A library in a temporary folder with a clock moved by hand, and a stranger's connection to the same file.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "registry/base/clock.h"
#include "registry/store/library.h"
#include "registry/videos/video_registry.h"
#include "tests/support/temp_folder.h"

namespace asfs::test {

/// 2026-02-11 08:00:00.123456 UTC.
inline constexpr TimePoint kMorning{std::chrono::microseconds(1'770'796'800'123'456)};

struct TestLibrary {
  TempFolder folder;
  Library library{folder.path()};
  FakeClock clock{kMorning};

  VideoRegistry open() const {
    auto registry = VideoRegistry::open(library, clock);
    if (!registry) throw std::runtime_error(registry.error().message);
    return std::move(*registry);
  }

  /// A registry that holds clip_001.
  VideoRegistry with_clip() const {
    VideoRegistry registry = open();
    if (!registry.register_video({.id = "clip_001", .file_path = "clips/clip_001.mp4", .checksum = "aa11"}))
      throw std::runtime_error("clip_001 cannot be registered");
    return registry;
  }
};

/// The file as any other program sees it: no pragma, foreign keys off, plain SQL.
class Stranger {
 public:
  explicit Stranger(const std::filesystem::path& file) {
    std::filesystem::create_directories(file.parent_path());
    if (sqlite3_open(file.c_str(), &db_) != SQLITE_OK)
      throw std::runtime_error("cannot open " + file.native());
  }
  explicit Stranger(const TestLibrary& library) : Stranger(library.library.database()) {}
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  ~Stranger() { sqlite3_close(db_); }

  void run(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(db_));
  }

  /// The result as text: columns parted by '|', rows by '\n'; NULL is empty.
  std::string ask(const std::string& sql) {
    std::string out;
    const auto add = [](void* text, int columns, char** values, char**) {
      auto& result = *static_cast<std::string*>(text);
      if (!result.empty()) result += '\n';
      for (int i = 0; i < columns; ++i) result += std::string(i ? "|" : "") + (values[i] ? values[i] : "");
      return 0;
    };
    if (sqlite3_exec(db_, sql.c_str(), add, &out, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(db_));
    return out;
  }

  sqlite3* handle() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
};

/// The two tables as the Python program makes them.
inline constexpr const char* kPythonTables =
    "CREATE TABLE IF NOT EXISTS videos (id TEXT PRIMARY KEY, file_path TEXT NOT NULL, title TEXT,"
    " created_at TEXT NOT NULL, duration REAL, checksum TEXT, duplicate_allowed INTEGER DEFAULT 0);"
    "CREATE TABLE IF NOT EXISTS video_uploads (id INTEGER PRIMARY KEY AUTOINCREMENT, video_id TEXT NOT NULL,"
    " platform TEXT NOT NULL, upload_status TEXT NOT NULL, upload_timestamp TEXT NOT NULL, platform_post_id "
    "TEXT,"
    " error_message TEXT, retry_count INTEGER DEFAULT 0, FOREIGN KEY (video_id) REFERENCES videos(id),"
    " UNIQUE(video_id, platform));"
    "CREATE INDEX IF NOT EXISTS idx_video_uploads_status ON video_uploads(video_id, platform, "
    "upload_status);";

}  // namespace asfs::test
