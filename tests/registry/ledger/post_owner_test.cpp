// Once a post may exist nothing else is begun, and no post is taken that is somebody else's.
#include <doctest/doctest.h>

#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

// As it is kept: in whole milliseconds.
const TimePoint kNoted = from_unix_millis(unix_millis(kMorning));

struct TwoClips : LedgerFixture {
  TwoClips() {
    REQUIRE(
        registry.register_video({.id = "clip_002", .file_path = "clips/clip_002.mp4", .title = "Second"}));
  }
  std::int64_t claim(const std::string& video) {
    return claimed({.video_id = video, .platform = "YouTube"}).attempt_id;
  }
  void post(const std::string& video, const std::string& post_id) {
    finished(claim(video), {.state = AttemptState::succeeded, .post_id = post_id});
  }
  std::string ask(const std::string& sql) { return Stranger(test).ask(sql); }
};

}  // namespace

TEST_CASE(
    "once an upload may be public no other is begun in its place, until the platform says there is none") {
  LedgerFixture f;
  const auto id = f.claimed().attempt_id;
  REQUIRE(f.ledger.save_handle(id, "session-1"));
  REQUIRE(f.ledger.save_handle(id, "session-2"));
  REQUIRE(f.ledger.before_publish(id));
  CHECK(f.ledger.save_handle(id, "session-3").error().code == Code::failed);
  CHECK(f.ledger.attempts("clip_001")->back().handle == "session-2");
  REQUIRE(f.ledger.start_over(id));
  CHECK_FALSE(f.ledger.attempts("clip_001")->back().handle);
  REQUIRE(f.ledger.save_handle(id, "session-3"));
}

TEST_CASE("since when the platform's word is waited for is known to every later try") {
  LedgerFixture f;
  const auto first = f.claimed();
  CHECK_FALSE(first.waits_since);
  REQUIRE(f.ledger.save_handle(first.attempt_id, "session-1"));
  REQUIRE(f.ledger.before_publish(first.attempt_id));
  f.test.clock.advance(5h);
  f.finished(first.attempt_id, {.state = AttemptState::interrupted, .error = "still processing"});
  CHECK(f.row().is(UploadStatus::in_progress));
  CHECK(f.row().error_message == "still processing");
  const auto second = f.claimed();
  CHECK(second.waits_since == kNoted);
  CHECK(f.ledger.waits_since(second.attempt_id) == kNoted);
  REQUIRE(f.ledger.start_over(second.attempt_id));
  CHECK(f.ledger.waits_since(second.attempt_id) == kNoted + 5h);
}

TEST_CASE("a time that was noted before the clock was put back does not make the wait longer") {
  LedgerFixture f;
  const auto id = f.claimed().attempt_id;
  f.test.clock.advance(100h);
  REQUIRE(f.ledger.waits_since(id));
  f.test.clock.advance(-100h);
  CHECK(f.ledger.waits_since(id) == kNoted);
}

TEST_CASE("an upload address is forgotten when its attempt has ended, and kept while it may go on") {
  TwoClips f;
  const auto handles = [&] { return f.ask("SELECT group_concat(ifnull(handle, '-')) FROM asfs_attempts"); };
  const auto first = f.claim("clip_001");
  REQUIRE(f.ledger.save_handle(first, "session-1"));
  f.finished(first, {.error = "reset", .keep_handle = true});
  CHECK(handles() == "session-1");
  const auto second = f.claim("clip_001");
  CHECK(handles() == "-,session-1");
  SUBCASE("posted") {
    f.finished(second, {.state = AttemptState::succeeded, .post_id = "abcdefghi-_"});
  }
  SUBCASE("failed") {
    f.finished(second, {.error = "refused"});
  }
  SUBCASE("a question to a person") {
    f.finished(second, {.state = AttemptState::unconfirmed, .error = "lost"});
  }
  CHECK(handles() == "-,-");
}

