#include "registry/base/same_moment.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/temp_folder.h"

using namespace asfs;
using asfs::test::TempFolder;

namespace {

/// A file of numbers, and connections on it.
struct SameMomentFixture {
  TempFolder temp;
  Database writer = Database(temp / "x.db", Database::Mode::read_write_create);
  int written = 0;

  explicit SameMomentFixture(const char* journal = "WAL") {
    writer.execute((std::string("PRAGMA journal_mode=") + journal + "; CREATE TABLE numbers(n)").c_str());
    write();
  }
  void write() {
    writer.execute("INSERT INTO numbers VALUES (1)");
    ++written;
  }
  static std::int64_t count(Database& db) { return db.query_int("SELECT count(*) FROM numbers"); }
};

/// Calls `once`, the first time that a connection begins to read.
struct AtBegin {
  AtBegin(Database& db, std::function<void()> once) : db_(db), once_(std::move(once)) {
    sqlite3_trace_v2(db.handle(), SQLITE_TRACE_STMT, &AtBegin::seen, this);
  }
  AtBegin(const AtBegin&) = delete;
  AtBegin& operator=(const AtBegin&) = delete;
  ~AtBegin() { sqlite3_trace_v2(db_.handle(), 0, nullptr, nullptr); }

 private:
  static int seen(unsigned, void* self, void*, void* sql) {
    auto& once = static_cast<AtBegin*>(self)->once_;
    if (std::string_view(static_cast<const char*>(sql)) == "BEGIN")
      if (const auto now = std::exchange(once, nullptr)) now();
    return 0;
  }
  Database& db_;
  std::function<void()> once_;
};

}  // namespace

TEST_CASE(
    "two connections read one moment, though others commit between the one's beginning and the other's") {
  SameMomentFixture file;
  Database first(file.temp / "x.db", Database::Mode::read_write);
  Database second(file.temp / "x.db", Database::Mode::read_only);
  {
    const AtBegin between(first, [&] { file.write(); });
    const SameMoment moment(first, second);
    CHECK(file.written == 2);
    file.write();
    CHECK(SameMomentFixture::count(first) == 2);
    CHECK(SameMomentFixture::count(second) == 2);
  }
  CHECK(SameMomentFixture::count(first) == 3);
  CHECK(SameMomentFixture::count(second) == 3);
}

TEST_CASE("two connections read one moment of a file without a write-ahead log") {
  SameMomentFixture file("DELETE");
  Database first(file.temp / "x.db", Database::Mode::read_write);
  Database second(file.temp / "x.db", Database::Mode::read_only);
  sqlite3_busy_timeout(file.writer.handle(), 0);
  const AtBegin between(second, [&] { file.write(); });
  const SameMoment moment(first, second);
  CHECK_THROWS_AS(file.write(), SqliteError);  // until the reading is over
  CHECK(SameMomentFixture::count(first) == 2);
  CHECK(SameMomentFixture::count(second) == 2);
}

TEST_CASE("one connection alone reads one moment, too") {
  SameMomentFixture file;
  Database only(file.temp / "x.db", Database::Mode::read_only);
  const SameMoment moment(only, only);
  file.write();
  CHECK(SameMomentFixture::count(only) == 1);
}
