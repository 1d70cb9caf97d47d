// A library, a stranger who writes to it and a reader that follows.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "registry/picture/snapshot_reader.h"
#include "tests/support/test_library.h"

namespace asfs::test {

struct SnapshotScene {
  TestLibrary test;
  Stranger other;
  SnapshotReader reader;

  explicit SnapshotScene(const std::string& sql = "") : other(prepared(test)), reader(opened(test)) {
    other.run("PRAGMA synchronous=OFF;" + sql);
    refresh();
  }

  std::shared_ptr<const Snapshot> refresh() {
    auto snapshot = reader.refresh();
    if (!snapshot) throw std::runtime_error(snapshot.error().message);
    return *snapshot;
  }
  std::shared_ptr<const Snapshot> after(const std::string& sql) {
    other.run(sql);
    return refresh();
  }

  static SnapshotReader opened(const TestLibrary& test) {
    auto reader = SnapshotReader::open(test.library);
    if (!reader) throw std::runtime_error(reader.error().message);
    return std::move(*reader);
  }

 private:
  static const TestLibrary& prepared(const TestLibrary& test) {
    test.open();
    return test;
  }
};

using Ids = std::vector<std::string>;

inline Ids ids_of(const Snapshot& snapshot) {
  Ids ids;
  for (std::size_t i = 0; i < snapshot.size(); ++i) ids.emplace_back(snapshot.video(i).id);
  return ids;
}

/// Statements for rows of which only the id matters.
inline std::string added(const std::string& id) {
  return "INSERT INTO videos VALUES ('" + id + "', '', 'Title of " + id + "', '2026', 1, NULL, 0);";
}

inline std::string uploaded(const std::string& id, const std::string& platform, const std::string& status) {
  return "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp) VALUES ('" + id +
         "', '" + platform + "', '" + status + "', 'then');";
}

}  // namespace asfs::test
