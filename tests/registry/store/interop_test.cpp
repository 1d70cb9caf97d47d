// videos.db in the hands of the Python program and us at the same time. Its SQL is written out here.
#include <doctest/doctest.h>

#include <thread>

#include "registry/ledger/upload_ledger.h"
#include "registry/picture/snapshot_reader.h"
#include "registry/queue/candidates.h"
#include "registry/queue/upload_queue.h"
#include "registry/store/schema.h"
#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// A library as the Python program leaves it: rollback journal, orphans, leftovers, free text for ids.
void make_python_library(const TestLibrary& test) {
  Stranger python(test);
  python.run(kPythonTables);
  python.run(
      "INSERT INTO videos VALUES"
      " ('clip_001', 'output/clips/clip_001.mp4', 'First', '2026-02-10T08:00:00', 12.5, 'aa11', 0),"
      " ('clip_002', 'C:/clips/clip_002.mp4', 'Second', '2026-02-10T09:00:00.000001', 0.0, NULL, 1),"
      " ('clip_003', 'clip_003.mp4', NULL, '2026-02-10T10:00:00', NULL, NULL, NULL);"
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id, "
      "error_message,"
      " retry_count) VALUES"
      " ('clip_001', 'YouTube', 'SUCCESS', '2026-02-11T08:00:00', 'YouTube upload submitted (verify "
      "manually)', NULL, 0),"
      " ('clip_001', 'TikTok', 'IN_PROGRESS', '2026-02-11T08:05:00.5', NULL, NULL, 0),"
      " ('clip_001', 'Instagram', 'FAILED', '2026-02-11T08:06:00', NULL, 'Max retries exceeded', 1),"
      " ('clip_001', 'youtube', 'IN_PROGRESS', '2026-02-11T08:07:00', NULL, NULL, 0),"
      " ('gone', 'YouTube', 'SUCCESS', '2026-02-11T08:08:00', 'x', NULL, 0)");
}

/// How the Python program writes a status.
void python_writes(Stranger& python, const std::string& status, const std::string& timestamp) {
  python.run(
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id,"
      " error_message, retry_count) VALUES ('clip_001', 'YouTube', '" +
      status + "', '" + timestamp +
      "', NULL, NULL, 0) ON CONFLICT(video_id, platform) DO UPDATE SET upload_status = "
      "excluded.upload_status,"
      " upload_timestamp = excluded.upload_timestamp, platform_post_id = excluded.platform_post_id,"
      " error_message = excluded.error_message, retry_count = excluded.retry_count");
}

std::string history(Stranger& other) {
  return other.ask(
      "SELECT group_concat(upload_status || ifnull(':' || platform_post_id, ''), ' ') FROM"
      " (SELECT * FROM asfs_upload_history ORDER BY id)");
}

std::string status(Stranger& other) {
  return other.ask(
      "SELECT upload_status || ifnull(':' || platform_post_id, '') FROM video_uploads"
      " WHERE video_id = 'clip_001' AND platform = 'YouTube'");
}

/// The videos that changed since the last call, sorted.
std::string changes(Stranger& other) {
  const std::string ids = other.ask(
      "SELECT group_concat(ifnull(video_id, 'NULL')) FROM"
      " (SELECT * FROM asfs_changes ORDER BY video_id)");
  other.run("DELETE FROM asfs_changes");
  return ids;
}

/// A library of ours with a SUCCESS of clip_001 on YouTube, its history and change log empty.
struct Posted {
  TestLibrary test;
  VideoRegistry registry = test.with_clip();
  Stranger other{test};

  Posted() {
    REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", UploadStatus::success, "yt1"));
    changes(other);
  }
};

}  // namespace

TEST_CASE("a library of the Python program opens in place and shows every row") {
  const TestLibrary test;
  make_python_library(test);
  auto registry = test.open();
  const auto videos = registry.get_all_videos().value();
  REQUIRE(videos.size() == 3);
  CHECK(videos[0].id == "clip_003");
  CHECK(videos[0].title == "clip_003");
  CHECK(videos[0].duration == 0.0);
  CHECK_FALSE(videos[0].duplicate_allowed);
  CHECK(videos[1].file_path == "C:/clips/clip_002.mp4");
  CHECK(videos[2].uploads.size() == 4);
  CHECK(videos[2].uploads.at("YouTube").platform_post_id == "YouTube upload submitted (verify manually)");
  CHECK(videos[2].uploads.at("youtube").is(UploadStatus::in_progress));
}

