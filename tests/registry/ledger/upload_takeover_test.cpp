// The ledger among crashes and rivals: leases, dead owners, threads and processes that want the same upload.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <csignal>
#include <thread>
#include <vector>

#include "registry/ledger/upload_ledger.h"
#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE("a lease that ran out is taken over: the handle, the words and the doubt pass on") {
  LedgerFixture f;
  const Claim first = f.claimed();
  REQUIRE(f.ledger.save_handle(first.attempt_id, "session-1"));
  REQUIRE(f.ledger.before_publish(first.attempt_id));
  f.test.clock.advance(kLeaseOver);
  CHECK(f.ledger.unfinished()->size() == 1);
  CHECK(f.registry.can_upload("clip_001", "YouTube")->allowed);
  const Claim second =
      f.claimed({.video_id = "clip_001", .platform = "YouTube", .metadata_json = R"({"title":"2"})"});
  CHECK(second.handle == "session-1");
  CHECK(second.maybe_published);
  CHECK(second.metadata_json == kRequest.metadata_json);
  CHECK(f.ledger.attempts("clip_001")->front().state == "interrupted");
  CHECK(f.last_state() == "running");
}

TEST_CASE("an attempt that was taken over can do nothing more") {
  LedgerFixture f;
  const Claim first = f.claimed();
  f.test.clock.advance(kLeaseOver);
  const Claim second = f.claimed();
  CHECK(f.ledger.heartbeat(first.attempt_id, 1, 2).error().code == Code::blocked);
  CHECK(f.ledger.save_handle(first.attempt_id, "late").error().code == Code::blocked);
  CHECK(f.ledger.before_publish(first.attempt_id).error().code == Code::blocked);
  CHECK(f.ledger.finish(first.attempt_id, {.error = "late"}).error().code == Code::blocked);
  CHECK(f.row().is(UploadStatus::in_progress));
  CHECK(f.ledger.heartbeat(second.attempt_id, 1, 2));
}

TEST_CASE("a post that an overtaken attempt made after all counts, and stops its successor from publishing") {
  LedgerFixture f;
  const Claim first = f.claimed();
  f.test.clock.advance(kLeaseOver);
  const Claim second = f.claimed();
  CHECK(f.finished(first.attempt_id, {.state = AttemptState::succeeded, .post_id = "yt1"}).platform_post_id ==
        "yt1");
  const auto publish = f.ledger.before_publish(second.attempt_id);
  REQUIRE_FALSE(publish);
  CHECK(says(publish.error(), "already on YouTube (post yt1"));
  CHECK(f.row().platform_post_id == "yt1");
}

TEST_CASE("a heartbeat keeps the lease and notes the bytes") {
  LedgerFixture f;
  const Claim claim = f.claimed();
  for (int i = 0; i < 3; ++i) {
    f.test.clock.advance(kLease - std::chrono::seconds(1));
    REQUIRE(f.ledger.heartbeat(claim.attempt_id, 100 * i, 1000));
  }
  CHECK(f.refused().code == Code::blocked);
  CHECK(f.ledger.attempts("clip_001")->front().bytes_sent == 200);
  CHECK(f.ledger.attempts("clip_001")->front().bytes_total == 1000);
}

TEST_CASE("an attempt that slept beyond its lease goes on when nobody took it over") {
  LedgerFixture f;
  const Claim claim = f.claimed();
  f.test.clock.advance(kLeaseOver);
  REQUIRE(f.ledger.before_publish(claim.attempt_id));
  CHECK(f.refused().code == Code::blocked);
}

TEST_CASE("a dead attempt that never had a handle is begun anew, with its words when none are given") {
  LedgerFixture f;
  f.claimed();
  f.test.clock.advance(kLeaseOver);
  const Claim second =
      f.claimed({.video_id = "clip_001", .platform = "YouTube", .metadata_json = R"({"title":"2"})"});
  CHECK_FALSE(second.handle);
  CHECK_FALSE(second.maybe_published);
  CHECK(second.metadata_json == R"({"title":"2"})");
  f.test.clock.advance(kLeaseOver);
  CHECK(f.claimed({.video_id = "clip_001", .platform = "YouTube"}).metadata_json == R"({"title":"2"})");
}

