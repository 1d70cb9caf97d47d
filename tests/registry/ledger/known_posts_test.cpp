// A post that no row tells of is shown, in pictures and in lists, so that nobody takes its video for new.
#include "registry/ledger/known_posts.h"

#include <doctest/doctest.h>

#include "registry/picture/snapshot_reader.h"
#include "registry/picture/table_model.h"
#include "registry/posts/audit_reader.h"
#include "registry/posts/evidence.h"
#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct KnownPostsFixture : LedgerFixture {
  SnapshotReader reader = SnapshotReader::open(test.library).value();
  std::shared_ptr<const Snapshot> picture = reader.refresh().value();

  /// In the audit trail, as the Python program writes it. The video is of 08:00.
  void posted(const std::string& at) {
    Stranger(test.library.audit_database())
        .run(
            "CREATE TABLE upload_events (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL,"
            " clip_id TEXT NOT NULL, platform TEXT NOT NULL, status TEXT NOT NULL, upload_id TEXT,"
            " retry_count INTEGER DEFAULT 0, error_message TEXT, metadata TEXT);"
            "INSERT INTO upload_events(timestamp, clip_id, platform, status, upload_id)"
            " VALUES ('" +
            at + "', 'clip_001', 'YouTube', 'success', 'dQw4w9WgXcQ')");
    REQUIRE(read_audit_trail(registry.database(), registry.library()));
  }
  UploadView shown() {
    picture = reader.refresh().value();
    return picture->video(0).uploads[2];
  }
  Upload listed() {
    auto videos = registry.get_all_videos().value();
    REQUIRE(add_known_posts(registry, videos));
    return videos.front().uploads["YouTube"];
  }
};

}  // namespace

TEST_CASE_FIXTURE(KnownPostsFixture,
                  "a post that only the audit trail knows is shown as posted, with time, id and source") {
  CHECK_FALSE(shown().present);
  CHECK(listed().upload_status == "");
  posted("2026-02-11T09:00:00");
  const UploadView upload = shown();
  CHECK(upload.status == UploadStatus::success);
  CHECK(upload.timestamp == "2026-02-11T09:00:00");
  CHECK(upload.post_id == "dQw4w9WgXcQ");
  CHECK(upload.error == "known from audit/events.db; no row tells of it");
  CHECK(shown_by(StatusFilter::uploaded, picture->video(0)));
  CHECK_FALSE(shown_by(StatusFilter::needs_you, picture->video(0)));
  CHECK(listed().upload_status == "SUCCESS");
  CHECK(listed().platform_post_id == "dQw4w9WgXcQ");
  CHECK(SnapshotReader::open(test.library)->refresh().value()->video(0) ==
        picture->video(0));  // loaded whole
}

TEST_CASE_FIXTURE(KnownPostsFixture, "one that may be of another video is a question, until it is answered") {
  posted("2026-02-10T09:00:00");
  CHECK(shown().status == UploadStatus::blocked);
  CHECK(shown().error.starts_with("may be live: audit/events.db tells of a post under this id"));
  CHECK(shown_by(StatusFilter::needs_you, picture->video(0)));
  CHECK(listed().needs_you);
  REQUIRE(ledger.settle("clip_001", "YouTube", false, std::nullopt));
  CHECK(shown().status == UploadStatus::failed);
  CHECK_FALSE(shown().without_row);
}

TEST_CASE_FIXTURE(KnownPostsFixture, "a post whose row another program deleted is shown from the history") {
  finished(claimed().attempt_id, {.state = AttemptState::succeeded, .post_id = "abc"});
  CHECK_FALSE(shown().without_row);
  Stranger(test).run("DELETE FROM video_uploads");
  CHECK(shown().without_row);
  CHECK(shown().post_id == "abc");
}
