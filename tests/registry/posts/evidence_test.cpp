// What was posted counts even where the row has forgotten it: told by the audit trail, the history, words in
// a row.
#include "registry/posts/evidence.h"

#include <doctest/doctest.h>

#include <stop_token>
#include <thread>

#include "registry/posts/audit_reader.h"
#include "registry/queue/candidates.h"
#include "registry/store/audit_log.h"
#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// clip_001 with the checksum aa11, registered at 08:00, and an audit trail as the Python program writes it.
struct EvidenceFixture : LedgerFixture {
  EvidenceFixture() {
    Stranger(test.library.audit_database())
        .run(
            "CREATE TABLE upload_events (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL,"
            " clip_id TEXT NOT NULL, platform TEXT NOT NULL, status TEXT NOT NULL, upload_id TEXT,"
            " retry_count INTEGER DEFAULT 0, error_message TEXT, metadata TEXT)");
  }
  void event(const std::string& at, const std::string& status, const std::string& upload_id,
             const std::string& error = "", const std::string& id = "clip_001",
             const std::string& metadata = "") {
    const auto value = [](const std::string& text) { return text.empty() ? "NULL" : "'" + text + "'"; };
    Stranger(test.library.audit_database())
        .run(
            "INSERT INTO upload_events(timestamp, clip_id, platform, status, upload_id, error_message, "
            "metadata)"
            " VALUES ('" +
            at + "', '" + id + "', 'YouTube', '" + status + "', " + value(upload_id) + ", " + value(error) +
            ", " + value(metadata) + ")");
  }
  void run(const std::string& sql) { Stranger(test).run(sql); }
  Error no(const std::string& id = "clip_001") { return refused({.video_id = id, .platform = "YouTube"}); }
  bool is_duplicate() {
    const auto permission = registry.can_upload("clip_001", "YouTube");
    REQUIRE(permission);
    return !permission->allowed && permission->duplicate;
  }
  bool plan_has_it() {
    return load_candidates(registry, Destinations::first_ones(), kEveryDestination)
        .value()
        .videos.front()
        .on[2]
        .pending;
  }
};

}  // namespace

TEST_CASE_FIXTURE(EvidenceFixture, "a post whose row is gone is a duplicate, and the audit trail is named") {
  event("2026-02-11T09:00:00", "success", "dQw4w9WgXcQ");
  CHECK(says(
      no(), "clip_001 is already on YouTube (post dQw4w9WgXcQ, 2026-02-11 09:00), as audit/events.db tells"));
  CHECK(is_duplicate());
  CHECK_FALSE(plan_has_it());
  CHECK(registry.can_upload("clip_001", "TikTok")->allowed);
}

TEST_CASE_FIXTURE(EvidenceFixture, "a success that was lost to a lock stands behind IN_PROGRESS") {
  run("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
      " VALUES ('clip_001', 'YouTube', 'IN_PROGRESS', '2026-02-11T08:59:00')");
  event("2026-02-11T09:00:00", "success", "dQw4w9WgXcQ");
  CHECK(says(no(), "as audit/events.db tells"));
  CHECK(ledger.settle("clip_001", "YouTube", true, std::nullopt)->platform_post_id == "dQw4w9WgXcQ");
}

TEST_CASE_FIXTURE(EvidenceFixture,
                  "an event from before the video, under its id alone, is a question with time and post") {
  event("2026-02-10T09:00:00", "success", "dQw4w9WgXcQ");
  const Error error = no();
  CHECK(says(error, "clip_001 may be live on YouTube: audit/events.db tells of a post under this id"));
  CHECK(says(error, "dQw4w9WgXcQ, 2026-02-10 09:00"));
  CHECK(says(error, "asfs-videos settle clip_001 YouTube live|not-live"));
  SUBCASE("not live: it goes, and is not asked again") {
    CHECK(ledger.settle("clip_001", "YouTube", false, std::nullopt)->is(UploadStatus::failed));
    claimed();
  }
  SUBCASE("live: a success with that post, though there was no row") {
    CHECK(ledger.settle("clip_001", "YouTube", true, std::nullopt)->platform_post_id == "dQw4w9WgXcQ");
    CHECK(says(no(), "is already on YouTube (post dQw4w9WgXcQ"));
  }
  SUBCASE("duplicates on") {
    REQUIRE(registry.set_duplicate_allowed("clip_001", true));
    claimed();
  }
}