TEST_CASE("a handle belongs to its content: a new file under the same id starts anew") {
  LedgerFixture f;
  const Claim first = f.claimed();
  REQUIRE(f.ledger.save_handle(first.attempt_id, "session-1"));
  SUBCASE("when nothing can be live") {
    f.finished(first.attempt_id, {.state = AttemptState::interrupted});
    Stranger(f.test).run("UPDATE videos SET checksum = 'bb22'");
    CHECK_FALSE(f.claimed().handle);
  }
  SUBCASE("but a person looks first when the old one may be live") {
    REQUIRE(f.ledger.before_publish(first.attempt_id));
    f.finished(first.attempt_id, {.state = AttemptState::interrupted});
    Stranger(f.test).run("UPDATE videos SET checksum = 'bb22'");
    CHECK(says(f.refused(), "may be live"));
    REQUIRE(f.ledger.settle("clip_001", "YouTube", false, std::nullopt));
    f.claimed();
  }
}

TEST_CASE("a live upload is not unfinished, one of a video that is posted or gone is not to be looked up") {
  LedgerFixture f;
  f.claimed();
  CHECK(f.ledger.unfinished()->empty());
  f.test.clock.advance(kLeaseOver);
  CHECK(f.ledger.unfinished()->size() == 1);
  SUBCASE("posted") {
    Stranger(f.test).run("UPDATE video_uploads SET upload_status = 'SUCCESS'");
  }
  SUBCASE("gone") {
    Stranger(f.test).run("DELETE FROM video_uploads; DELETE FROM videos");
  }
  CHECK(f.ledger.unfinished()->empty());
}

TEST_CASE("threads on connections of their own that claim at once: exactly one wins") {
  const TestLibrary test;
  auto registry = test.open();
  constexpr int kThreads = 4;
  constexpr int kRounds = 50;
  for (int round = 0; round < kRounds; ++round)
    REQUIRE(registry.register_video({.id = std::to_string(round), .file_path = "a.mp4"}));
  std::vector<std::atomic<int>> winners(kRounds);
  std::atomic<int> odd_errors = 0;
  std::barrier start(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&] {
        auto own = test.open();
        UploadLedger ledger(own);
        for (int round = 0; round < kRounds; ++round) {
          start.arrive_and_wait();
          const auto claim = ledger.claim({.video_id = std::to_string(round), .platform = "YouTube"});
          if (claim) ++winners[static_cast<std::size_t>(round)];
          if (!claim && claim.error().code != Code::blocked) ++odd_errors;
        }
      });
  }
  for (const auto& count : winners) CHECK(count == 1);
  CHECK(odd_errors == 0);
}

namespace {

/// A process that claims clip_001, saves a handle and is killed without a word. It opens the library itself:
/// a connection must not be carried over a fork.
class KilledUploader {
 public:
  explicit KilledUploader(const TestLibrary& test) {
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      auto registry = test.open();
      UploadLedger ledger(registry);
      const auto claim = ledger.claim(kRequest);
      const char ok = claim && ledger.save_handle(claim->attempt_id, "session-1") ? 'y' : 'n';
      if (write(ready[1], &ok, 1) != 1) _exit(1);
      for (;;) pause();
    }
    char answer = 'n';
    CHECK(read(ready[0], &answer, 1) == 1);
    CHECK(answer == 'y');
    close(ready[0]);
    close(ready[1]);
  }
  ~KilledUploader() { reap(); }

  void kill_it() { CHECK(kill(pid_, SIGKILL) == 0); }
  /// Until then it is a zombie: dead, but its number is still taken.
  void reap() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  /// Waits until the kernel has ended it, without reaping.
  void wait_until_dead() const {
    siginfo_t info;
    CHECK(waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) == 0);
  }

 private:
  pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("another process's live claim is respected, and taken over at once when that process was killed") {
  const TestLibrary test;
  { test.with_clip(); }
  KilledUploader uploader(test);
  auto registry = test.open();
  UploadLedger ledger(registry);
  CHECK(ledger.claim(kRequest).error().code == Code::blocked);
  uploader.kill_it();
  uploader.wait_until_dead();
  SUBCASE("as a zombie") {}
  SUBCASE("gone") {
    uploader.reap();
  }
  CHECK(ledger.unfinished()->size() == 1);
  const auto claim = ledger.claim(kRequest);
  REQUIRE(claim);
  CHECK(claim->handle == "session-1");
}

TEST_CASE("an owner of another boot or machine is only dead when its lease is over") {
  LedgerFixture f;
  f.claimed();
  Stranger(f.test).run("UPDATE asfs_attempts SET owner_boot = 'elsewhere', owner_pid = 1");
  CHECK(f.refused().code == Code::blocked);
  f.test.clock.advance(kLeaseOver);
  f.claimed();
}

TEST_CASE("a process number that was used again does not keep a dead upload alive") {
  LedgerFixture f;
  f.claimed();
  Stranger(f.test).run("UPDATE asfs_attempts SET owner_started = owner_started - 1");
  f.claimed();
}