TEST_CASE("a title that the Python program left out is the file's stem for everybody who reads it") {
  const TestLibrary test;
  make_python_library(test);
  auto registry = test.open();
  CHECK(registry.get_video("clip_003").value()->title == "clip_003");
  CHECK(load_candidates(registry, {}, {}).value().videos.back().title == "clip_003");
  CHECK(SnapshotReader::open(test.library)->refresh().value()->video(2).title == "clip_003");
  UploadQueue queue(registry);
  const QueueItem item{.video_id = "clip_003", .platform = "YouTube"};
  REQUIRE(queue.add({&item, 1}));
  CHECK(queue.list().value().front().title == "clip_003");
  CHECK(Stranger(test).ask("SELECT title IS NULL FROM videos WHERE id = 'clip_003'") == "1");
}

TEST_CASE("a library of the Python program keeps its rows and tables when we open it") {
  const TestLibrary test;
  make_python_library(test);
  constexpr auto kAll =
      "SELECT * FROM videos; SELECT * FROM video_uploads; SELECT name, sql FROM sqlite_master"
      " WHERE name NOT GLOB 'asfs_*' AND name NOT GLOB 'sqlite_*'";
  const std::string before = Stranger(test).ask(kAll);
  test.open();
  CHECK(Stranger(test).ask(kAll) == before);
}

TEST_CASE("what the Python program posted, crashed on or failed at is judged as it should be") {
  const TestLibrary test;
  make_python_library(test);
  auto registry = test.open();
  CHECK_FALSE(registry.can_upload("clip_001", "YouTube")->allowed);
  CHECK(registry.can_upload("clip_001", "TikTok")->reason.find("another program may be uploading") !=
        std::string::npos);
  CHECK(registry.can_upload("clip_001", "Instagram")->allowed);
  CHECK(registry.can_upload("clip_002", "YouTube")->allowed);
}

TEST_CASE("the Python program goes on writing after we opened its library") {
  const TestLibrary test;
  make_python_library(test);
  Stranger python(test);
  const auto registry = test.open();
  python_writes(python, "IN_PROGRESS", "2026-02-12T08:00:00");
  python.run("INSERT INTO videos VALUES ('clip_004', 'd.mp4', 'd', '2026-02-12', 1.0, NULL, 0)");
  python.run("DELETE FROM videos WHERE id = 'clip_003'");
  CHECK(status(python) == "IN_PROGRESS");
  CHECK(python.ask("PRAGMA integrity_check") == "ok");
  CHECK(changes(python) == "clip_001,clip_003,clip_004");
}

TEST_CASE("an orphan upload and one on a platform spelt otherwise can be written and deleted") {
  const TestLibrary test;
  make_python_library(test);
  auto registry = test.open();
  CHECK(registry.record_upload_attempt("gone", "YouTube", UploadStatus::failed).error().code ==
        Code::not_found);
  CHECK(registry.record_upload_attempt("clip_001", "youtube", UploadStatus::failed));
  CHECK(registry.delete_video("clip_001"));
  CHECK(Stranger(test).ask("SELECT count(*) FROM video_uploads") == "1");
}

TEST_CASE("a success is not overwritten by BLOCKED or RATE_LIMITED, whatever way it is tried") {
  for (const std::string bad : {"BLOCKED", "RATE_LIMITED"}) {
    Posted p;
    python_writes(p.other, bad, "2026-02-12T08:00:00");
    p.other.run("UPDATE video_uploads SET upload_status = '" + bad + "', platform_post_id = NULL");
    p.other.run(
        "INSERT OR REPLACE INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
        " VALUES ('clip_001', 'YouTube', '" +
        bad + "', 't')");
    p.other.run("UPDATE OR REPLACE video_uploads SET upload_status = '" + bad + "'");
    CHECK(status(p.other) == "SUCCESS:yt1");
    CHECK(history(p.other) == "");
    CHECK(changes(p.other) == "");
    CHECK_FALSE(p.registry.can_upload("clip_001", "YouTube")->allowed);
  }
}

TEST_CASE("the guard drops only the rows it protects") {
  Posted p;
  REQUIRE(p.registry.record_upload_attempt("clip_001", "TikTok", UploadStatus::failed));
  p.other.run("UPDATE video_uploads SET upload_status = 'BLOCKED'");
  CHECK(status(p.other) == "SUCCESS:yt1");
  CHECK(p.other.ask("SELECT upload_status FROM video_uploads WHERE platform = 'TikTok'") == "BLOCKED");
}

