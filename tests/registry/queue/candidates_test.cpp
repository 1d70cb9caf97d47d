// What a plan takes is what the claim would take: the two read the library in different ways.
#include "registry/queue/candidates.h"

#include <doctest/doctest.h>

#include "registry/videos/identity.h"
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

TEST_CASE_FIXTURE(CandidatesFixture, "thousands are read by two threads, and each is judged as by itself") {
  constexpr std::size_t kVideos = 3000;
  run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(kVideos) +
      ") INSERT INTO videos(id, file_path, created_at, checksum) SELECT 'v' || i, i || '.mp4',"
      " '2026-02-11T08:00:00', CASE WHEN i % 3 THEN 'content ' || (i - i % 5 % 2) END FROM n;"
      "INSERT INTO asfs_metadata SELECT id, '{\"caption\": \"' || id || '\"}' FROM videos WHERE rowid % 7 = "
      "0;"
      "INSERT INTO asfs_files SELECT id, checksum, rowid, 1, 1, 1, 'h264', 30 FROM videos"
      " WHERE checksum NOT NULL;"
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
      " SELECT v.id, 'YouTube', s.status, '2026-02-11T09:00:00' FROM videos v JOIN (SELECT 0 n, 'SUCCESS' "
      "status"
      " UNION ALL SELECT 1, 'BLOCKED' UNION ALL SELECT 2, 'FAILED' UNION ALL SELECT 3, 'IN_PROGRESS') s"
      " ON s.n = v.rowid % 11;"
      "INSERT INTO asfs_evidence(video_id, platform, post_id, at, certain, source)"
      " SELECT id, 'YouTube', 'post', '2026-02-11T10:00:00', 1, '' FROM videos WHERE rowid % 13 = 0");
  std::size_t told = 0;
  Candidates all;
  REQUIRE(load_candidates(all, registry, Destinations::first_ones(), kEveryDestination, {},
                          [&](std::span<const Candidate> videos, std::size_t at_most) {
                            CHECK(videos.size() >= told);
                            CHECK(videos.size() <= at_most);
                            CHECK(at_most <= kVideos + 1);
                            told = videos.size();
                          }));
  REQUIRE(all.videos.size() == kVideos + 1);  // and the fixture's own
  CHECK(told == all.videos.size());
  std::size_t pending = 0;
  for (const Candidate& video : all.videos) {
    CAPTURE(video.id);
    const auto claim = registry.can_upload(video.id, "YouTube");
    REQUIRE(video.on[2].pending == claim->allowed);
    REQUIRE(video.on[2].reason.empty() == claim->allowed);
    const auto words = registry.get_metadata(video.id);
    REQUIRE(words == (video.metadata_json.empty() ? "{}" : std::string(video.metadata_json)));
    pending += video.on[2].pending;
  }
  CHECK(pending > kVideos / 4);
  CHECK(all.videos[4].size == 5);
}

TEST_CASE_FIXTURE(CandidatesFixture, "an empty word is a status like any other that nobody knows") {
  add("odd");
  row("odd", "");
  CHECK_FALSE(may_go("odd"));
}

TEST_CASE_FIXTURE(CandidatesFixture,
                  "what was made of a posted clip is not planned, nor a clip when that is posted") {
  add("clip", "'aa55'");
  add("hooked", "'bb55'");
  add("alone", "'cc55'");
  REQUIRE(note_made_of(registry, "bb55", "aa55"));
  CHECK(may_go("clip"));
  CHECK(may_go("hooked"));
  row("hooked", "SUCCESS");
  CHECK_FALSE(may_go("clip"));
  CHECK(may_go("alone"));
}
