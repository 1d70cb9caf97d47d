// Rows that say somebody uploads, and whether somebody does.
#include "registry/ledger/unattended.h"

#include <doctest/doctest.h>

#include <memory>

#include "registry/picture/snapshot_reader.h"
#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct UnattendedFixture : LedgerFixture {
  void foreign(const std::string& since) {
    Stranger(test).run(
        "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
        " VALUES ('clip_001', 'YouTube', 'IN_PROGRESS', '" +
        since + "')");
  }
  bool needs_you() {
    auto videos = registry.get_all_videos().value();
    REQUIRE(mark_unattended(registry, videos));
    return videos.front().uploads.at("YouTube").needs_you;
  }
  std::shared_ptr<const Snapshot> picture;  ///< what shown() last gave lies in it
  UploadView shown() {
    REQUIRE(note_unattended(registry));
    picture = SnapshotReader::open(test.library)->refresh().value();
    return picture->video(0).uploads[2];
  }
};

}  // namespace

TEST_CASE_FIXTURE(UnattendedFixture, "an upload of ours is attended until its program is gone") {
  claimed();
  CHECK_FALSE(needs_you());
  CHECK(shown().status == UploadStatus::in_progress);
  test.clock.advance(kLeaseOver);
  CHECK(needs_you());
  CHECK(shown().status == UploadStatus::blocked);
  CHECK(shown().error.find("may be live") != std::string_view::npos);
  CHECK(Stranger(test).ask("SELECT upload_status FROM video_uploads") == "IN_PROGRESS");
}

TEST_CASE_FIXTURE(UnattendedFixture, "another program's upload is attended for an hour") {
  foreign("2026-02-11T07:30:00");
  CHECK_FALSE(needs_you());
  test.clock.advance(std::chrono::minutes(31));
  CHECK(needs_you());
}

TEST_CASE_FIXTURE(UnattendedFixture,
                  "a picture follows without a word of another program: when it ends, and when it goes on") {
  foreign("2026-02-11T06:30:00");
  REQUIRE(note_unattended(registry));
  auto reader = SnapshotReader::open(test.library).value();
  CHECK(reader.refresh().value()->video(0).uploads[2].status == UploadStatus::blocked);
  Stranger(test).run("UPDATE video_uploads SET upload_timestamp = '2026-02-11T07:59:00'");
  CHECK(reader.refresh().value()->video(0).uploads[2].status == UploadStatus::in_progress);
  test.clock.advance(std::chrono::hours(2));
  REQUIRE(note_unattended(registry));
  CHECK(reader.refresh().value()->video(0).uploads[2].status == UploadStatus::blocked);
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", UploadStatus::failed));
  CHECK(reader.refresh().value()->video(0).uploads[2].status == UploadStatus::failed);
}