TEST_CASE_FIXTURE(EvidenceFixture,
                  "a success that nobody verified is a question, though the content is the same") {
  event("2026-02-11T09:00:00", "success", "YouTube upload submitted (verify manually)");
  CHECK(says(no(), "may be live on YouTube"));
  CHECK_FALSE(ledger.settle("clip_001", "YouTube", true, std::nullopt)->platform_post_id);
}

TEST_CASE_FIXTURE(EvidenceFixture, "an id that meant another content then says nothing about this one") {
  run("UPDATE videos SET created_at = '2026-02-09T08:00:00', checksum = 'bb22'");
  run("DELETE FROM videos");
  run("INSERT INTO videos(id, file_path, created_at, checksum) VALUES ('clip_001', 'clips/clip_001.mp4',"
      " '2030-01-01T00:00:00', 'aa11')");
  event("2026-02-11T09:00:00", "success", "other");
  claimed();
}

TEST_CASE_FIXTURE(EvidenceFixture, "an id that only ever meant this content is no question") {
  run("UPDATE videos SET created_at = '2026-02-09T08:00:00'");
  run("DELETE FROM videos");
  run("INSERT INTO videos(id, file_path, created_at, checksum) VALUES ('clip_001', 'clips/clip_001.mp4',"
      " '2030-01-01T00:00:00', 'aa11')");
  event("2026-02-11T09:00:00", "success", "abc");
  CHECK(says(no(), "is already on YouTube (post abc"));
}

TEST_CASE_FIXTURE(EvidenceFixture,
                  "content posted under an id whose row has forgotten it is not posted under another") {
  run("INSERT INTO videos(id, file_path, created_at, checksum) VALUES ('copy', 'copy.mp4', '2026', 'aa11')");
  event("2026-02-11T09:00:00", "success", "abc");
  CHECK(says(no("copy"), "copy has the same content as clip_001, which is already on YouTube (post abc, "));
  CHECK(says(no("copy"), "as audit/events.db tells"));
}

TEST_CASE_FIXTURE(EvidenceFixture, "a deleted video's post is known by its content under any id") {
  run("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id)"
      " VALUES ('clip_001', 'YouTube', 'SUCCESS', '2026-02-11T09:00:00', 'abc')");
  run("DELETE FROM video_uploads; DELETE FROM videos");
  REQUIRE(registry.register_video({.id = "again", .file_path = "again.mp4", .checksum = "aa11"}));
  CHECK(says(no("again"), "post abc, 2026-02-11 09:00"));
}

TEST_CASE_FIXTURE(EvidenceFixture, "the words of a blocked row name the post that it replaced") {
  const std::string words = "already uploaded to YouTube at 2026-02-11T09:00:00 (Post ID: abc-1)";
  SUBCASE("in the row of the same content") {
    run("INSERT INTO videos(id, file_path, created_at, checksum) VALUES ('copy', 'copy.mp4', '2026', "
        "'aa11')");
    run("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, error_message)"
        " VALUES ('copy', 'YouTube', 'BLOCKED', '2026-02-11T10:00:00', '" +
        words + "')");
  }
  SUBCASE("in a row that was replaced again") {
    run("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, error_message)"
        " VALUES ('clip_001', 'YouTube', 'BLOCKED', '2026-02-11T10:00:00', '" +
        words +
        "');"
        "UPDATE video_uploads SET upload_status = 'FAILED', error_message = 'x'");
  }
  SUBCASE("in the audit trail alone") {
    event("2026-02-11T10:00:00", "blocked", "", words);
  }
  CHECK(says(no(), "post abc-1, 2026-02-11 09:00"));
  CHECK(ledger.settle("clip_001", "YouTube", true, std::nullopt)->platform_post_id == "abc-1");
}

