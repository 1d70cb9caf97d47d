// A CSV without ids whose rows are what posts may say.
#include "app/pipeline/pool_table.h"

#include <doctest/doctest.h>

#include "registry/base/text.h"
#include "tests/support/damage.h"

using namespace asfs;
using namespace asfs::pipeline;

namespace {

PoolTable table_in(std::string_view csv) {
  auto table = read_pool_table(csv, "words.csv");
  REQUIRE_MESSAGE(table, (table ? std::string() : table.error().message));
  return *std::move(table);
}

std::string trouble_in(std::string_view csv) {
  const auto table = read_pool_table(csv, "words.csv");
  return table ? "" : table.error().message;
}

using Tags = std::vector<std::string>;

}  // namespace

TEST_CASE("tags that are written with unquoted commas are the last column's") {
  const auto table = table_in(
      "title,caption,description,tags\n"
      "Nobody saw it!,Look again 🔥,All of it in one take,odd,slow,beautiful\n"
      "Hold on...,It takes a while 👀,Until the very end - really!,patience\n");
  REQUIRE(table.rows.size() == 2);
  CHECK(table.warnings.empty());
  CHECK(table.rows[0].title == "Nobody saw it!");
  CHECK(table.rows[0].caption == "Look again 🔥");
  CHECK(table.rows[0].description == "All of it in one take");
  CHECK(table.rows[0].hashtags == Tags{"#odd", "#slow", "#beautiful"});
  CHECK(table.rows[0].from == "words.csv, line 2");
  CHECK(table.rows[1].hashtags == Tags{"#patience"});
}

TEST_CASE("columns may be missing, in the plural, in capitals, and in any order") {
  const auto one = table_in("Hashtags\n#a #b, c\n").rows.at(0);
  CHECK(one.title.empty());
  CHECK(one.hashtags == Tags{"#a", "#b", "#c"});
  const auto two = table_in("TAGS,Titles\n\"x,y\",Z\n").rows.at(0);
  CHECK(two.title == "Z");
  CHECK(two.hashtags == Tags{"#x", "#y"});
  CHECK(table_in("captions;descriptions\nEins;Zwei\n").rows.at(0).description == "Zwei");
}

TEST_CASE("a mark of the byte order, CRLF, quoted cells and line breaks in them are read") {
  const auto table = table_in(
      "\xEF\xBB\xBFtitle,caption,tags\r\n\"So, now?\",\"One\r\ntwo \"\"three\"\"\",#a,A,#b\r\n,,\r\n\r\n");
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0].title == "So, now?");
  CHECK(table.rows[0].caption == "One\ntwo \"three\"");
  CHECK(table.rows[0].hashtags == Tags{"#a", "#b"});
}

TEST_CASE("a row says only what its cells say") {
  const auto table = table_in("title,caption,tags\nOnly a title\n,Only a caption,\n");
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].caption.empty());
  CHECK(table.rows[1].title.empty());
  CHECK(table.rows[1].hashtags.empty());
}

TEST_CASE("a row whose cells may be others than were meant is left out, and a warning") {
  const auto table = table_in("title,caption\nWait, what?,Mine\nSaid \"so\",x\nGood,Fine\n");
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0].title == "Good");
  REQUIRE(table.warnings.size() == 2);
  CHECK(table.warnings[0].starts_with("words.csv, line 2: has 3 cells where the first line names 2"));
  CHECK(table.warnings[1].starts_with("words.csv, line 3: a quote in a cell"));
  const auto other = table_in("title,views\nA,7\n");
  CHECK(other.rows.size() == 1);
  CHECK(other.warnings.at(0) == "words.csv: its columns views are left out");
}

TEST_CASE("what is no pool is refused, and says where") {
  CHECK(trouble_in("").find("the file is empty") != std::string::npos);
  CHECK(trouble_in("name,views\na,b\n").find("line 1: names none of the columns") != std::string::npos);
  CHECK(trouble_in("title,Titles\na,b\n").find("two columns say the same") != std::string::npos);
  CHECK(trouble_in("title,tags\n,\n").find("none of the lines below says anything") != std::string::npos);
  CHECK(trouble_in("title\nCaf\xE9\n").find("line 2: is not UTF-8") != std::string::npos);
  CHECK(trouble_in("\xFF\xFEt\0i\0").find("line 1: is not UTF-8") != std::string::npos);
  std::string many = "title\n";
  for (int i = 0; i < 10'001; ++i) many += "t" + std::to_string(i) + "\n";
  CHECK(trouble_in(many).find("line 10002: a pool has at most 10000 rows") != std::string::npos);
}

TEST_CASE("rows are told apart by what they say, not by where they stand") {
  const auto one = table_in("title\nA\nB\nA\n"), other = table_in("tags,title\nx,C\n,A\n");
  CHECK(one.rows[0].key == other.rows[1].key);
  CHECK(one.rows[0].key != one.rows[1].key);
  CHECK(one.rows[0].key != one.rows[2].key);
}

TEST_CASE("a damaged pool is refused or read: what comes out of it is text, and every row says something") {
  test::Damage damage(7);
  int read = 0, refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text =
        "\xEF\xBB\xBFtitle,caption,description,tags\r\nA!,\"b, \"\"c\"\"\",d "
        "🔥,e,f,g\r\nH,,,\r\n,i,j,\"k,l\"\r\n";
    for (std::size_t strikes = damage.below(8); strikes > 0; --strikes) damage.strike(text);
    CAPTURE(text);
    const auto table = read_pool_table(text, "words.csv");
    ++(table ? read : refused);
    if (!table) {
      CHECK(table.error().message.starts_with("words.csv, line "));
      continue;
    }
    REQUIRE_FALSE(table->rows.empty());
    for (const PoolRow& row : table->rows) {
      REQUIRE(row.title.size() + row.caption.size() + row.description.size() + row.hashtags.size() > 0);
      for (const std::string* said : {&row.title, &row.caption, &row.description}) REQUIRE(is_utf8(*said));
      for (const std::string& tag : row.hashtags) REQUIRE((is_utf8(tag) && tag.size() > 1));
      REQUIRE(row.title.find('\n') == std::string::npos);
    }
  }
  CHECK(read > 1000);
  CHECK(refused > 100);
}
