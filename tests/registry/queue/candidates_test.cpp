// What a plan takes is what the claim would take: the two read the library in different ways.
#include "registry/queue/candidates.h"

#include <doctest/doctest.h>

#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct CandidatesFixture : LedgerFixture {
  /// A video, with this checksum as SQL says it.
  void add(const std::string& id, const std::string& checksum = "NULL") {
    run("INSERT INTO videos(id, file_path, created_at, checksum) VALUES ('" + id + "', 'clips/" + id +
        ".mp4', '2026-02-11T08:00:00', " + checksum + ")");
  }
  void row(const std::string& id, const std::string& status) {
    run("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp) VALUES ('" + id +
        "', 'YouTube', '" + status + "', '2026-02-11T09:00:00')");
  }
  void run(const std::string& sql) { Stranger(test).run(sql); }

  /// Of the plan; the claim says the same.
  bool may_go(std::string_view id) {
    const auto all = load_candidates(registry, Destinations::first_ones(), kEveryDestination);
    REQUIRE(all);
    const auto found = std::ranges::find(all->videos, id, &Candidate::id);
    REQUIRE(found != all->videos.end());
    CHECK(found->on[2].pending == registry.can_upload(id, "YouTube")->allowed);
    CHECK(found->on[2].pending == found->on[2].reason.empty());
    return found->on[2].pending;
  }
};

}  // namespace

TEST_CASE_FIXTURE(CandidatesFixture, "content that was sent as a video that is gone is not planned again") {
  add("again", "'cc33'");
  CHECK(may_go("again"));
  run("INSERT INTO asfs_attempts(video_id, platform, state, open, started_at, row_timestamp, checksum, owner,"
      " owner_boot, owner_pid, owner_started, lease_until, post_id, metadata) VALUES ('gone', 'YouTube',"
      " 'succeeded', 0, '2026-02-11T08:00:00Z', '', 'cc33', '', '', 1, 1, 0, 'post', '{}')");
  CHECK_FALSE(may_go("again"));
}

TEST_CASE_FIXTURE(CandidatesFixture,
                  "a video without a checksum goes by the content that its file was found to have") {
  add("posted", "'cc33'");
  row("posted", "SUCCESS");
  add("read");
  CHECK(may_go("read"));
  run("INSERT INTO asfs_disk_files VALUES ('read', 'clips/another.mp4', 1, 1, 1, 1, 'cc33')");
  CHECK(may_go("read"));  // of a path that it had before
  run("UPDATE asfs_disk_files SET file_path = 'clips/read.mp4'");
  CHECK_FALSE(may_go("read"));
}

TEST_CASE_FIXTURE(CandidatesFixture, "rows stand in any order, and each is found") {
  for (const char* id : {"a", "b", "c", "d", "e"}) add(id);
  for (const char* id : {"e", "a", "nobody", "d", "b"}) {
    run("PRAGMA foreign_keys = OFF");
    row(id, id[0] == 'd' ? "FAILED" : "FAILED_FINAL");
  }
  CHECK_FALSE(may_go("a"));
  CHECK_FALSE(may_go("b"));
  CHECK(may_go("c"));
  CHECK(may_go("d"));
  CHECK_FALSE(may_go("e"));
}

TEST_CASE_FIXTURE(CandidatesFixture, "an empty word is a status like any other that nobody knows") {
  add("odd");
  row("odd", "");
  CHECK_FALSE(may_go("odd"));
}
