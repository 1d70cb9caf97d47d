// A person's answer about an unclear upload, in the registry and in the audit trail.
#include "registry/ledger/settle.h"

#include <doctest/doctest.h>

#include "registry/store/audit_log.h"
#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE_FIXTURE(LedgerFixture, "\"it is live\" is recorded as a success with the post") {
  const Claim claim = claimed();
  finished(claim.attempt_id, {.state = AttemptState::unconfirmed, .error = "no answer"});
  REQUIRE(settle_upload(registry, "clip_001", "YouTube", true, "dQw4w9WgXcQ"));
  CHECK(row().is(UploadStatus::success));
  const auto events = AuditLog(registry.library()).events_of("clip_001");
  REQUIRE(events);
  REQUIRE(events->size() == 1);
  CHECK(events->back().status == "success");
  CHECK(events->back().upload_id == "dQw4w9WgXcQ");
}

TEST_CASE_FIXTURE(LedgerFixture, "\"it is not\" is recorded as a failure, and the video may go again") {
  const Claim claim = claimed();
  finished(claim.attempt_id, {.state = AttemptState::unconfirmed, .error = "no answer"});
  REQUIRE(settle_upload(registry, "clip_001", "YouTube", false, std::nullopt));
  CHECK(AuditLog(registry.library()).events_of("clip_001")->back().status == "failed");
  CHECK(registry.can_upload("clip_001", "YouTube")->allowed);
}

TEST_CASE_FIXTURE(LedgerFixture, "an answer nobody waits for changes nothing and leaves no event") {
  CHECK_FALSE(settle_upload(registry, "clip_001", "YouTube", true, "dQw4w9WgXcQ"));
  CHECK(AuditLog(registry.library()).events_of("clip_001")->empty());
}

TEST_CASE_FIXTURE(LedgerFixture, "the post of another video is no answer for this one") {
  REQUIRE(registry.register_video({.id = "clip_002", .file_path = "b.mp4"}));
  const auto other = claimed({.video_id = "clip_002", .platform = "YouTube"});
  finished(other.attempt_id, {.state = AttemptState::succeeded, .post_id = "dQw4w9WgXcQ"});
  finished(claimed().attempt_id, {.state = AttemptState::unconfirmed, .error = "no answer"});
  const auto refused = settle_upload(registry, "clip_001", "YouTube", true, "dQw4w9WgXcQ");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::usage);
  CHECK(says(refused.error(), "the post dQw4w9WgXcQ on YouTube is that of clip_002"));
  CHECK(row().is(UploadStatus::blocked));
}

TEST_CASE("while another program may be uploading, 'not live' is asked again") {
  LedgerFixture f;
  Stranger(f.test).run(
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
      " VALUES ('clip_001', 'YouTube', 'IN_PROGRESS', '2026-02-11T07:30:00')");
  CHECK(says(f.refused(), "another program may be uploading clip_001 to YouTube since 2026-02-11 07:30"));
  const auto again = f.ledger.settle("clip_001", "YouTube", false, std::nullopt);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::blocked);
  CHECK(says(again.error(), "settle clip_001 YouTube not-live --sure"));
  SUBCASE("sure") {
    CHECK(f.ledger.settle("clip_001", "YouTube", false, std::nullopt, true)->is(UploadStatus::failed));
  }
  SUBCASE("after an hour") {
    f.test.clock.advance(std::chrono::minutes(31));
    CHECK(says(f.refused(), "never said how that ended, so it may be live"));
    CHECK(f.ledger.settle("clip_001", "YouTube", false, std::nullopt)->is(UploadStatus::failed));
  }
  SUBCASE("a newer event is a sign of life") {
    f.test.clock.advance(std::chrono::minutes(31));
    REQUIRE(
        AuditLog(f.test.library, f.test.clock)
            .record({.video_id = "clip_001", .platform = "YouTube", .status = UploadStatus::in_progress}));
    CHECK(says(f.refused(), "another program may be uploading"));
  }
}

TEST_CASE("rows of any platform name can be settled and forgotten, and no other row is touched by that") {
  LedgerFixture f;
  Stranger(f.test).run(
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp) VALUES"
      " ('clip_001', 'youtube', 'IN_PROGRESS', '2026-01-01T07:00:00'),"
      " ('clip_001', 'Vimeo', 'IN_PROGRESS', '2026-01-01T07:00:00')");
  CHECK(f.ledger.settle("clip_001", "Vimeo", true, "v1")->is(UploadStatus::success));
  REQUIRE(f.ledger.forget("clip_001", "youtube"));
  CHECK_FALSE(f.registry.get_upload_status("clip_001", "youtube").value());
  CHECK_FALSE(f.registry.get_upload_status("clip_001", "YouTube").value());
  CHECK(Stranger(f.test).ask("SELECT platform FROM asfs_upload_history WHERE platform = 'youtube'") ==
        "youtube");
  CHECK(f.ledger.forget("clip_001", "youtube").error().code == Code::not_found);
}

TEST_CASE("what may be live or runs is not forgotten, and a forgotten success goes on refusing") {
  LedgerFixture f;
  const Claim claim = f.claimed();
  CHECK(f.ledger.forget("clip_001", "YouTube").error().code == Code::blocked);
  SUBCASE("another program's") {
    f.finished(claim.attempt_id, {.state = AttemptState::failed});
    Stranger(f.test).run(
        "UPDATE video_uploads SET upload_status = 'IN_PROGRESS', upload_timestamp = '2026-01-01'");
    CHECK(says(f.ledger.forget("clip_001", "YouTube").error(), "settle clip_001 YouTube"));
  }
  SUBCASE("unclear") {
    f.finished(claim.attempt_id, {.state = AttemptState::unconfirmed});
    CHECK(says(f.ledger.forget("clip_001", "YouTube").error(), "settle clip_001 YouTube"));
  }
  SUBCASE("failed") {
    f.finished(claim.attempt_id, {.state = AttemptState::failed});
    REQUIRE(f.ledger.forget("clip_001", "YouTube"));
    f.claimed();
  }
  SUBCASE("posted") {
    f.finished(claim.attempt_id, {.state = AttemptState::succeeded, .post_id = "yt1"});
    REQUIRE(f.ledger.forget("clip_001", "YouTube"));
    CHECK(says(f.refused(), "already on YouTube (post yt1"));
  }
}
