#include "registry/base/csv.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

#include "registry/base/process.h"
#include "tests/support/temp_folder.h"

using namespace asfs;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text) {
  Rows rows;
  CsvReader reader(text);
  while (const auto row = reader.next()) {
    CHECK(row->mistakes.empty());
    auto& cells = rows.emplace_back();
    for (const CsvCell& cell : row->cells) cells.push_back(cell.text);
  }
  return rows;
}

/// Every mistake as `LINE:COLUMN WHAT`.
std::vector<std::string> mistakes_in(std::string_view text) {
  std::vector<std::string> found;
  CsvReader reader(text);
  while (const auto row = reader.next())
    for (const CsvMistake& mistake : row->mistakes)
      found.push_back(fmt::format("{}:{} {}", mistake.line, mistake.column, mistake.what));
  return found;
}

std::vector<std::size_t> lines_of(std::string_view text) {
  std::vector<std::size_t> lines;
  CsvReader reader(text);
  while (const auto row = reader.next())
    for (const CsvCell& cell : row->cells) lines.push_back(cell.line);
  return lines;
}

/// Python's csv module, a writer nobody here wrote, makes 60 rows of 5 cells and says as well what is in
/// them: cells parted by 0x1F, rows by 0x1E.
constexpr const char* kPythonWriter = R"(
import csv, io, random, sys
random.seed(int(sys.argv[1])); separator = sys.argv[2]; line_end = sys.argv[3].encode().decode('unicode_escape')
parts = ['"', ',', ';', '\n', '\r\n', '\r', ' ', 'a', '#art', 'ä', '日本語', '👩‍🚀', '""', "'", '\t', '=1+1']
quoting = random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
if quoting == csv.QUOTE_MINIMAL: parts.remove('\r')  # it would be left unquoted, which its own reader refuses
rows = [['h%d' % i for i in range(5)]]
rows += [[''.join(random.choices(parts, k=random.randrange(6))) for _ in range(5)] for _ in range(60)]
out = io.StringIO(newline='')
csv.writer(out, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows(rows)
sys.stdout.buffer.write((out.getvalue() + '\x1d' + '\x1e'.join('\x1f'.join(r) for r in rows)).encode())
)";

Rows split(std::string_view text) {
  Rows rows{{""}};
  for (const char c : text) {
    if (c == '\x1E')
      rows.push_back({""});
    else if (c == '\x1F')
      rows.back().emplace_back();
    else
      rows.back().back() += c;
  }
  return rows;
}

}  // namespace

