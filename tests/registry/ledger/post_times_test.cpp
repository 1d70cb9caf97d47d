// Rate limits as the ledger keeps them: out of what was posted, by whom and whenever.
#include "registry/ledger/post_times.h"

#include <doctest/doctest.h>

#include <random>

#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

const RateLimits kHourly{.cooldown = 1h, .max_per_hour = 1, .max_per_day = 10};

ClaimRequest limited(std::string id = "clip_001") {
  return {.video_id = std::move(id), .platform = "YouTube", .limits = kHourly};
}

struct LimitedFixture : LedgerFixture {
  LimitedFixture() {
    for (const char* id : {"clip_002", "clip_003"})
      REQUIRE(registry.register_video({.id = id, .file_path = "x.mp4"}));
  }
  void post(const std::string& id, AttemptState state = AttemptState::succeeded) {
    finished(claimed(limited(id)).attempt_id, {.state = state});
  }
  TimePoint next() { return ledger.next_post_time("YouTube", kHourly)->at; }
  Duration wait() { return next() - test.clock.now(); }
};

}  // namespace

TEST_CASE("after a post the next claim waits for the cooldown, and names the time") {
  LimitedFixture f;
  f.post("clip_001");
  const Error error = f.refused(limited("clip_002"));
  CHECK(error.code == Code::rate_limited);
  CHECK(says(error, "YouTube takes the next upload at "));
  f.test.clock.advance(1h + 1ms);
  CHECK(f.claimed(limited("clip_002")).attempt_id > 0);
}

TEST_CASE("platforms have limits of their own") {
  LimitedFixture f;
  f.post("clip_001");
  CHECK(f.ledger.claim({.video_id = "clip_002", .platform = "TikTok", .limits = kHourly}));
}

TEST_CASE("another process and a later start know the posts made before") {
  LimitedFixture f;
  f.post("clip_001");
  auto other = f.test.open();
  CHECK(UploadLedger(other).claim(limited("clip_002")).error().code == Code::rate_limited);
}

TEST_CASE("an upload that runs holds its slot, and gives it back when nothing was posted") {
  LimitedFixture f;
  const auto running = f.claimed(limited());
  CHECK(f.refused(limited("clip_002")).code == Code::rate_limited);
  f.finished(running.attempt_id, {.state = AttemptState::failed, .error = "no network"});
  CHECK(f.wait() == 0s);
  f.post("clip_002", AttemptState::unconfirmed);  // it may be live
  CHECK(f.wait() > 59min);
}

TEST_CASE("what another program posted counts") {
  LimitedFixture f;
  REQUIRE(f.registry.record_upload_attempt("clip_001", "YouTube", UploadStatus::success, "abc"));
  CHECK(f.wait() > 59min);
}

TEST_CASE("a dead upload does not stand in its own way, and what may be live is looked up at once") {
  LimitedFixture f;
  const auto dead = f.claimed(limited());
  REQUIRE(f.ledger.save_handle(dead.attempt_id, "handle"));
  f.test.clock.advance(kLeaseOver);
  const auto second = f.claimed(limited());
  CHECK(second.handle == "handle");
  REQUIRE(f.ledger.before_publish(second.attempt_id));
  f.finished(second.attempt_id, {.state = AttemptState::interrupted});
  CHECK(f.refused(limited("clip_002")).code == Code::rate_limited);
  CHECK(f.claimed(limited()).maybe_published);
}

TEST_CASE("a person may skip the wait, and the claim says which") {
  LimitedFixture f;
  f.post("clip_001");
  auto forced = limited("clip_002");
  forced.skip_limits = true;
  const auto claim = f.claimed(forced);
  REQUIRE(claim.skipped);
  CHECK(claim.skipped->at > f.test.clock.now() + 59min);
  CHECK_FALSE(f.claimed({.video_id = "clip_003", .platform = "YouTube", .skip_limits = true}).skipped);
}

