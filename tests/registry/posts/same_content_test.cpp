// The same bytes under another id are the same post.
#include <doctest/doctest.h>

#include "registry/videos/identity.h"
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

namespace {

/// clip_001, and hooked, which was made of it; and other, made of it, too.
struct MadeFixture : LedgerFixture {
  const ClaimRequest hooked{.video_id = "hooked", .platform = "YouTube"};

  MadeFixture() {
    Stranger(test).run("UPDATE videos SET checksum = 'aa11' WHERE id = 'clip_001'");
    REQUIRE(note_made_of(registry, "bb22", "aa11"));
    REQUIRE(note_made_of(registry, "cc33", "aa11"));
    REQUIRE(registry.register_video({.id = "hooked", .file_path = "b.mp4", .checksum = "bb22"}));
    REQUIRE(registry.register_video({.id = "other", .file_path = "c.mp4", .checksum = "cc33"}));
  }
};

}  // namespace

TEST_CASE_FIXTURE(MadeFixture,
                  "what was made of a clip that is posted is a duplicate of it, and free elsewhere") {
  finished(claimed().attempt_id, {.state = AttemptState::succeeded, .post_id = "dQw4w9WgXcQ"});
  CHECK(says(refused(hooked),
             "hooked is the same clip as clip_001, which is already on YouTube (post dQw4w9WgXcQ"));
  CHECK(registry.can_upload("hooked", "TikTok")->allowed);
}

TEST_CASE_FIXTURE(MadeFixture, "a clip is a duplicate of what was made of it, and so is all else that was") {
  finished(claimed(hooked).attempt_id, {.state = AttemptState::succeeded, .post_id = "dQw4w9WgXcQ"});
  CHECK(says(refused(), "clip_001 is the same clip as hooked"));
  CHECK(says(refused({.video_id = "other", .platform = "YouTube"}), "other is the same clip as hooked"));
}

TEST_CASE_FIXTURE(MadeFixture, "a clip is not sent while what was made of it is on its way, or may be live") {
  const Claim first = claimed(hooked);
  CHECK(says(refused(), "clip_001 is the same clip as hooked, which is being uploaded"));
  finished(first.attempt_id, {.state = AttemptState::unconfirmed, .error = "no answer"});
  CHECK(says(refused(), "may be live"));
}

TEST_CASE_FIXTURE(MadeFixture, "a post of what was made of a clip is remembered when its video was deleted") {
  finished(claimed(hooked).attempt_id, {.state = AttemptState::succeeded, .post_id = "dQw4w9WgXcQ"});
  Stranger(test).run("DELETE FROM video_uploads; DELETE FROM videos WHERE id = 'hooked'");
  CHECK(says(refused(), "is the same clip as hooked"));
}

TEST_CASE_FIXTURE(MadeFixture, "what is made of something that was made is of the first clip") {
  REQUIRE(note_made_of(registry, "dd44", "bb22"));
  CHECK(made_of(registry, "dd44").value() == "aa11");
  REQUIRE(note_made_of(registry, "aa11", "aa11"));
  CHECK(made_of(registry, "aa11").value() == "");
  REQUIRE(registry.register_video({.id = "twice", .file_path = "d.mp4", .checksum = "dd44"}));
  finished(claimed({.video_id = "other", .platform = "YouTube"}).attempt_id,
           {.state = AttemptState::succeeded});
  CHECK(says(refused({.video_id = "twice", .platform = "YouTube"}), "twice is the same clip as other"));
}
