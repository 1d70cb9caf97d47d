// Opening a library: made on first use, brought up to date, refused when it is not ours.
#include "registry/store/schema.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <thread>
#include <vector>

#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;

namespace {

constexpr const char* kTriggerCount =
    "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'asfs_*'";

void open_and_close(const TestLibrary& test) {
  REQUIRE(open_registry_database(test.library, test.clock));
}

std::string refusal(const TestLibrary& test) {
  const auto db = open_registry_database(test.library, test.clock);
  REQUIRE_FALSE(db);
  CHECK(db.error().code == Code::library);
  return db.error().message;
}

}  // namespace

TEST_CASE("a new library has the two shared tables exactly as specified") {
  const TestLibrary test;
  open_and_close(test);
  Stranger other(test);
  CHECK(other.ask("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('videos')") ==
        "id|TEXT|0||1\n"
        "file_path|TEXT|1||0\n"
        "title|TEXT|0||0\n"
        "created_at|TEXT|1||0\n"
        "duration|REAL|0||0\n"
        "checksum|TEXT|0||0\n"
        "duplicate_allowed|INTEGER|0|0|0");
  CHECK(other.ask("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('video_uploads')") ==
        "id|INTEGER|0||1\n"
        "video_id|TEXT|1||0\n"
        "platform|TEXT|1||0\n"
        "upload_status|TEXT|1||0\n"
        "upload_timestamp|TEXT|1||0\n"
        "platform_post_id|TEXT|0||0\n"
        "error_message|TEXT|0||0\n"
        "retry_count|INTEGER|0|0|0");
  CHECK(other.ask("SELECT \"table\", \"from\", \"to\" FROM pragma_foreign_key_list('video_uploads')") ==
        "videos|video_id|id");
  CHECK(other.ask("SELECT group_concat(name) FROM pragma_index_info('idx_video_uploads_status')") ==
        "video_id,platform,upload_status");
  CHECK(other.ask(
            "SELECT count(*) FROM pragma_index_list('video_uploads') WHERE origin = 'u' AND \"unique\"") ==
        "1");
}

TEST_CASE("everything of our own carries our name") {
  const TestLibrary test;
  open_and_close(test);
  CHECK(Stranger(test).ask(
            "SELECT name FROM sqlite_master WHERE name NOT GLOB 'asfs_*' AND name NOT GLOB 'sqlite_*'"
            " ORDER BY name") == "idx_video_uploads_status\nvideo_uploads\nvideos");
}

TEST_CASE("nothing in the schema needs a newer SQLite than the Python program may have") {
  const TestLibrary test;
  open_and_close(test);
  CHECK(Stranger(test).ask(
            "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%STRICT%' OR sql LIKE '%GENERATED%'"
            " OR sql LIKE '%RETURNING%' OR sql LIKE '%->%'") == "0");
}

