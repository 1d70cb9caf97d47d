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
