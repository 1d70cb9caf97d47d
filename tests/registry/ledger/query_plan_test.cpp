// What is asked about one video must not cost more when the library is large: SQLite's own plans are read.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "registry/ledger/post_checks.h"
#include "registry/queue/candidates.h"
#include "registry/queue/upload_queue.h"
#include "registry/videos/registration.h"
#include "tests/support/ledger_fixture.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// What this connection has prepared so far: the registry keeps its statements.
std::vector<std::string> statements_of(sqlite3* db) {
  std::vector<std::string> found;
  for (sqlite3_stmt* at = sqlite3_next_stmt(db, nullptr); at; at = sqlite3_next_stmt(db, at))
    found.emplace_back(sqlite3_sql(at));
  return found;
}

/// How much SQLite has done for them, in its own instructions.
std::int64_t steps_of(sqlite3* db) {
  std::int64_t steps = 0;
  for (sqlite3_stmt* at = sqlite3_next_stmt(db, nullptr); at; at = sqlite3_next_stmt(db, at))
    steps += sqlite3_stmt_status(at, SQLITE_STMTSTATUS_VM_STEP, 0);
  return steps;
}

/// The lines of the plan that walk something that grows with the library: a whole table, or everything that
/// shares a status or a platform.
std::string walks(const std::string& sql, Stranger& stranger) {
  sqlite3_stmt* plan = nullptr;
  const std::string explain = "EXPLAIN QUERY PLAN " + sql;
  if (sqlite3_prepare_v2(stranger.handle(), explain.c_str(), -1, &plan, nullptr) != SQLITE_OK) return "";
  std::string found;
  while (sqlite3_step(plan) == SQLITE_ROW) {
    const std::string line(reinterpret_cast<const char*>(sqlite3_column_text(plan, 3)));
    const auto has = [&](const char* text) { return line.find(text) != std::string::npos; };
    const bool by_one = has("id=?") || has("checksum=?") || has("rowid=?") || has("rowid>?");
    const bool table = has("SCAN ") && !has("SUBQUERY") && !has("CONSTANT ROW") && !has("subquery") &&
                       !has("sqlite_master") && !has("pragma");
    const bool search =
        has("SEARCH ") && !by_one && (has("platform=?") || has("upload_status") || has("state"));
    if (table || search) found += line + "\n";
  }
  sqlite3_finalize(plan);
  return found;
}

/// As walks(), without what walks on purpose: the times of the last day, and small tables of our own.
std::string walks_that_grow(const std::string& sql, Stranger& stranger) {
  for (const char* by_time :
       {"asfs_slots", "upload_timestamp > ?", "retry_at", "asfs_queue", "asfs_webhooks", "min(lease_until",
        "asfs_quotas", "asfs_migrations", "asfs_settings", "asfs_library", "asfs_audit_read"})
    if (sql.find(by_time) != std::string::npos) return "";
  return walks(sql, stranger);
}

/// The lines of the plan that walk a table, or make an index for that, once for every row of another.
std::string walks_again_and_again(const std::string& sql, Stranger& stranger) {
  sqlite3_stmt* plan = nullptr;
  const std::string explain = "EXPLAIN QUERY PLAN " + sql;
  if (sqlite3_prepare_v2(stranger.handle(), explain.c_str(), -1, &plan, nullptr) != SQLITE_OK) return "";
  std::set<int> loops;  // selects in which something is walked or searched already
  std::string found;
  while (sqlite3_step(plan) == SQLITE_ROW) {
    const std::string line(reinterpret_cast<const char*>(sqlite3_column_text(plan, 3)));
    const bool scan = line.starts_with("SCAN ") && line.find("CONSTANT ROW") == line.npos;
    if (!scan && !line.starts_with("SEARCH ")) continue;
    const bool first = loops.insert(sqlite3_column_int(plan, 1)).second;
    if ((scan && !first) || line.find("AUTOMATIC") != line.npos) found += line + "\n";
  }
  sqlite3_finalize(plan);
  return found;
}

/// Another thread stops what asks it the time for the hundredth time.
struct StoppingClock final : Clock {
  mutable int asked = 0;
  mutable std::stop_source source;

  TimePoint now() const override {
    if (++asked == 100) std::jthread([this] { source.request_stop(); }).join();
    return asfs::system_clock().now();
  }
  bool wait(Duration, std::stop_token) const override { return true; }
};

}  // namespace

TEST_CASE_FIXTURE(LedgerFixture, "whatever is asked about one video is found by an index, on any library") {
  const RateLimits limits{.max_per_day = 9};
  REQUIRE(registry.register_video({.id = "clip_002", .file_path = "b.mp4", .checksum = "aa11"}));
  const Claim claim = claimed({.video_id = "clip_001", .platform = "YouTube", .limits = limits});
  REQUIRE(ledger.heartbeat(claim.attempt_id, 1, 2));
  REQUIRE(ledger.before_publish(claim.attempt_id));
  finished(claim.attempt_id, {.state = AttemptState::unconfirmed, .error = "no answer"});
  REQUIRE(registry.can_upload("clip_002", "YouTube"));
  REQUIRE(ledger.settle("clip_001", "YouTube", true, "abc"));
  REQUIRE(registry.can_upload("clip_002", "YouTube"));
  REQUIRE(registry.find_by_checksum("aa11"));
  REQUIRE(registry.get_video("clip_001"));
  REQUIRE(registry.get_file_facts("clip_001"));
  REQUIRE(registry.record_upload_attempt("clip_001", "TikTok", UploadStatus::failed));
  REQUIRE(registry.increment_retry_count("clip_001", "TikTok"));
  REQUIRE(registry.set_title("clip_001", "First"));
  REQUIRE(registry.delete_video("clip_002"));
  Stranger stranger(test);
  const auto statements = statements_of(registry.database().handle());
  CHECK(statements.size() > 20);
  for (const std::string& sql : statements) {
    CAPTURE(sql);
    CHECK(walks_that_grow(sql, stranger) == "");
  }
}

