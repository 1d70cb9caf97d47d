#include "registry/base/csv.h"

#include <fmt/format.h>

#include <algorithm>

namespace asfs {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF", kSeparators = ",;\t|";

/// The first of the two that stands in the first line, outside quotes.
char separator_of(std::string_view text) {
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',' || c == ';') return c;
    if (c == '\r' || c == '\n') break;
  }
  return ',';
}

/// CRLF counts once, and so do LF and CR alone.
std::size_t line_breaks(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    count += text[i] == '\n' || (text[i] == '\r' && text.substr(i + 1, 1) != "\n");
  return count;
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  separator_ = separator_of(text_);
  std::string_view line = text_.substr(0, text_.find_first_of("\r\n"));
  const std::size_t whole = line.size();
  if (line.starts_with('"') && line.ends_with('"') && whole > 1) line = line.substr(1, whole - 2);
  if (line.size() != 5 || !line.starts_with("sep=") || !kSeparators.contains(line.back())) return;
  separator_ = line.back();
  take(std::min(whole + (text_.substr(whole, 2) == "\r\n" ? 2 : 1), text_.size()));
}

std::optional<CsvRow> CsvReader::next() {
  while (at_ < text_.size()) {
    CsvRow row{.line = line_};
    std::size_t column = 0;
    do {
      if (column > 0) take(1);  // the separator
      read_cell(row, ++column);
    } while (at(separator_));
    if (at_ < text_.size()) take(text_.substr(at_, 2) == "\r\n" ? 2 : 1);
    if (column > kMaxCells)
      row.mistakes.push_back({row.line, kMaxCells + 1, fmt::format("a row has at most {} cells", kMaxCells)});
    const bool empty_line = column == 1 && row.cells.front().text.empty() && row.mistakes.empty();
    if (!empty_line) return row;
  }
  return std::nullopt;
}

void CsvReader::read_cell(CsvRow& row, std::size_t column) {
  const std::size_t line = line_;
  std::string text;
  if (at('"')) {
    text = take_quoted(row, column);
    if (!at_end_of_cell())
      row.mistakes.push_back(
          {line_, column, "text follows the closing quote; a quote inside a cell is written twice"});
    take_plain();
  } else {
    text = take_plain();
    if (text.find('"') != text.npos)
      row.mistakes.push_back({line, column,
                              "a quote in a cell that does not begin with one; put the whole cell into "
                              "quotes and write those inside twice"});
  }
  if (column <= kMaxCells) row.cells.push_back({std::move(text), line});
}

std::string CsvReader::take_quoted(CsvRow& row, std::size_t column) {
  const std::size_t opened = line_;
  std::string text;
  take(1);
  for (;;) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == text_.npos) {
      row.mistakes.push_back({opened, column, "the quote that begins this cell is never closed"});
      text += take(text_.size() - at_);
      return text;
    }
    text += take(quote - at_);
    take(1);
    if (!at('"')) return text;
    text += take(1);
  }
}

std::string_view CsvReader::take_plain() {
  const char ends[] = {separator_, '\r', '\n'};
  const std::size_t end = text_.find_first_of(std::string_view(ends, sizeof ends), at_);
  return take(std::min(end, text_.size()) - at_);
}

std::string_view CsvReader::take(std::size_t bytes) {
  const std::string_view taken = text_.substr(at_, bytes);
  at_ += bytes;
  line_ += line_breaks(taken);
  return taken;
}

bool CsvReader::at_end_of_cell() const {
  return at_ == text_.size() || at(separator_) || at('\r') || at('\n');
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line += ',';
    if (cell.find_first_of(",;\"\r\n") == cell.npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) line += c == '"' ? "\"\"" : std::string(1, c);
    line += '"';
  }
  return line + "\r\n";
}

}  // namespace asfs
