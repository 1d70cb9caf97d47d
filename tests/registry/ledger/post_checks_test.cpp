// Posts are looked at once more some minutes after they were made.
#include "registry/ledger/post_checks.h"

#include <doctest/doctest.h>

#include "registry/store/audit_log.h"
#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

namespace {

constexpr std::chrono::minutes kLater{5};

struct PostedFixture : LedgerFixture {
  PostedFixture() {
    finished(
        claimed().attempt_id,
        {.state = AttemptState::succeeded, .post_id = "dQw4w9WgXcQ", .check_at = test.clock.now() + kLater});
  }
  PostToCheck due() {
    test.clock.advance(kLater);
    const auto posts = posts_to_check(registry);
    REQUIRE(posts);
    REQUIRE(posts->size() == 1);
    return posts->front();
  }
};

}  // namespace

TEST_CASE_FIXTURE(PostedFixture, "a post waits for its check until it is due, with what it was to say") {
  CHECK(posts_to_check(registry)->empty());
  CHECK(posts_to_check(registry, true)->size() == 1);
  const PostToCheck post = due();
  CHECK(post.video_id == "clip_001");
  CHECK(post.post_id == "dQw4w9WgXcQ");
  CHECK(post.metadata_json == R"({"title": "First"})");
}

TEST_CASE_FIXTURE(PostedFixture, "a post that is as it should be is not looked at again") {
  REQUIRE(record_post_check(registry, due(), {}));
  CHECK(posts_to_check(registry, true)->empty());
  CHECK_FALSE(row().error_message);
  CHECK(AuditLog(registry.library()).events_of("clip_001")->empty());
}

TEST_CASE_FIXTURE(PostedFixture, "what the platform did later stands on the row and in the audit trail") {
  REQUIRE(record_post_check(registry, due(), {.note = "YouTube rejected it: duplicate"}));
  CHECK(row().is(UploadStatus::success));
  CHECK(row().error_message == "YouTube rejected it: duplicate");
  CHECK(row().platform_post_id == "dQw4w9WgXcQ");
  const auto events = AuditLog(registry.library()).events_of("clip_001");
  REQUIRE(events->size() == 1);
  CHECK(events->back().error_message == "YouTube rejected it: duplicate");
  CHECK_FALSE(registry.can_upload("clip_001", "YouTube")->allowed);
}

TEST_CASE_FIXTURE(PostedFixture, "an unsettled post is looked at again later") {
  const PostToCheck post = due();
  REQUIRE(record_post_check(registry, post, {.again_at = test.clock.now() + kLater}));
  CHECK(posts_to_check(registry)->empty());
  CHECK(due().tries == 1);
}

TEST_CASE_FIXTURE(PostedFixture, "the final id of a post replaces the first one") {
  const PostToCheck post = due();
  REQUIRE(record_post_check(registry, post, {.again_at = test.clock.now() + kLater, .post_id = "7512345"}));
  CHECK(row().platform_post_id == "7512345");
  CHECK(due().post_id == "7512345");
}

TEST_CASE_FIXTURE(PostedFixture, "a finding about a post that was replaced meanwhile changes nothing") {
  const PostToCheck post = due();
  Stranger(test).run("UPDATE video_uploads SET platform_post_id = 'other'");
  REQUIRE(record_post_check(registry, post, {.note = "gone"}));
  CHECK(row().platform_post_id == "other");
  CHECK_FALSE(row().error_message);
}