TEST_CASE_FIXTURE(LedgerFixture, "a walk through all uploads of one status is seen by the test above") {
  Stranger stranger(test);
  CHECK(walks_that_grow(
            "SELECT v.id FROM videos v JOIN video_uploads u ON u.video_id = v.id AND u.platform = ?2"
            " WHERE v.checksum = ?3 AND v.id <> ?1 AND u.upload_status = 'SUCCESS'",
            stranger) != "");
  CHECK(walks_that_grow("SELECT id FROM videos WHERE title = ?1", stranger) != "");
}

TEST_CASE_FIXTURE(LedgerFixture, "all candidates are judged without a look-up for each that has only a row") {
  Stranger(test).run(
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
      " INSERT INTO videos(id, file_path, created_at) SELECT 'v' || i, i || '.mp4', '2026' FROM n;"
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
      " SELECT id, 'YouTube', CASE rowid % 4 WHEN 0 THEN 'BLOCKED' WHEN 1 THEN 'IN_PROGRESS'"
      " WHEN 2 THEN 'FAILED_FINAL' ELSE 'odd' END, '2026-02-11T08:00:00' FROM videos");
  const auto all = load_candidates(registry, Destinations::first_ones(), kEveryDestination);
  REQUIRE(all);
  CHECK(std::ranges::none_of(all->videos,
                             [](const Candidate& c) { return c.on[2].pending || c.on[2].reason.empty(); }));
  const auto statements = statements_of(registry.database().handle());
  CHECK(std::ranges::none_of(statements,
                             [](const auto& sql) { return sql.find("WHERE v.id = ?1") != sql.npos; }));
}

TEST_CASE_FIXTURE(LedgerFixture, "a plan walks through a table once, and looks everything else up") {
  REQUIRE(load_candidates(registry, Destinations::first_ones(), kEveryDestination));
  Stranger stranger(test);
  for (const std::string& sql : statements_of(registry.database().handle())) {
    CAPTURE(sql);
    CHECK(walks_again_and_again(sql, stranger) == "");
  }
  CHECK(walks_again_and_again("SELECT * FROM asfs_evidence e JOIN videos v ON v.title = e.post_id",
                              stranger) != "");
}

TEST_CASE_FIXTURE(LedgerFixture,
                  "a content that many videos share costs a plan by their number, not by its square") {
  const auto work_for = [&](int videos) {
    Stranger(test).run(
        "DELETE FROM video_uploads; DELETE FROM videos; DELETE FROM asfs_upload_history;"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(videos) +
        ") INSERT INTO videos(id, file_path, created_at, checksum) SELECT 'v' || i, i || '.mp4', '2026', "
        "'aa11'"
        " FROM n;"
        "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, error_message)"
        " SELECT id, 'YouTube', CASE rowid % 3 WHEN 0 THEN 'BLOCKED' WHEN 1 THEN 'FAILED' ELSE 'SUCCESS' END,"
        " '2026-02-11T08:00:00', 'already uploaded to YouTube' FROM videos WHERE rowid % 2");
    const auto before = steps_of(registry.database().handle());
    REQUIRE(load_candidates(registry, Destinations::first_ones(), kEveryDestination)->videos.size() ==
            static_cast<std::size_t>(videos));
    return steps_of(registry.database().handle()) - before;
  };
  const auto few = work_for(100);
  CHECK(work_for(1000) < 12 * few);
}

TEST_CASE_FIXTURE(LedgerFixture, "a long statement ends when it is stopped, and says so") {
  std::stop_source source;
  const auto endless = [&]() -> Result<void> {
    const StoppableStatements stoppable(registry.database(), source.get_token());
    source.request_stop();
    registry.database().query_int(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
    return {};
  };
  const auto ended = guarded(test.library.database(), endless);
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == Code::cancelled);
  CHECK(registry.database().query_int("SELECT count(*) FROM videos") == 1);  // the next one is not
}

TEST_CASE_FIXTURE(LedgerFixture, "candidates are not loaded to the end when nobody wants them any more") {
  std::stop_source source;
  source.request_stop();
  const auto loaded =
      load_candidates(registry, Destinations::first_ones(), kEveryDestination, source.get_token());
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == Code::cancelled);
}

TEST_CASE("candidates are judged no further than the one at which a stop came") {
  const TestLibrary test;
  const StoppingClock clock;
  auto registry = VideoRegistry::open(test.library, clock);
  REQUIRE(registry);
  Stranger(test).run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
      " INSERT INTO videos(id, file_path, created_at) SELECT 'v' || i, i || '.mp4', '2026' FROM n;"
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
      " SELECT id, 'YouTube', 'BLOCKED', '2026-02-11T08:00:00' FROM videos");
  const auto all =
      load_candidates(*registry, Destinations::first_ones(), kEveryDestination, clock.source.get_token());
  REQUIRE_FALSE(all);
  CHECK(all.error().code == Code::cancelled);
  CHECK(clock.asked < 100 + static_cast<int>(known_platforms().size()));
}