TEST_CASE("what words of a lost post hold is read, and others are none") {
  const auto full =
      lost_post_in("Video already uploaded to Instagram at 2026-02-11T08:00:00.5 (Post ID: x (y))");
  REQUIRE(full);
  CHECK(full->at == "2026-02-11T08:00:00.5");
  CHECK(full->post_id == "x (y)");
  const auto bare = lost_post_in("already uploaded to TikTok");
  REQUIRE(bare);
  CHECK(bare->at == "");
  CHECK_FALSE(bare->post_id);
  CHECK_FALSE(lost_post_in("already uploaded to TikTok at some time (Post ID: None)")->post_id);
  CHECK_FALSE(lost_post_in("clip_001 is already on YouTube (post abc)"));
  CHECK_FALSE(lost_post_in("Rate limit reached"));
}

TEST_CASE_FIXTURE(EvidenceFixture,
                  "our own posts are known by their content when videos.db is lost and begun anew") {
  AuditLog audit(test.library, test.clock);
  REQUIRE(audit.record({.video_id = "clip_001",
                        .platform = "YouTube",
                        .status = UploadStatus::success,
                        .upload_id = "abc",
                        .checksum = "aa11"}));
  run("UPDATE videos SET id = 'renamed', created_at = '2030'");
  CHECK(says(no("renamed"), "post abc"));
}

TEST_CASE_FIXTURE(EvidenceFixture, "an audit trail that was replaced is read from its beginning") {
  event("2026-02-11T09:00:00", "failed", "");
  event("2026-02-11T09:01:00", "failed", "");
  claimed({.video_id = "clip_001", .platform = "TikTok"});
  Stranger(test.library.audit_database()).run("DELETE FROM upload_events; DELETE FROM sqlite_sequence");
  event("2026-02-11T09:02:00", "success", "abc");
  CHECK(says(no(), "post abc"));
}

TEST_CASE_FIXTURE(EvidenceFixture, "a practice post of an earlier version is no evidence") {
  run("INSERT INTO asfs_practice_posts VALUES ('clip_001', 'YouTube', 'abc', '2026-02-11T09:00:00Z')");
  event("2026-02-11T09:00:00", "success", "abc");
  claimed();
}

TEST_CASE_FIXTURE(EvidenceFixture, "an audit trail that cannot be read stops no upload") {
  write_file(test.library.audit_database(), "no database");
  claimed();
}

TEST_CASE_FIXTURE(EvidenceFixture,
                  "a post that the rows have forgotten takes its place in the limits, once") {
  const RateLimits limits{.max_per_day = 2};
  const auto left = [&] {
    return ledger.post_times("YouTube", limits).value().left_today(test.clock.now())->left;
  };
  CHECK(left() == 2);
  run("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id)"
      " VALUES ('clip_001', 'YouTube', 'SUCCESS', '2026-02-11T07:00:00.5', 'abc')");
  event("2026-02-11T07:00:00", "success", "abc");
  know_audit_trail(registry.database(), registry.library());
  CHECK(left() == 1);
  run("DELETE FROM video_uploads; DELETE FROM videos");
  CHECK(left() == 1);
  event("2026-02-11T07:10:00", "success", "def", "", "gone_before");
  know_audit_trail(registry.database(), registry.library());
  CHECK(left() == 0);
}

TEST_CASE_FIXTURE(EvidenceFixture,
                  "a stop ends the reading of a long audit trail, which goes on from there the next time") {
  Stranger(test.library.audit_database())
      .run(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
          " INSERT INTO upload_events(timestamp, clip_id, platform, status, upload_id)"
          " SELECT '2026-02-11T09:00:00', 'clip_' || i, 'YouTube', 'success', 'p' || i FROM n");
  struct Stopping {
    std::stop_source source;
    int commits = 0;
  } stopping;
  const auto stop_at_first = [](void* self) {
    auto& at = *static_cast<Stopping*>(self);
    if (++at.commits == 1) std::jthread([&] { at.source.request_stop(); }).join();
    return 0;
  };
  Database& db = registry.database();
  sqlite3_commit_hook(db.handle(), stop_at_first, &stopping);
  CHECK(read_audit_trail(registry.database(), registry.library(), stopping.source.get_token()).error().code ==
        Code::cancelled);
  CHECK(stopping.commits == 1);
  sqlite3_commit_hook(db.handle(), nullptr, nullptr);
  CHECK(db.query_int("SELECT count(*) FROM asfs_evidence") < 9000);
  REQUIRE(read_audit_trail(registry.database(), registry.library()));
  CHECK(db.query_int("SELECT count(*) FROM asfs_evidence") == 9000);
}