TEST_CASE("every earlier state is kept once, by update, upsert, replace and delete") {
  Posted p;
  SUBCASE("update") {
    p.other.run("UPDATE video_uploads SET upload_status = 'FAILED', platform_post_id = NULL");
  }
  SUBCASE("upsert") {
    python_writes(p.other, "FAILED", "2026-02-12T08:00:00");
  }
  SUBCASE("replace") {
    p.other.run(
        "INSERT OR REPLACE INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
        " VALUES ('clip_001', 'YouTube', 'FAILED', 't')");
  }
  SUBCASE("delete") {
    p.other.run("DELETE FROM video_uploads");
  }
  SUBCASE("insert or ignore, then update") {
    p.other.run(
        "INSERT OR IGNORE INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
        " VALUES ('clip_001', 'YouTube', 'FAILED', 't')");
    p.other.run("UPDATE video_uploads SET upload_status = 'FAILED', platform_post_id = NULL");
  }
  CHECK(history(p.other) == "SUCCESS:yt1");
  CHECK(p.other.ask("SELECT checksum, upload_timestamp FROM asfs_upload_history") ==
        "aa11|" + local_timestamp(kMorning));
}

TEST_CASE("states that come and go are all kept, and an update that changes nothing is not") {
  Posted p;
  p.other.run("UPDATE video_uploads SET upload_status = upload_status");
  CHECK(history(p.other) == "");
  for (const std::string next : {"FAILED", "SUCCESS", "FAILED", "SUCCESS"})
    p.other.run("UPDATE video_uploads SET upload_status = '" + next + "'");
  CHECK(history(p.other) == "SUCCESS:yt1 FAILED:yt1 SUCCESS:yt1 FAILED:yt1");
}

TEST_CASE("every write that changes what a reader shows is in the change log") {
  Posted p;
  const auto logged = [&](const std::string& sql) {
    p.other.run(sql);
    return changes(p.other);
  };
  CHECK(logged("UPDATE videos SET title = 'x'") == "clip_001");
  CHECK(logged("UPDATE video_uploads SET error_message = 'x'") == "clip_001");
  CHECK(logged("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
               " VALUES ('clip_001', 'TikTok', 'FAILED', 't')") == "clip_001");
  CHECK(logged("DELETE FROM video_uploads WHERE platform = 'TikTok'") == "clip_001");
  CHECK(logged("INSERT OR IGNORE INTO videos(id, file_path, created_at) VALUES ('b', 'b.mp4', 't')") == "b");
  CHECK(logged("INSERT OR REPLACE INTO videos(id, file_path, created_at) VALUES ('b', 'c.mp4', 't')") == "b");
  CHECK(logged("UPDATE OR IGNORE videos SET id = 'c' WHERE id = 'b'") == "b,c");
  CHECK(logged("UPDATE video_uploads SET video_id = 'c'") == "c,clip_001");
  CHECK(logged("DELETE FROM videos WHERE id = 'c'") == "c");
  CHECK(logged("INSERT INTO videos(id, file_path, created_at) VALUES (NULL, 'n.mp4', 't'), (NULL, 'm.mp4', "
               "'t')") == "NULL");
}

TEST_CASE("a video stands in the change log once, with a number that never comes back") {
  Posted p;
  p.other.run("UPDATE videos SET title = 'x'");
  const std::string first = p.other.ask("SELECT seq FROM asfs_changes");
  p.other.run("UPDATE OR IGNORE videos SET title = 'y'");
  CHECK(p.other.ask("SELECT count(*), max(seq) > " + first + " FROM asfs_changes") == "1|1");
}

TEST_CASE("rows with wrong types are read as they are") {
  const TestLibrary test;
  test.open();
  Stranger other(test);
  other.run(
      "INSERT INTO videos VALUES (7, X'6162', 8.5, 9, 'long', X'00', 'yes');"
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, retry_count)"
      " VALUES (7, 'YouTube', 42, 1.5, 'many')");
  auto registry = test.open();
  const auto video = registry.get_video("7").value().value();
  CHECK(video.file_path == "ab");
  CHECK(video.title == "8.5");
  CHECK(video.duration == 0.0);
  CHECK(video.uploads.at("YouTube").upload_status == "42");
  CHECK(video.uploads.at("YouTube").retry_count == 0);
  CHECK_FALSE(registry.can_upload("7", "YouTube")->allowed);
}

TEST_CASE("while another program writes we read the state before, and our own write waits for it") {
  Posted p;
  p.other.run("BEGIN IMMEDIATE; UPDATE videos SET title = 'theirs'");
  CHECK(p.registry.get_video("clip_001").value()->title == "clip_001");
  bool written = false;
  {
    const std::jthread writer([&] { written = p.test.open().set_title("clip_001", "ours").has_value(); });
    p.other.run("COMMIT");
  }
  CHECK(written);
  CHECK(p.registry.get_video("clip_001").value()->title == "ours");
}
