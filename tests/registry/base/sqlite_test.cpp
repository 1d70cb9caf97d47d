#include "registry/base/sqlite.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "tests/support/temp_folder.h"

using namespace asfs;
using asfs::test::read_text;
using asfs::test::TempFolder;
using asfs::test::write_file;
namespace fs = std::filesystem;

namespace {

using Mode = Database::Mode;

/// The message of the Error that `work` ends in on `path`; empty when it succeeds.
std::string message_of(const fs::path& path, const std::function<void()>& work) {
  const auto result = guarded(path, [&]() -> Result<void> {
    work();
    return {};
  });
  if (result) return "";
  CHECK(result.error().code == Code::library);
  CHECK(result.error().message.find(path.filename().native()) != std::string::npos);
  return result.error().message;
}

bool says(const std::string& message, std::string_view words) {
  return message.find(words) != std::string::npos;
}

/// Runs `work` in a child process as a user who is not root, whom a read-only folder stops; true when it did.
bool true_for_common_user(const std::function<bool()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) _exit(2);
    _exit(work() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0;
}

}  // namespace

TEST_CASE("every kind of value comes back as it was bound") {
  const TempFolder temp;
  Database db(temp / "x.db", Mode::read_write_create);
  auto row = db.prepare("SELECT ?, ?, ?, ?, ?, ?, ?");
  row->bind_all("text", std::string("a\0b", 3), 7, std::int64_t{1} << 40, 2.5, std::nullopt,
                std::optional<std::string>("there"));
  REQUIRE(row->step());
  CHECK(row->text(0) == "text");
  CHECK(row->text_view(1) == std::string_view("a\0b", 3));
  CHECK(row->integer(2) == 7);
  CHECK(row->integer(3) == std::int64_t{1} << 40);
  CHECK(row->real(4) == 2.5);
  CHECK(row->is_null(5));
  CHECK(row->optional_text(5) == std::nullopt);
  CHECK(row->text(5) == "");
  CHECK(row->optional_text(6) == "there");
  CHECK_FALSE(row->step());
}

TEST_CASE("an empty text is not NULL, even without a pointer") {
  const TempFolder temp;
  Database db(temp / "x.db", Mode::read_write_create);
  auto row = db.prepare("SELECT ?");
  row->bind(1, std::string_view());
  REQUIRE(row->step());
  CHECK_FALSE(row->is_null(0));
}

TEST_CASE("a column of another type is converted") {
  const TempFolder temp;
  Database db(temp / "x.db", Mode::read_write_create);
  auto row = db.prepare("SELECT 12, '34abc', x'4142', NULL, 'nonsense'");
  REQUIRE(row->step());
  CHECK(row->text(0) == "12");
  CHECK(row->integer(1) == 34);
  CHECK(row->text(2) == "AB");
  CHECK(row->real(3) == 0.0);
  CHECK(row->integer(4) == 0);
}

TEST_CASE("a cached statement is reset and forgets its parameters when it is let go") {
  const TempFolder temp;
  Database db(temp / "x.db", Mode::read_write_create);
  sqlite3_stmt* first = nullptr;
  {
    auto row = db.prepare("SELECT ?");
    row->bind(1, "secret");
    CHECK(row->step());
    first = row->handle();
  }
  auto row = db.prepare("SELECT ?");
  CHECK(row->handle() == first);
  REQUIRE(row->step());
  CHECK(row->is_null(0));
}