TEST_CASE("the folders of a new library are for their owner alone") {
  const TestLibrary test;
  open_and_close(test);
  struct stat info {};
  REQUIRE(stat((test.library.home / "database").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);
}

TEST_CASE("a library is in WAL mode, synced normally, with foreign keys on and a patient wait") {
  const TestLibrary test;
  auto db = open_registry_database(test.library, test.clock);
  REQUIRE(db);
  CHECK((*db)->query_int("PRAGMA synchronous") == 1);
  CHECK((*db)->query_int("PRAGMA foreign_keys") == 1);
  CHECK((*db)->query_int("PRAGMA busy_timeout") == 10'000);
  CHECK(Stranger(test).ask("PRAGMA journal_mode") == "wal");
}

TEST_CASE("opening again changes nothing") {
  const TestLibrary test;
  open_and_close(test);
  const std::string before = Stranger(test).ask("PRAGMA schema_version");
  open_and_close(test);
  Stranger other(test);
  CHECK(other.ask("PRAGMA schema_version") == before);
  CHECK(other.ask("SELECT max(version), max(applied_at) FROM asfs_migrations") ==
        std::to_string(newest_schema_version()) + "|" + utc_timestamp(kMorning));
}

TEST_CASE("many threads that open a new library at once all succeed, and it is migrated once") {
  const TestLibrary test;
  std::vector<std::string> errors(6);
  {
    std::vector<std::jthread> threads;
    for (auto& error : errors)
      threads.emplace_back([&] {
        if (const auto db = open_registry_database(test.library, test.clock); !db) error = db.error().message;
      });
  }
  for (const auto& error : errors) CHECK(error == "");
  CHECK(Stranger(test).ask("SELECT max(version) FROM asfs_migrations") ==
        std::to_string(newest_schema_version()));
}

TEST_CASE("a library of a newer program is refused and stays as it is") {
  const TestLibrary test;
  open_and_close(test);
  Stranger(test).run(
      "INSERT INTO asfs_migrations VALUES (99, 'from the future', 'x'); PRAGMA journal_mode=DELETE");
  const std::string before = read_text(test.library.database());
  CHECK(refusal(test).find("newer ASFS Videos (format 99, this program knows " +
                           std::to_string(newest_schema_version()) + ")") != std::string::npos);
  CHECK(read_text(test.library.database()) == before);
  CHECK_FALSE(open_registry_reader(test.library));
}

TEST_CASE("a file that is no database is refused and stays as it is") {
  const TestLibrary test;
  write_file(test.library.database(), std::string(5000, 'x'));
  CHECK(refusal(test).find("not a database") != std::string::npos);
  CHECK(read_text(test.library.database()) == std::string(5000, 'x'));
}

TEST_CASE("an empty file becomes a library") {
  const TestLibrary test;
  write_file(test.library.database(), "");
  open_and_close(test);
}

TEST_CASE("another program's database is refused and gets no table of ours") {
  const TestLibrary test;
  SUBCASE("without videos") {
    Stranger(test).run("CREATE TABLE bookmarks (url TEXT)");
    CHECK(refusal(test).find("it has no table videos") != std::string::npos);
  }
  SUBCASE("with other columns") {
    Stranger(test).run("CREATE TABLE videos (id TEXT PRIMARY KEY, file_path TEXT)");
    CHECK(refusal(test).find("its table videos has no column title") != std::string::npos);
  }
  SUBCASE("with other upload columns") {
    Stranger(test).run(std::string(kPythonTables) +
                       "DROP TABLE video_uploads; CREATE TABLE video_uploads (id, video_id)");
    CHECK(refusal(test).find("its table video_uploads has no column platform") != std::string::npos);
  }
  CHECK(Stranger(test).ask("SELECT count(*) FROM sqlite_master WHERE name GLOB 'asfs_*'") == "0");
}

TEST_CASE("a truncated library is refused with what to do") {
  const TestLibrary test;
  {
    auto registry = test.open();
    for (int i = 0; i < 200; ++i)
      REQUIRE(registry.register_video({.id = "clip_" + std::to_string(i), .file_path = "a.mp4"}));
  }
  const std::string whole = read_text(test.library.database());
  write_file(test.library.database(), whole.substr(0, 4096 + 100));
  CHECK(refusal(test).find("damaged") != std::string::npos);
}

TEST_CASE("tables that another program dropped and made anew get their triggers back, and count as changed") {
  const TestLibrary test;
  test.with_clip();
  Stranger other(test);
  other.run("DROP TABLE video_uploads; DROP TABLE videos");
  other.run(kPythonTables);
  other.run("INSERT INTO videos(id, file_path, created_at) VALUES ('new', 'n.mp4', 't')");
  CHECK(other.ask("SELECT group_concat(video_id) FROM asfs_changes") == "clip_001");
  open_and_close(test);
  CHECK(other.ask("SELECT group_concat(video_id) FROM asfs_changes") == "new");
  CHECK(other.ask(kTriggerCount) == "20");
}

TEST_CASE("a library opens in its old journal mode while another program keeps it from becoming WAL") {
  const TestLibrary test;
  open_and_close(test);
  Stranger other(test);
  other.run("PRAGMA journal_mode=DELETE; BEGIN; SELECT * FROM videos");
  auto db = open_registry_database(test.library, test.clock);
  REQUIRE(db);
  CHECK((*db)->query_int("PRAGMA synchronous") == 2);
  other.run("COMMIT");
  open_and_close(test);
  CHECK(Stranger(test).ask("PRAGMA journal_mode") == "wal");
}

TEST_CASE("a reader needs a library that is up to date, and never makes one") {
  const TestLibrary test;
  CHECK_FALSE(open_registry_reader(test.library));
  CHECK_FALSE(std::filesystem::exists(test.library.database()));
  Stranger(test).run(kPythonTables);
  CHECK_FALSE(open_registry_reader(test.library));
  open_and_close(test);
  auto reader = open_registry_reader(test.library);
  REQUIRE(reader);
  CHECK_THROWS_AS((*reader)->execute("DELETE FROM videos"), SqliteError);
}
