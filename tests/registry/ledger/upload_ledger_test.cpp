// The ledger: claims, how an attempt ends, and what a person's answer does.
#include "registry/ledger/upload_ledger.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE("a claim marks the row, keeps the failures and hands out the video") {
  LedgerFixture f;
  REQUIRE(f.registry.increment_retry_count("clip_001", "YouTube", "no network"));
  const Claim claim = f.claimed();
  CHECK(claim.attempt_id > 0);
  CHECK(claim.video.file_path == "clips/clip_001.mp4");
  CHECK(claim.video.uploads.at("YouTube").is(UploadStatus::in_progress));
  CHECK(claim.earlier_failures == 1);
  CHECK(claim.metadata_json == R"({"title": "First"})");
  CHECK_FALSE(claim.handle);
  CHECK_FALSE(claim.maybe_published);
  CHECK(f.row().retry_count == 1);
  CHECK_FALSE(f.row().error_message);
}

TEST_CASE("an attempt knows who made it and when") {
  LedgerFixture f;
  f.claimed();
  const auto attempts = f.ledger.attempts("clip_001").value();
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].state == "running");
  CHECK(attempts[0].started_at == utc_timestamp(kMorning));
  CHECK(attempts[0].ended_at == "");
  CHECK(attempts[0].owner.starts_with("pid " + std::to_string(getpid()) + " on "));
}

TEST_CASE("an unknown video cannot be claimed") {
  LedgerFixture f;
  CHECK(f.refused({.video_id = "x", .platform = "YouTube"}).code == Code::not_found);
}

TEST_CASE("a second claim is refused and told who is at it, from another connection too") {
  LedgerFixture f;
  f.claimed();
  auto second = f.test.open();
  const auto error = UploadLedger(second).claim(kRequest).error();
  CHECK(error.code == Code::blocked);
  CHECK(says(error, "clip_001 is being uploaded to YouTube by pid " + std::to_string(getpid()) + " on "));
  CHECK(says(error, " since " + short_time(local_timestamp(kMorning))));
  CHECK(f.refused().message == error.message);
  CHECK_FALSE(f.registry.can_upload("clip_001", "YouTube")->allowed);
}

TEST_CASE("platforms and videos do not hold each other back") {
  LedgerFixture f;
  REQUIRE(f.registry.register_video({.id = "clip_002", .file_path = "b.mp4"}));
  f.claimed();
  CHECK(f.ledger.claim({.video_id = "clip_001", .platform = "TikTok"}));
  CHECK(f.ledger.claim({.video_id = "clip_002", .platform = "YouTube"}));
}

TEST_CASE("a success ends the attempt, forgets the failures and refuses the next claim") {
  LedgerFixture f;
  REQUIRE(f.registry.increment_retry_count("clip_001", "YouTube", "no network"));
  const Claim claim = f.claimed();
  const Upload row = f.finished(claim.attempt_id, {.state = AttemptState::succeeded, .post_id = "yt1"});
  CHECK(row.is(UploadStatus::success));
  CHECK(row.platform_post_id == "yt1");
  CHECK(row.retry_count == 0);
  CHECK_FALSE(row.error_message);
  CHECK(f.last_state() == "succeeded");
  const Error error = f.refused();
  CHECK(error.code == Code::blocked);
  CHECK(says(error, "clip_001 is already on YouTube (post yt1, "));
}

TEST_CASE("a success without a post id is a success") {
  LedgerFixture f;
  CHECK(f.finished(f.claimed().attempt_id, {.state = AttemptState::succeeded}).is(UploadStatus::success));
  CHECK(f.refused().code == Code::blocked);
}

TEST_CASE("three failed attempts may be retried, the fourth is final and needs a person") {
  LedgerFixture f;
  for (int failure = 1; failure <= 4; ++failure) {
    const Upload row = f.finished(f.claimed().attempt_id, {.error = "no network"});
    CHECK(row.retry_count == failure);
    CHECK(row.is(failure < 4 ? UploadStatus::failed : UploadStatus::failed_final));
    CHECK(row.error_message == "no network");
  }
  CHECK(f.refused().code == Code::failed);
  ClaimRequest by_hand = kRequest;
  by_hand.by_hand = true;
  const Upload row = f.finished(f.claimed(by_hand).attempt_id, {.error = "no network"});
  CHECK(row.is(UploadStatus::failed_final));
  CHECK(row.retry_count == 5);
}

