// A library that goes away, comes back, is emptied or replaced: no new one takes its place.
#include <doctest/doctest.h>

#include <filesystem>

#include "registry/picture/snapshot_reader.h"
#include "registry/store/audit_log.h"
#include "registry/store/schema.h"
#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

/// A library in a folder that can be taken away.
struct Drive {
  TempFolder folder;
  Library library{folder / "lib"};
  VideoRegistry registry = VideoRegistry::open(library).value();

  Drive() { REQUIRE(registry.register_video({.id = "clip_001", .file_path = "a.mp4"})); }
  void away() const { fs::rename(library.home, folder / "away"); }
  void back() const { fs::rename(folder / "away", library.home); }
};

void post(const Library& library) {
  REQUIRE(AuditLog(library).record(
      {.video_id = "clip_001", .platform = "YouTube", .status = UploadStatus::success, .upload_id = "abc"}));
}

template <class T>
void refused(const Result<T>& result, std::string_view words) {
  REQUIRE_FALSE(result);
  CHECK(result.error().code == Code::library);
  CHECK_MESSAGE(result.error().message.find(words) != std::string::npos, result.error().message);
}

}  // namespace

TEST_CASE("a library that goes away while it is open is not made anew, and is taken up when it is back") {
  Drive drive;
  auto snapshots = SnapshotReader::open(drive.library).value();
  REQUIRE(snapshots.refresh());
  drive.away();
  refused(VideoRegistry::open(drive.library), "is gone");
  refused(drive.registry.follow(), "is gone");
  refused(snapshots.refresh(), "is gone");
  refused(AuditLog(drive.library).record({.video_id = "x", .platform = "YouTube"}), "is gone");
  CHECK_FALSE(fs::exists(drive.library.home));
  SUBCASE("an empty mount point stays in its place") {
    fs::create_directories(drive.library.home);
    refused(VideoRegistry::open(drive.library), "is gone");
    CHECK(fs::is_empty(drive.library.home));
    fs::remove(drive.library.home);
  }
  drive.back();
  REQUIRE(drive.registry.follow());
  CHECK(drive.registry.get_video("clip_001").value());
  CHECK(snapshots.refresh().value()->size() == 1);
  CHECK(VideoRegistry::open(drive.library));
}

TEST_CASE("another library in its place is told, and left as it is") {
  Drive drive;
  drive.away();
  {
    const Library other{drive.library.home};
    REQUIRE(VideoRegistry::open(other));
  }
  refused(VideoRegistry::open(drive.library), "another library lies in");
  refused(drive.registry.follow(), "another library lies in");
  SUBCASE("also one of the Python program, which is not even touched") {
    fs::remove(drive.library.database());
    Stranger(drive.library.database()).run(kPythonTables);
    refused(VideoRegistry::open(drive.library), "another library lies in");
    CHECK(Stranger(drive.library.database())
              .ask("SELECT count(*) FROM sqlite_master WHERE name GLOB 'asfs*'") == "0");
  }
}

TEST_CASE("a backup of the same library that is put in its place is the same library") {
  Drive drive;
  drive.registry.database().execute("PRAGMA wal_checkpoint(TRUNCATE)");
  fs::copy(drive.library.home, drive.folder / "backup", fs::copy_options::recursive);
  drive.away();
  fs::rename(drive.folder / "backup", drive.library.home);
  REQUIRE(drive.registry.follow());
  CHECK(drive.registry.get_video("clip_001").value());
}

TEST_CASE("no library is made where the audit trail or the log speak of one") {
  const TempFolder folder;
  const Library library{folder / "lib"};
  SUBCASE("audit") {
    post(library);
    fs::remove_all(folder / "lib/logs");
    refused(VideoRegistry::open(library), "is missing although audit/events.db tells of 1 upload,");
  }
  SUBCASE("log") {
    write_file(library.upload_log(), "{}\n");
    refused(VideoRegistry::open(library), "is missing although logs/uploads.log tells of uploads");
  }
  CHECK_FALSE(fs::exists(library.database()));
}

TEST_CASE("a library is made where only a configuration lies, or an audit trail of nothing") {
  const TempFolder folder;
  const Library library{folder / "lib"};
  write_file(library.config_folder() / "platforms.json", "{}");
  Stranger(library.audit_database()).run("CREATE TABLE pipeline_events (id INTEGER)");
  CHECK(VideoRegistry::open(library));
}

TEST_CASE("a videos.db that is suddenly empty although posts were made is no fresh start") {
  const TempFolder folder;
  const Library library{folder / "lib"};
  SUBCASE("no byte") {
    post(library);
    write_file(library.database(), "");
  }
  SUBCASE("empty tables of the Python program") {
    post(library);
    Stranger(library.database()).run(kPythonTables);
  }
  SUBCASE("a new library of ours") {
    REQUIRE(VideoRegistry::open(Library{library.home}));
    post(library);
  }
  refused(VideoRegistry::open(library), "is empty although audit/events.db tells of 1 post,");
}

TEST_CASE("a library whose videos were all deleted remembers them, and is no loss") {
  Drive drive;
  post(drive.library);
  REQUIRE(drive.registry.delete_video("clip_001"));
  CHECK(VideoRegistry::open(Library{drive.library.home}));
}