TEST_CASE("the platform's own wait holds every video of it, until it is over or a post went through") {
  LimitedFixture f;
  const auto until = f.test.clock.now() + 5h;
  f.finished(f.claimed(limited()).attempt_id, {.state = AttemptState::rate_limited, .retry_at = until});
  CHECK(f.next() - until < 1s);
  CHECK(says(f.refused(limited("clip_002")), "(the platform asked to wait)"));
  auto forced = limited("clip_002");
  forced.skip_limits = true;
  f.finished(f.claimed(forced).attempt_id, {.state = AttemptState::succeeded});
  CHECK(f.wait() < 61min);
}

TEST_CASE("what the platform told of the account holds every process, until it is a day old") {
  LimitedFixture f;
  const auto claim = f.claimed({.video_id = "clip_001", .platform = "YouTube"});
  REQUIRE(f.ledger.note_quota(claim.attempt_id, {.total = 1, .used = 1, .asked_at = f.test.clock.now()}));
  f.finished(claim.attempt_id, {});
  const RateLimits none;
  const PostTime slot = f.ledger.next_post_time("YouTube", none).value();
  CHECK(static_cast<int>(slot.why) == static_cast<int>(PostTime::Why::quota));
  CHECK(f.test.clock.now() + 1h - slot.at < 1ms);
  CHECK(f.ledger.next_post_time("TikTok", none)->at == f.test.clock.now());
  f.test.clock.advance(26h);
  CHECK(f.ledger.post_times("YouTube", none)->left_today(f.test.clock.now()) == std::nullopt);
}

TEST_CASE("a clock that was put back costs one window, not a year") {
  LimitedFixture f;
  f.test.clock.advance(24h * 365);
  f.post("clip_001");
  f.test.clock.advance(-24h * 365);
  CHECK(f.ledger.claim(limited("clip_002")).error().code == Code::rate_limited);
  f.test.clock.advance(1h + 1s);
  CHECK(f.ledger.claim(limited("clip_002")));
}

TEST_CASE("a video that came too soon is RATE_LIMITED with its failures, and a success stays one") {
  LimitedFixture f;
  REQUIRE(f.registry.increment_retry_count("clip_001", "YouTube", "no network"));
  REQUIRE(f.ledger.note_rate_limited("clip_001", "YouTube", "too soon"));
  CHECK(f.row().is(UploadStatus::rate_limited));
  CHECK(f.row().retry_count == 1);
  CHECK(f.row().error_message == "too soon");
  f.post("clip_001");
  REQUIRE(f.ledger.note_rate_limited("clip_001", "YouTube", "too soon"));
  CHECK(f.row().is(UploadStatus::success));
}

TEST_CASE("the ledger's answer is an hour apart at least, whatever two processes try and however they end") {
  LimitedFixture f;
  auto other = f.test.open();
  UploadLedger second(other);
  std::mt19937 random(42);
  std::vector<TimePoint> posts;
  for (int i = 0; i < 1500; ++i) {
    const std::string id = "bulk_" + std::to_string(i);
    REQUIRE(f.registry.register_video({.id = id, .file_path = "x.mp4"}));
    UploadLedger& ledger = random() % 2 ? second : f.ledger;
    f.test.clock.advance(std::chrono::seconds(random() % 4000));
    const PostTime slot = ledger.next_post_time("YouTube", kHourly).value();
    const auto claim = ledger.claim(limited(id));
    REQUIRE(claim.has_value() == (slot.at <= f.test.clock.now()));
    if (!claim) continue;
    f.test.clock.advance(std::chrono::seconds(random() % 50));
    constexpr AttemptState kEnds[] = {AttemptState::succeeded, AttemptState::succeeded, AttemptState::failed,
                                      AttemptState::unconfirmed};
    const AttemptState end = kEnds[random() % 4];
    REQUIRE(ledger.finish(claim->attempt_id, {.state = end}));
    if (end != AttemptState::failed) posts.push_back(f.test.clock.now());
  }
  CHECK(posts.size() > 300);
  for (std::size_t i = 1; i < posts.size(); ++i) REQUIRE(posts[i] - posts[i - 1] >= 1h);
  for (std::size_t i = 10; i < posts.size(); ++i) REQUIRE(posts[i] - posts[i - 10] >= 24h);
}