TEST_CASE("a failure that is not the upload's fault uses up no retry") {
  LedgerFixture f;
  const Upload row =
      f.finished(f.claimed().attempt_id, {.error = "needs a login", .counts_as_failure = false});
  CHECK(row.is(UploadStatus::failed));
  CHECK(row.retry_count == 0);
}

TEST_CASE("a rate limit keeps the failures and may be tried again") {
  LedgerFixture f;
  REQUIRE(f.registry.increment_retry_count("clip_001", "YouTube", "no network"));
  const TimePoint later = kMorning + std::chrono::hours(1);
  const Upload row =
      f.finished(f.claimed().attempt_id, {.state = AttemptState::rate_limited, .retry_at = later});
  CHECK(row.is(UploadStatus::rate_limited));
  CHECK(row.retry_count == 1);
  CHECK(f.ledger.attempts("clip_001")->back().retry_at == utc_timestamp(later));
  f.claimed();
}

TEST_CASE("an upload stopped before it could be public is PENDING and goes on with its handle") {
  LedgerFixture f;
  const Claim first = f.claimed();
  REQUIRE(f.ledger.save_handle(first.attempt_id, "session-1"));
  CHECK(f.finished(first.attempt_id, {.state = AttemptState::interrupted}).is(UploadStatus::pending));
  CHECK(f.ledger.unfinished()->empty());
  const Claim second = f.claimed({.video_id = "clip_001", .platform = "YouTube", .metadata_json = "{}"});
  CHECK(second.handle == "session-1");
  CHECK(second.metadata_json == kRequest.metadata_json);
  CHECK_FALSE(second.maybe_published);
}

TEST_CASE("an upload stopped on the way to being public stays IN_PROGRESS until the next start looks it up") {
  LedgerFixture f;
  const Claim first = f.claimed();
  REQUIRE(f.ledger.save_handle(first.attempt_id, "session-1"));
  REQUIRE(f.ledger.before_publish(first.attempt_id));
  CHECK(f.finished(first.attempt_id, {.state = AttemptState::interrupted}).is(UploadStatus::in_progress));
  const auto open = f.ledger.unfinished().value();
  REQUIRE(open.size() == 1);
  CHECK(open[0].handle == "session-1");
  const Claim second = f.claimed();
  CHECK(second.handle == "session-1");
  CHECK(second.maybe_published);
  CHECK(f.ledger.unfinished()->empty());
}

TEST_CASE("an unclear outcome is BLOCKED, says so, and waits for a person whatever else is allowed") {
  LedgerFixture f;
  const Upload row =
      f.finished(f.claimed().attempt_id, {.state = AttemptState::unconfirmed, .error = "no answer"});
  CHECK(row.is(UploadStatus::blocked));
  CHECK(row.error_message ==
        "no answer; the post may be live: look on YouTube, then: asfs-videos settle clip_001 YouTube "
        "live|not-live");
  ClaimRequest by_hand = kRequest;
  by_hand.by_hand = true;
  CHECK(says(f.refused(by_hand), "may be live; look on YouTube, then: asfs-videos settle"));
  REQUIRE(f.registry.set_duplicate_allowed("clip_001", true));
  CHECK(f.refused(by_hand).code == Code::blocked);
}

TEST_CASE("an unclear outcome stays unclear when another program overwrites its row") {
  LedgerFixture f;
  f.finished(f.claimed().attempt_id, {.state = AttemptState::unconfirmed});
  Stranger(f.test).run("UPDATE video_uploads SET upload_status = 'FAILED', error_message = 'x'");
  CHECK(says(f.refused(), "may be live"));
  REQUIRE(f.ledger.settle("clip_001", "YouTube", false, std::nullopt));
  f.claimed();
}

TEST_CASE("a person's 'it is live' makes a success that is never posted again") {
  LedgerFixture f;
  f.finished(f.claimed().attempt_id, {.state = AttemptState::unconfirmed});
  const auto row = f.ledger.settle("clip_001", "YouTube", true, "yt9").value();
  CHECK(row.is(UploadStatus::success));
  CHECK(row.platform_post_id == "yt9");
  CHECK_FALSE(row.error_message);
  CHECK(f.last_state() == "succeeded");
  Stranger(f.test).run("DELETE FROM video_uploads; DELETE FROM asfs_upload_history");
  CHECK(says(f.refused(), "already on YouTube (post yt9"));
}

