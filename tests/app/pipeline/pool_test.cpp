// Which clip takes which row of a pool.
#include "app/pipeline/pool.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::pipeline;
using asfs::test::read_text;
using asfs::test::TempFolder;
using asfs::test::write_file;

namespace {

struct PoolHouse {
  TempFolder folder;
  Library library{folder.path()};
  PoolSettings settings{.file = folder / "words.csv", .order = PoolOrder::in_order};

  PoolHouse() { write("ABC"); }
  void write(std::string_view titles) {
    std::string csv = "title\n";
    for (const char c : titles) csv += std::string(1, c) + "\n";
    write_file(settings.file, csv);
  }
  /// By a program of its own.
  std::string take(const std::string& clip) {
    auto pool = Pool::open(library, settings);
    REQUIRE_MESSAGE(pool, (pool ? std::string() : pool.error().message));
    const auto row = pool->take(clip);
    REQUIRE_MESSAGE(row, (row ? std::string() : row.error().message));
    CHECK(pool->taken(clip)->title == row->title);
    return row->title;
  }
};

}  // namespace

TEST_CASE("in order each clip takes the next row, a later run goes on, and after the last comes the first") {
  PoolHouse house;
  std::string taken;
  for (const char* clip : {"one", "two", "three", "four", "five"}) taken += house.take(clip);
  CHECK(taken == "ABCAB");
}

TEST_CASE("a clip keeps its row, however often it is asked and in whatever order") {
  PoolHouse house;
  CHECK(house.take("one") == "A");
  CHECK(house.take("two") == "B");
  CHECK(house.take("one") == "A");
  house.settings.order = PoolOrder::random;
  CHECK(house.take("two") == "B");
  CHECK(house.take("one") == "A");
}

TEST_CASE("rows that are added or moved shift nobody's row") {
  PoolHouse house;
  CHECK(house.take("one") == "A");
  CHECK(house.take("two") == "B");
  house.write("XABYCZ");
  CHECK(house.take("one") == "A");
  CHECK(house.take("three") == "Y");
  house.write("AQ");  // Y is gone; the last that is still there is A
  CHECK(house.take("four") == "Q");
  CHECK(house.take("three") == "A");  // its row is gone: it takes another
}

TEST_CASE("two rows that say the same are two turns") {
  PoolHouse house;
  house.write("AAB");
  std::string taken;
  for (const char* clip : {"one", "two", "three", "four"}) taken += house.take(clip);
  CHECK(taken == "AABA");
}

TEST_CASE("at random no row comes twice before every row was there, and the same names give the same") {
  std::map<std::string, std::string> first;
  for (int time = 0; time < 2; ++time) {
    PoolHouse house;
    house.settings.order = PoolOrder::random;
    house.write("ABCDEFGH");
    std::set<std::string> titles;
    std::string all;
    for (int i = 0; i < 8; ++i) {
      const std::string clip = "clip" + std::to_string(i), title = house.take(clip);
      titles.insert(title);
      all += title;
      CHECK(first.emplace(clip, title).first->second == title);
    }
    CHECK(titles.size() == 8);
    CHECK(all != "ABCDEFGH");
    CHECK(all.substr(4).find(house.take("the ninth")) == std::string::npos);
  }
}

TEST_CASE("before a clip takes it has no row") {
  PoolHouse house;
  const auto pool = Pool::open(house.library, house.settings);
  REQUIRE(pool);
  CHECK(pool->taken("one") == nullptr);
  CHECK(!std::filesystem::exists(house.folder / "pipeline/pool.json"));
}

TEST_CASE("two programs that take at once take different rows") {
  PoolHouse house;
  auto one = Pool::open(house.library, house.settings), other = Pool::open(house.library, house.settings);
  REQUIRE((one && other));
  CHECK(one->take("one")->title == "A");
  CHECK(other->take("two")->title == "B");
  CHECK(one->take("three")->title == "C");
}

TEST_CASE("a pool that is not there, or whose memory cannot be read, is an error, and nothing is taken") {
  PoolHouse house;
  house.take("one");
  const std::string half = read_text(house.folder / "pipeline/pool.json").substr(0, 20);
  write_file(house.folder / "pipeline/pool.json", half);
  const auto broken = Pool::open(house.library, house.settings);
  REQUIRE(!broken);
  CHECK(broken.error().message.find("pool.json cannot be read; move it away") != std::string::npos);
  CHECK(read_text(house.folder / "pipeline/pool.json") == half);
  house.settings.file = house.folder / "none.csv";
  CHECK(Pool::open(house.library, house.settings).error().code == Code::not_found);
}