TEST_CASE("the connection waits for locks and enforces foreign keys") {
  const TempFolder temp;
  Database db(temp / "x.db", Mode::read_write_create);
  CHECK(db.query_int("PRAGMA busy_timeout") == 10'000);
  CHECK(db.query_int("PRAGMA foreign_keys") == 1);
}

TEST_CASE("a query without a row is 0") {
  const TempFolder temp;
  Database db(temp / "x.db", Mode::read_write_create);
  CHECK(db.query_int("SELECT 5 WHERE 0") == 0);
}

TEST_CASE("a path with odd bytes, and one that looks like an URI, are plain files") {
  const TempFolder temp;
  const fs::path odd = temp / "a b?%41#\xFF\xFE'.db";
  Database(odd, Mode::read_write_create).execute("CREATE TABLE t(x)");
  CHECK(fs::exists(odd));
  CHECK(Database(odd, Mode::read_only).query_int("SELECT count(*) FROM t") == 0);

  const fs::path before = fs::current_path();
  fs::current_path(temp.path());
  Database("file:y.db?mode=memory", Mode::read_write_create).execute("CREATE TABLE t(x)");
  fs::current_path(before);
  CHECK(fs::exists(temp / "file:y.db?mode=memory"));
}

TEST_CASE("a transaction is rolled back unless it is committed") {
  const TempFolder temp;
  Database db(temp / "x.db", Mode::read_write_create);
  db.execute("CREATE TABLE t(x)");
  {
    Transaction transaction(db);
    db.prepare("INSERT INTO t VALUES(1)")->run();
  }
  CHECK(db.query_int("SELECT count(*) FROM t") == 0);
  {
    Transaction transaction(db);
    db.prepare("INSERT INTO t VALUES(1)")->run();
    CHECK(db.changes() == 1);
    CHECK(db.last_insert_rowid() == 1);
    transaction.commit();
  }
  CHECK(db.query_int("SELECT count(*) FROM t") == 1);
}

TEST_CASE("a transaction whose statement fails is rolled back while the error is on its way") {
  const TempFolder temp;
  Database db(temp / "x.db", Mode::read_write_create);
  db.execute("CREATE TABLE t(x UNIQUE); INSERT INTO t VALUES(1)");
  CHECK_THROWS_AS(
      [&] {
        Transaction transaction(db);
        db.prepare("INSERT INTO t VALUES(2)")->run();
        db.prepare("INSERT INTO t VALUES(1)")->run();
        transaction.commit();
      }(),
      SqliteError);
  CHECK(db.query_int("SELECT count(*) FROM t") == 1);
  CHECK_NOTHROW(Transaction(db).commit());
}

TEST_CASE("a database that another program holds is called locked") {
  const TempFolder temp;
  const fs::path path = temp / "videos.db";
  Database one(path, Mode::read_write_create), two(path, Mode::read_write_create);
  two.execute("PRAGMA busy_timeout=0");
  const Transaction held(one);
  CHECK(says(message_of(path, [&] { Transaction second(two); }), "locked by another program"));
}

TEST_CASE("a file that is no database, and a damaged one, are called damaged, with a way out") {
  const TempFolder temp;
  const fs::path foreign = temp / "foreign.db";
  write_file(foreign, std::string(4096, 'x'));
  CHECK(says(
      message_of(foreign, [&] { Database(foreign, Mode::read_only).query_int("SELECT count(*) FROM t"); }),
      "damaged or not a database"));

  const fs::path torn = temp / "torn.db";
  Database(torn, Mode::read_write_create)
      .execute("CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(100000))");
  std::string bytes = read_text(torn);
  bytes.replace(4096, 4096, std::string(4096, '\xEE'));
  write_file(torn, bytes);
  const std::string message =
      message_of(torn, [&] { Database(torn, Mode::read_write_create).query_int("SELECT max(x) FROM t"); });
  CHECK(says(message, "damaged"));
  CHECK(says(message, "backup"));
}

TEST_CASE("writing through a read-only connection is called so") {
  const TempFolder temp;
  const fs::path path = temp / "videos.db";
  Database(path, Mode::read_write_create).execute("CREATE TABLE t(x)");
  CHECK(says(message_of(path, [&] { Database(path, Mode::read_only).execute("INSERT INTO t VALUES(1)"); }),
             "cannot be written"));
}

TEST_CASE("a full disk is called so, and the transaction is gone") {
  const TempFolder temp;
  const fs::path path = temp / "videos.db";
  Database db(path, Mode::read_write_create);
  db.execute("CREATE TABLE t(x); PRAGMA max_page_count=3");
  CHECK(says(message_of(path,
                        [&] {
                          Transaction transaction(db);
                          db.prepare("INSERT INTO t VALUES(zeroblob(1000000))")->run();
                        }),
             "disk is full"));
  CHECK(db.query_int("SELECT count(*) FROM t") == 0);
}

TEST_CASE("a database that is missing or lies in a missing folder cannot be opened") {
  const TempFolder temp;
  const fs::path path = temp / "missing.db";
  CHECK(says(message_of(path, [&] { Database(path, Mode::read_only); }), "cannot be opened"));
  CHECK_FALSE(fs::exists(path));
  const fs::path deeper = temp / "no/missing.db";
  CHECK(says(message_of(deeper, [&] { Database(deeper, Mode::read_write_create); }), "cannot be opened"));
}

TEST_CASE("a database without the tables that are expected is called so") {
  const TempFolder temp;
  const fs::path path = temp / "other.db";
  Database db(path, Mode::read_write_create);
  const std::string message = message_of(path, [&] { db.query_int("SELECT id FROM videos"); });
  CHECK(says(message, "no such table: videos"));
}

TEST_CASE("a reader of a WAL database sees what a writer that is still open has committed") {
  const TempFolder temp;
  Database writer(temp / "x.db", Mode::read_write_create);
  writer.execute("PRAGMA journal_mode=WAL; CREATE TABLE t(x)");
  Database reader(temp / "x.db", Mode::read_only);
  writer.execute("INSERT INTO t VALUES(1)");
  CHECK(reader.query_int("SELECT count(*) FROM t") == 1);
}

TEST_CASE("a WAL database on a disk that cannot be written can be read") {
  const TempFolder temp;
  const fs::path folder = temp / "a%41 \xFF#?";
  fs::create_directory(folder);
  Database(folder / "x.db", Mode::read_write_create)
      .execute("PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES(1)");
  REQUIRE_FALSE(fs::exists(folder / "x.db-wal"));
  fs::permissions(temp.path(), fs::perms(0755));
  fs::permissions(folder / "x.db", fs::perms(0444));
  fs::permissions(folder, fs::perms(0555));
  const auto count = [&] {
    return Database(folder / "x.db", Mode::read_only).query_int("SELECT count(*) FROM t");
  };
  CHECK(true_for_common_user([&] {
    try {
      return count() == 1;
    } catch (const SqliteError&) {
      return false;
    }
  }));
  fs::permissions(folder, fs::perms(0755));
}
