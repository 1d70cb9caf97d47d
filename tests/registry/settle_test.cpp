// A person's answer about an unclear upload, in the registry and in the audit trail.
#include "registry/settle.h"

#include <doctest/doctest.h>

#include "registry/audit_log.h"
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