TEST_CASE("a person's 'it is not live' lets a fresh try start, without the old handle") {
  LedgerFixture f;
  const Claim first = f.claimed();
  REQUIRE(f.ledger.save_handle(first.attempt_id, "session-1"));
  REQUIRE(f.ledger.before_publish(first.attempt_id));
  f.finished(first.attempt_id, {.state = AttemptState::unconfirmed});
  CHECK(f.ledger.settle("clip_001", "YouTube", false, std::nullopt)->is(UploadStatus::failed));
  CHECK(f.last_state() == "settled_not_live");
  const Claim second = f.claimed();
  CHECK_FALSE(second.handle);
  CHECK_FALSE(second.maybe_published);
}

TEST_CASE("what another program left IN_PROGRESS can be settled both ways") {
  LedgerFixture f;
  Stranger(f.test).run(
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
      " VALUES ('clip_001', 'YouTube', 'IN_PROGRESS', '2026-02-11T07:00:00')");
  CHECK(says(f.refused(), "another program began to upload clip_001 to YouTube at 2026-02-11 07:00"));
  SUBCASE("live") {
    CHECK(f.ledger.settle("clip_001", "YouTube", true, std::nullopt)->is(UploadStatus::success));
    CHECK(f.refused().code == Code::blocked);
  }
  SUBCASE("not live") {
    CHECK(f.ledger.settle("clip_001", "YouTube", false, std::nullopt)->is(UploadStatus::failed));
    f.claimed();
  }
}

TEST_CASE("there is nothing to settle about a sure state, and a running upload is not settled") {
  LedgerFixture f;
  CHECK(f.ledger.settle("clip_001", "YouTube", false, std::nullopt).error().code == Code::usage);
  CHECK(f.ledger.settle("x", "YouTube", false, std::nullopt).error().code == Code::not_found);
  const Claim claim = f.claimed();
  CHECK(f.ledger.settle("clip_001", "YouTube", false, std::nullopt).error().code == Code::blocked);
  f.finished(claim.attempt_id, {.state = AttemptState::succeeded, .post_id = "yt1"});
  CHECK(f.ledger.settle("clip_001", "YouTube", false, std::nullopt).error().code == Code::usage);
  CHECK(f.row().platform_post_id == "yt1");
}

TEST_CASE("an answer never takes back a success that another program wrote meanwhile") {
  LedgerFixture f;
  f.finished(f.claimed().attempt_id, {.state = AttemptState::unconfirmed});
  Stranger(f.test).run("UPDATE video_uploads SET upload_status = 'SUCCESS', platform_post_id = 'py1'");
  CHECK(f.ledger.settle("clip_001", "YouTube", false, std::nullopt)->platform_post_id == "py1");
  CHECK(says(f.refused(), "post py1"));
}

TEST_CASE("a success that the Python program wrote while we were sending stops us from publishing") {
  LedgerFixture f;
  const Claim claim = f.claimed();
  Stranger(f.test).run("UPDATE video_uploads SET upload_status = 'SUCCESS', platform_post_id = 'py1'");
  CHECK(f.ledger.before_publish(claim.attempt_id).error().code == Code::blocked);
  CHECK(f.last_state() == "failed");
  CHECK(f.row().platform_post_id == "py1");
  CHECK(says(f.refused(), "already on YouTube (post py1"));
}

TEST_CASE("a handle, the word before publishing and the end are synced to disk, a heartbeat is not") {
  LedgerFixture f;
  const Claim claim = f.claimed();
  std::string trace;  // F: synced from now on, N: no more, u: an attempt is written
  const auto note = [](unsigned, void* context, void*, void* sql) {
    const std::string_view text = static_cast<const char*>(sql);
    auto& out = *static_cast<std::string*>(context);
    if (text == "PRAGMA synchronous=FULL") out += 'F';
    if (text == "PRAGMA synchronous=1") out += 'N';
    if (text.starts_with("UPDATE asfs_attempts")) out += 'u';
    return 0;
  };
  sqlite3_trace_v2(f.registry.database().handle(), SQLITE_TRACE_STMT, note, &trace);
  REQUIRE(f.ledger.save_handle(claim.attempt_id, "session-1"));
  REQUIRE(f.ledger.heartbeat(claim.attempt_id, 1, 2));
  REQUIRE(f.ledger.before_publish(claim.attempt_id));
  REQUIRE(f.ledger.finish(claim.attempt_id, {.state = AttemptState::succeeded}));
  sqlite3_trace_v2(f.registry.database().handle(), 0, nullptr, nullptr);
  CHECK(trace == "FuNuFuNFuN");
  CHECK(Stranger(f.test).ask("SELECT ifnull(handle, 0), maybe_published FROM asfs_attempts") == "0|1");
}