TEST_CASE("a post belongs to the video that made it, in its row, its history or its attempts") {
  TwoClips f;
  f.post("clip_001", "abcdefghi-_");
  const auto mine = f.claim("clip_002");
  const auto owner = [&] { return f.ledger.owner_of_post(mine, "abcdefghi-_").value().value_or(""); };
  CHECK(owner() == "clip_001");
  CHECK_FALSE(f.ledger.owner_of_post(mine, "another-one").value());
  SUBCASE("its row is overwritten by another program") {
    f.ask(
        "UPDATE video_uploads SET upload_status = 'FAILED', platform_post_id = NULL WHERE video_id = "
        "'clip_001'");
    CHECK(owner() == "clip_001");
  }
  SUBCASE("only the row knows it") {
    f.ask("DELETE FROM asfs_attempts WHERE video_id = 'clip_001'");
    CHECK(owner() == "clip_001");
  }
}

TEST_CASE("a second post of the same video does not take the first one's id, a later try at one post does") {
  TwoClips f;
  REQUIRE(f.registry.set_duplicate_allowed("clip_001", true));
  f.post("clip_001", "abcdefghi-_");
  const auto second = f.claim("clip_001");
  CHECK(f.ledger.owner_of_post(second, "abcdefghi-_").value() == "clip_001");

  const auto begun = f.claim("clip_002");
  REQUIRE(f.ledger.save_handle(begun, "session-1"));
  REQUIRE(f.ledger.before_publish(begun));
  f.test.clock.advance(kLeaseOver);
  const auto taken_over = f.claim("clip_002");
  f.finished(begun, {.state = AttemptState::succeeded, .post_id = "0123456789_"});
  CHECK_FALSE(f.ledger.owner_of_post(taken_over, "0123456789_").value());
}

TEST_CASE("an upload that names another video's post is no success but a question") {
  TwoClips f;
  f.post("clip_001", "abcdefghi-_");
  const auto row =
      f.finished(f.claim("clip_002"), {.state = AttemptState::succeeded, .post_id = "abcdefghi-_"});
  CHECK(row.is(UploadStatus::blocked));
  CHECK_FALSE(row.platform_post_id);
  CHECK(row.error_message->find("names the post abcdefghi-_, which is that of clip_001") !=
        std::string::npos);
}

TEST_CASE("posts of other videos whose ids are not known are told, with what they say") {
  TwoClips f;
  const auto open =
      f.claimed({.video_id = "clip_001", .platform = "YouTube", .metadata_json = R"({"title":"x"})"});
  const auto mine = f.claim("clip_002");
  const auto unknown = f.ledger.unknown_posts(mine).value();
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].metadata_json == R"({"title":"x"})");
  CHECK_FALSE(unknown[0].post_id);
  f.finished(open.attempt_id, {.error = "refused"});
  CHECK(f.ledger.unknown_posts(mine).value().empty());
}

TEST_CASE(
    "a post that another program made meanwhile stays in its row, and ours is kept beside it, with a "
    "warning") {
  LedgerFixture f;
  const auto id = f.claimed().attempt_id;
  REQUIRE(f.ledger.before_publish(id));
  Stranger(f.test).ask(
      "UPDATE video_uploads SET upload_status = 'SUCCESS', platform_post_id = 'PYTHON' WHERE video_id = "
      "'clip_001'");
  const auto row = f.finished(id, {.state = AttemptState::succeeded, .post_id = "OURS"});
  CHECK(row.is(UploadStatus::success));
  CHECK(row.platform_post_id == "PYTHON");
  CHECK(row.error_message->find("posted twice") != std::string::npos);
  CHECK(row.error_message->find("posts PYTHON and OURS") != std::string::npos);
  const auto known = Stranger(f.test).ask(
      "SELECT group_concat(DISTINCT platform_post_id) FROM asfs_upload_history WHERE upload_status = "
      "'SUCCESS'");
  CHECK(known.find("PYTHON") != std::string::npos);
  CHECK(known.find("OURS") != std::string::npos);
  CHECK(f.ledger.attempts("clip_001")->back().post_id == "OURS");
}
