// The same bytes under another id are the same post.
#include <doctest/doctest.h>

#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

namespace {

const ClaimRequest kTwin{.video_id = "clip_002", .platform = "YouTube"};

struct TwinFixture : LedgerFixture {
  TwinFixture() {
    REQUIRE(registry.register_video({.id = "clip_002", .file_path = "b.mp4"}));
    Stranger(test).run("UPDATE videos SET checksum = 'aa11' WHERE id = 'clip_002'");
  }
};

}  // namespace

TEST_CASE_FIXTURE(TwinFixture,
                  "content that is posted under another id is a duplicate that names the other") {
  finished(claimed().attempt_id, {.state = AttemptState::succeeded, .post_id = "dQw4w9WgXcQ"});
  const auto permission = registry.can_upload("clip_002", "YouTube");
  REQUIRE(permission);
  CHECK_FALSE(permission->allowed);
  CHECK(permission->duplicate);
  const auto error = refused(kTwin);
  CHECK(error.code == Code::blocked);
  CHECK(says(error, "clip_002 has the same content as clip_001, which is already on YouTube"));
  CHECK(says(error, "post dQw4w9WgXcQ"));
}

TEST_CASE_FIXTURE(TwinFixture,
                  "the same content goes to another platform, and again where duplicates are allowed") {
  finished(claimed().attempt_id, {.state = AttemptState::succeeded, .post_id = "dQw4w9WgXcQ"});
  CHECK(registry.can_upload("clip_002", "TikTok")->allowed);
  REQUIRE(registry.set_duplicate_allowed("clip_002", true));
  CHECK(registry.can_upload("clip_002", "YouTube")->allowed);
}

TEST_CASE_FIXTURE(TwinFixture, "content on its way under another id is not sent a second time") {
  const Claim first = claimed();
  CHECK(says(refused(kTwin), "may be live"));
  finished(first.attempt_id, {.state = AttemptState::unconfirmed, .error = "no answer"});
  CHECK(says(refused(kTwin), "same content as clip_001"));
}

TEST_CASE_FIXTURE(TwinFixture, "content whose upload failed for good under another id is free") {
  finished(claimed().attempt_id, {.state = AttemptState::failed, .error = "rejected"});
  CHECK(registry.can_upload("clip_002", "YouTube")->allowed);
}

TEST_CASE_FIXTURE(TwinFixture, "a post is remembered by its content when its video was deleted") {
  finished(claimed().attempt_id, {.state = AttemptState::succeeded, .post_id = "dQw4w9WgXcQ"});
  Stranger(test).run("DELETE FROM video_uploads; DELETE FROM videos WHERE id = 'clip_001'");
  CHECK(says(refused(kTwin), "same content as clip_001"));
}

TEST_CASE_FIXTURE(TwinFixture, "a post the Python program made counts as well") {
  Stranger(test).run(
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id)"
      " VALUES ('clip_001', 'YouTube', 'SUCCESS', '2026-02-11T08:00:00', 'abc')");
  CHECK(says(refused(kTwin), "post abc, 2026-02-11 08:00"));
}

TEST_CASE_FIXTURE(TwinFixture, "videos without a checksum have no twins") {
  Stranger(test).run("UPDATE videos SET checksum = NULL");
  finished(claimed().attempt_id, {.state = AttemptState::succeeded, .post_id = "dQw4w9WgXcQ"});
  CHECK(registry.can_upload("clip_002", "YouTube")->allowed);
}