TEST_CASE("a failed attempt passes its handle on only when its session is kept") {
  LedgerFixture f;
  const Claim first = f.claimed();
  REQUIRE(f.ledger.save_handle(first.attempt_id, "session-1"));
  f.finished(first.attempt_id, {.error = "reset", .keep_handle = true});
  const Claim second = f.claimed();
  CHECK(second.handle == "session-1");
  f.finished(second.attempt_id, {.error = "refused", .keep_handle = false});
  CHECK_FALSE(f.claimed().handle);
}

TEST_CASE("a permitted second upload is fresh, and the first post is not forgotten when it fails") {
  LedgerFixture f;
  const Claim first = f.claimed();
  REQUIRE(f.ledger.save_handle(first.attempt_id, "session-1"));
  f.finished(first.attempt_id, {.state = AttemptState::succeeded, .post_id = "yt1"});
  REQUIRE(f.registry.set_duplicate_allowed("clip_001", true));
  const Claim second = f.claimed();
  CHECK_FALSE(second.handle);
  CHECK_FALSE(f.row().platform_post_id);
  f.finished(second.attempt_id, {.error = "no network"});
  CHECK(Stranger(f.test).ask(
            "SELECT platform_post_id FROM asfs_upload_history WHERE upload_status = 'SUCCESS'") == "yt1");
  REQUIRE(f.registry.set_duplicate_allowed("clip_001", false));
  CHECK(says(f.refused(), "already on YouTube (post yt1"));
}

TEST_CASE("an IN_PROGRESS that another program wrote over ours is another program's") {
  LedgerFixture f;
  const Claim claim = f.claimed();
  REQUIRE(f.ledger.save_handle(claim.attempt_id, "session-1"));
  f.test.clock.advance(kLeaseOver);
  Stranger(f.test).run("UPDATE video_uploads SET upload_timestamp = '2026-02-11T09:00:00.000001'");
  CHECK(says(f.refused(), "another program may be uploading clip_001 to YouTube since 2026-02-11 09:00"));
}

TEST_CASE("the end of an upload whose video was deleted is remembered") {
  LedgerFixture f;
  const Claim claim = f.claimed();
  Stranger(f.test).run("DELETE FROM video_uploads; DELETE FROM videos");
  CHECK(f.finished(claim.attempt_id, {.state = AttemptState::succeeded, .post_id = "yt1"}).platform_post_id ==
        "yt1");
  CHECK(Stranger(f.test).ask("SELECT count(*) FROM video_uploads") == "0");
  REQUIRE(f.registry.register_video({.id = "clip_001", .file_path = "a.mp4", .checksum = "aa11"}));
  CHECK(says(f.refused(), "already on YouTube (post yt1"));
}

TEST_CASE("an attempt ends once, and only in a way that is an end") {
  LedgerFixture f;
  const Claim claim = f.claimed();
  CHECK(f.ledger.finish(claim.attempt_id, {.state = AttemptState::running}).error().code == Code::usage);
  f.finished(claim.attempt_id, {.error = "no network"});
  CHECK(f.ledger.finish(claim.attempt_id, {.error = "again"}).error().code == Code::blocked);
  CHECK(f.ledger.finish(999, {.error = "again"}).error().code == Code::blocked);
  CHECK(f.row().retry_count == 1);
}

TEST_CASE("a full disk or a lock while claiming leaves nothing behind") {
  LedgerFixture f;
  const std::string before = f.state();
  Stranger other(f.test);
  other.run(
      "CREATE TRIGGER disk_full BEFORE INSERT ON asfs_attempts BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  const auto claim = f.ledger.claim(kRequest);
  REQUIRE_FALSE(claim);
  CHECK(claim.error().code == Code::library);
  CHECK(f.state() == before);
  other.run("DROP TRIGGER disk_full");
  f.claimed();
}

TEST_CASE("a failure never takes back a success that another program wrote meanwhile") {
  LedgerFixture f;
  const Claim claim = f.claimed();
  Stranger(f.test).run("UPDATE video_uploads SET upload_status = 'SUCCESS', platform_post_id = 'py1'");
  CHECK(f.finished(claim.attempt_id, {.error = "no network"}).platform_post_id == "py1");
  CHECK(f.row().is(UploadStatus::success));
}
