// A library of the time when practice wrote into it: what practice left goes, what was real stays.
#include <doctest/doctest.h>

#include <cstdlib>

#include "registry/store/schema.h"
#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// practice_marks_library.sql, as the program of that time left it.
struct OldLibrary : TestLibrary {
  OldLibrary() {
    const char* source = std::getenv("ASFS_SOURCE_DIR");
    const std::filesystem::path sources = source != nullptr ? source : ".";
    Stranger(*this).run(read_text(sources / "tests/registry/store/practice_marks_library.sql"));
  }
  std::string after(const std::string& question, const std::string& before = "") {
    if (!before.empty()) Stranger(*this).run(before);
    REQUIRE(open_registry_database(library, clock));
    return Stranger(*this).ask(question);
  }
  std::string row_after(const std::string& id, const std::string& before = "") {
    return after(
        "SELECT upload_status, platform_post_id, error_message, retry_count FROM video_uploads"
        " WHERE platform = 'YouTube' AND video_id = '" +
            id + "'",
        before);
  }
};

}  // namespace

TEST_CASE("rows that practice had written are again what stood before, or go; real ones stay") {
  OldLibrary old;
  const std::string before = Stranger(old).ask(
      "SELECT video_id, platform, upload_status FROM video_uploads"
      " WHERE platform_post_id <> '' ORDER BY 1, 2");
  REQUIRE(before ==
          "failed_before|YouTube|SUCCESS\ninsta|YouTube|SUCCESS\nnever|YouTube|SUCCESS\n"
          "posted|Instagram|SUCCESS\nposted|TikTok|SUCCESS\nposted|YouTube|SUCCESS\n"
          "real_after|YouTube|SUCCESS\nreal_first|YouTube|SUCCESS\nsettled|YouTube|SUCCESS");
  CHECK(old.after("SELECT video_id, platform, upload_status, upload_timestamp, retry_count FROM video_uploads"
                  " ORDER BY 1, 2") ==
        "failed_before|TikTok|FAILED_FINAL|2026-02-11T08:11:00.000001|4\n"
        "failed_before|YouTube|FAILED|2026-02-11T08:10:00.000001|2\n"
        "insta|YouTube|SUCCESS|2026-02-11T08:10:00.000001|0\n"
        "real_after|YouTube|SUCCESS|2026-11-26T05:57:52.389325|0\n"
        "real_first|YouTube|SUCCESS|2026-11-26T05:57:51.180561|0");
  auto registry = old.open();
  for (const std::string id : {"posted", "failed", "unclear", "settled", "running", "never", "failed_before"})
    CHECK_MESSAGE(registry.can_upload(id, "YouTube")->allowed, id);
  for (const std::string id : {"real_first", "real_after", "insta"})
    CHECK_MESSAGE(registry.can_upload(id, "YouTube")->duplicate, id);
}

TEST_CASE("attempts, slots, quotas, queued uploads, looks and webhooks of practice go") {
  OldLibrary old;
  CHECK(old.after("SELECT id, video_id FROM asfs_attempts ORDER BY id") == "6|real_first\n9|real_after");
  CHECK(old.after("SELECT attempt_id FROM asfs_slots ORDER BY 1") == "6\n9");
  CHECK(old.after("SELECT count(*) FROM asfs_quotas") == "0");
  CHECK(old.after("SELECT video_id, platform, scheduled_at FROM asfs_queue ORDER BY place") ==
        "queued|YouTube|1893578400000\nqueued|TikTok|1893664800000");
  CHECK(old.after("SELECT video_id FROM asfs_post_checks") == "real_after");
  CHECK(old.after("SELECT count(*) FROM asfs_webhooks") == "0");
}

TEST_CASE("the history keeps no state of practice, and not the one that stands again") {
  OldLibrary old;
  CHECK(old.after("SELECT video_id, upload_status FROM asfs_upload_history ORDER BY id") ==
        "real_first|IN_PROGRESS\nreal_after|IN_PROGRESS");
}

TEST_CASE("which posts of the audit trail were none is kept") {
  OldLibrary old;
  CHECK(old.after("SELECT video_id, platform FROM asfs_practice_posts ORDER BY 1, 2") ==
        "failed_before|YouTube\nnever|YouTube\nposted|Instagram\nposted|TikTok\nposted|YouTube\n"
        "real_after|YouTube\nreal_first|YouTube\nsettled|YouTube");
  CHECK(old.after("SELECT count(*) FROM asfs_practice_posts p JOIN video_uploads u"
                  " ON u.platform_post_id = p.post_id") == "0");
}

TEST_CASE("what is not certain stays") {
  OldLibrary old;
  SUBCASE("another program posted after practice had failed") {
    CHECK(old.row_after("failed",
                        "UPDATE video_uploads SET upload_status = 'SUCCESS', platform_post_id = 'real',"
                        " upload_timestamp = '2026-11-27T10:00:00', error_message = NULL"
                        " WHERE video_id = 'failed'") == "SUCCESS|real||1");
  }
  SUBCASE("another program began after practice had posted") {
    CHECK(old.row_after("posted",
                        "UPDATE video_uploads SET upload_status = 'IN_PROGRESS', platform_post_id = NULL,"
                        " upload_timestamp = '2026-11-27T10:00:00' WHERE video_id = 'posted'") ==
          "IN_PROGRESS|||0");
  }
}

TEST_CASE("a later look at a practice post that found its final id is no other post") {
  OldLibrary old;
  CHECK(old.row_after("posted",
                      "UPDATE video_uploads SET platform_post_id = 'final' WHERE video_id = 'posted'") == "");
}

TEST_CASE("a library that was cleaned is as any other: opened again, and with its triggers taken away") {
  OldLibrary old;
  const std::string whole =
      "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2";
  const std::string cleaned = old.after(whole);
  TestLibrary fresh;
  REQUIRE(open_registry_database(fresh.library, fresh.clock));
  CHECK(cleaned == Stranger(fresh).ask(whole));
  CHECK(old.after(whole, "DROP TRIGGER asfs_queue_added; DROP TRIGGER asfs_upload_updating") == cleaned);
  CHECK(old.after("SELECT count(*) FROM asfs_queue") == "2");
}
