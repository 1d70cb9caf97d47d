// CSV as RFC 4180 has it, row by row: quotes, doubled quotes, line breaks in quoted cells. Lines end with
// CRLF, LF or CR; an UTF-8 BOM is skipped. The first line shows whether commas or semicolons part the cells
// (the spreadsheets of many countries write semicolons), or says so itself: Excel's `sep=;`.
//
// A parser of its own: libcsv and rapidcsv do not say in which line and column a mistake is. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asfs {

struct CsvCell {
  std::string text;      ///< as it stands there, without its quotes
  std::size_t line = 0;  ///< where it begins, as an editor counts
};

struct CsvMistake {
  std::size_t line = 0;
  std::size_t column = 0;  ///< the number of the cell, from 1
  std::string what;
};

struct CsvRow {
  std::size_t line = 0;
  std::vector<CsvCell> cells;
  std::vector<CsvMistake> mistakes;  ///< what it says may then be cut wrongly
};

class CsvReader {
 public:
  static constexpr std::size_t kMaxCells = 1000;  ///< in a row; what follows is a mistake and left out

  /// The text outlives the reader.
  explicit CsvReader(std::string_view text);

  /// The next row that is not an empty line; none at the end.
  std::optional<CsvRow> next();

 private:
  void read_cell(CsvRow& row, std::size_t column);
  std::string take_quoted(CsvRow& row, std::size_t column);
  std::string_view take_plain();
  std::string_view take(std::size_t bytes);
  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool at_end_of_cell() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  char separator_;
};

/// One line of a CSV with CRLF; cells with a comma, quote or line break are quoted.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace asfs