TEST_CASE("what RFC 4180 says is read as it says") {
  struct Case {
    const char* what;
    std::string_view text;
    Rows rows;
  };
  const Case cases[] = {
      {"2.1 each record is on a line", "aaa,bbb\r\nzzz,yyy\r\n", {{"aaa", "bbb"}, {"zzz", "yyy"}}},
      {"2.2 the last line may lack its end", "aaa,bbb\r\nzzz,yyy", {{"aaa", "bbb"}, {"zzz", "yyy"}}},
      {"2.4 blanks belong to a cell", " a ,b\n", {{" a ", "b"}}},
      {"2.4 the last cell may be empty", "a,\nb,\n", {{"a", ""}, {"b", ""}}},
      {"2.5 cells may stand in quotes", "\"aaa\",\"\",ccc\n", {{"aaa", "", "ccc"}}},
      {"2.6 with line breaks and separators", "\"a\r\nb\",\"c,d\"\n", {{"a\r\nb", "c,d"}}},
      {"2.7 a quote inside is doubled", "\"a\"\"b\",\"\"\"\"\n", {{"a\"b", "\""}}},
      {"LF alone", "a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
      {"CR alone", "a,b\rc,d\r", {{"a", "b"}, {"c", "d"}}},
      {"empty lines are no rows", "\na\n\n\nb\n\n", {{"a"}, {"b"}}},
      {"nothing", "", {}},
  };
  for (const Case& one : cases) CHECK_MESSAGE(rows_of(one.text) == one.rows, one.what);
}

TEST_CASE("the first line shows what parts the cells, and a byte order mark is no part of it") {
  CHECK(rows_of("\xEF\xBB\xBF"
                "a;b\r\n1,5;2\r\n") == Rows{{"a", "b"}, {"1,5", "2"}});
  CHECK(rows_of("a,b\n1;5,2\n") == Rows{{"a", "b"}, {"1;5", "2"}});
  CHECK(rows_of("\"a,x\";b\n1;2\n") == Rows{{"a,x", "b"}, {"1", "2"}});
  CHECK(rows_of("only\na,b\n") == Rows{{"only"}, {"a", "b"}});
}

TEST_CASE("a first line of Excel's says what parts the cells, and is no row") {
  for (const char* first : {"sep=;\r\n", "\xEF\xBB\xBFsep=;\n", "\"sep=;\"\r\n"})
    CHECK(rows_of(std::string(first) + "a;b,c\n") == Rows{{"a", "b,c"}});
  CHECK(rows_of("sep=\t\na\tb\n") == Rows{{"a", "b"}});
  CHECK(lines_of("sep=,\r\na,b\r\n") == std::vector<std::size_t>{2, 2});
  CHECK(rows_of("sep=x\n") == Rows{{"sep=x"}});
  CHECK(rows_of("sep=,") == Rows{});
}

TEST_CASE("lines are counted as an editor does, also after line breaks inside quotes") {
  CHECK(lines_of("a,b\n\"1\n2\",x\n\ny,z\n") == std::vector<std::size_t>{1, 1, 2, 3, 5, 5});
  CHECK(lines_of("a,b\r\n\"1\r\n2\r\n\",x\r\ny,z") == std::vector<std::size_t>{1, 1, 2, 4, 5, 5});
  CHECK(lines_of("a\r\"1\r2\"\rb") == std::vector<std::size_t>{1, 2, 4});
}

TEST_CASE("a mistake is told with its line and column, and the next line is read again") {
  CHECK(mistakes_in("a,b\n1,\"x\"y\n2,z\"\n3,4\n") ==
        std::vector<std::string>{
            "2:2 text follows the closing quote; a quote inside a cell is written twice",
            "3:2 a quote in a cell that does not begin with one; put the whole cell into quotes and write "
            "those inside twice"});
  CHECK(mistakes_in("a,b\n\"1\n1\",\"open\nmore,\n") ==
        std::vector<std::string>{"3:2 the quote that begins this cell is never closed"});
  CHECK(mistakes_in("a, \"b, c\"\n").size() == 2);  // a blank before the quote would cut the cell in two
}

TEST_CASE("a row of millions of cells is a mistake, not a heap of memory") {
  const std::string text(3'000'000, ',');
  CsvReader reader(text);
  const auto row = reader.next();
  REQUIRE(row);
  CHECK(row->cells.size() == CsvReader::kMaxCells);
  CHECK(row->mistakes.size() == 1);
  CHECK_FALSE(reader.next());
}

TEST_CASE("what another program writes is read back equal") {
  int seed = 0;
  for (const char* separator : {",", ";"})
    for (const char* line_end : {"\\n", "\\r\\n"})
      for (int i = 0; i < 5; ++i) {
        const auto written =
            run_process({"python3", "-c", kPythonWriter, std::to_string(++seed), separator, line_end},
                        std::chrono::minutes(1));
        REQUIRE(written);
        REQUIRE_MESSAGE(written->exit_code == 0, written->err);
        const auto border = written->out.find('\x1D');
        const std::string text = written->out.substr(0, border);
        CHECK_MESSAGE(rows_of(text) == split(written->out.substr(border + 1)), "seed " << seed << ":\n"
                                                                                       << text);
      }
}

TEST_CASE("no text whatever makes the reader stumble or lose count of the lines") {
  std::mt19937 random(7);
  constexpr std::string_view kBytes = "\"\",;\r\nab";
  for (int run = 0; run < 3000; ++run) {
    std::string text;
    for (auto length = random() % 40; length > 0; --length) text += kBytes[random() % kBytes.size()];
    CsvReader reader(text);
    std::size_t line = 0;
    while (const auto row = reader.next()) {
      CHECK(row->line > line);
      line = row->line;
      CHECK_FALSE(row->cells.empty());
    }
    CHECK(line <= text.size() + 1);
  }
}

TEST_CASE("a line that is written is read back as it was, also with quotes, commas and line breaks in it") {
  const std::vector<std::string> cells{"plain", "a,b", "say \"hi\"", "two\nlines", "", "a;b"};
  const std::string line = csv_line(cells);
  CsvReader again(line);
  const auto row = again.next();
  REQUIRE(row);
  REQUIRE(row->cells.size() == cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) CHECK(row->cells[i].text == cells[i]);
  CHECK(line.ends_with("\r\n"));
}
