#include "app/pipeline/pool_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "registry/base/csv.h"
#include "registry/base/text.h"
#include "registry/files/checksum.h"

namespace asfs::pipeline {
namespace {

constexpr std::size_t kMostRows = 10'000, kMostWarnings = 20;

enum class PoolColumn { unknown, title, caption, description, hashtags };
constexpr std::pair<std::string_view, PoolColumn> kPoolColumns[] = {
    {"title", PoolColumn::title},
    {"caption", PoolColumn::caption},
    {"description", PoolColumn::description},
    {"tag", PoolColumn::hashtags},
    {"hashtag", PoolColumn::hashtags},
};

PoolColumn column_named(std::string_view cell) {
  std::string name = fold_case(trimmed(cell));
  if (name.ends_with('s')) name.pop_back();
  const auto* found = std::ranges::find(kPoolColumns, name, &std::pair<std::string_view, PoolColumn>::first);
  return found == std::end(kPoolColumns) ? PoolColumn::unknown : found->second;
}

/// `viral, #trending`: parted by whatever people part them by.
void add_hashtags(std::string_view text, std::vector<std::string>& hashtags) {
  constexpr std::string_view kParts = " \t,;\r\n#";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kParts), text.size());
    const std::string tag = "#" + std::string(text.substr(0, end));
    const auto known = [&](const std::string& other) { return fold_case(other) == fold_case(tag); };
    if (tag.size() > 1 && std::ranges::none_of(hashtags, known)) hashtags.push_back(tag);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// A line break within a cell is often CRLF, as the file's lines end so.
std::string cell_text(std::string_view cell) {
  std::string text(trimmed(cell));
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != text.npos;) text.erase(at, 1);
  return text;
}

class PoolReader {
 public:
  PoolReader(std::string_view text, std::string_view name) : csv_(text), name_(name) {}

  Result<PoolTable> read() {
    const auto header = csv_.next();
    if (!header)
      return wrong(1, "the file is empty; its first line names the columns, as title,caption,tags");
    if (auto named = read_header(*header); !named) return std::unexpected(named.error());
    while (const auto row = csv_.next()) {
      if (auto text = check_text(*row); !text) return std::unexpected(text.error());
      if (table_.rows.size() == kMostRows)
        return wrong(row->line, fmt::format("a pool has at most {} rows; split it", kMostRows));
      read_row(*row);
    }
    if (left_out_ > kMostWarnings)
      table_.warnings.push_back(
          fmt::format("{}: {} more of its rows are left out", name_, left_out_ - kMostWarnings));
    if (table_.rows.empty()) return wrong(header->line, "none of the lines below says anything");
    return std::move(table_);
  }

 private:
  std::unexpected<Error> wrong(std::size_t line, std::string_view what) const {
    return fail(Code::usage, fmt::format("{}, line {}: {}", name_, line, what));
  }

  Result<void> check_text(const CsvRow& row) const {
    for (const CsvCell& cell : row.cells)
      if (!is_utf8(cell.text)) return wrong(cell.line, "is not UTF-8 text; save the file as CSV in UTF-8");
    return {};
  }

  Result<void> read_header(const CsvRow& row) {
    if (auto text = check_text(row); !text) return text;
    std::string known, unknown;
    for (const CsvCell& cell : row.cells) {
      const PoolColumn column = column_named(cell.text);
      const std::string name(trimmed(one_line(cell.text, 40)));
      if (column != PoolColumn::unknown && std::ranges::find(columns_, column) != columns_.end())
        return wrong(row.line, fmt::format("two columns say the same; keep one of them, not {}", name));
      columns_.push_back(column);
      if (!name.empty()) (column == PoolColumn::unknown ? unknown : known) += ", " + name;
    }
    while (!row.cells.empty() && columns_.size() > 1 && trimmed(row.cells[columns_.size() - 1].text).empty())
      columns_.pop_back();  // a spreadsheet writes columns that somebody has once clicked into
    if (known.empty())
      return wrong(row.line, "names none of the columns title, caption, description, tags; it is: " +
                                 one_line(unknown.empty() ? "" : unknown.substr(2), 200));
    if (!unknown.empty())
      table_.warnings.push_back(fmt::format("{}: its columns {} are left out", name_, unknown.substr(2)));
    return {};
  }

  void leave_out(std::size_t line, std::string_view why) {
    if (++left_out_ <= kMostWarnings)
      table_.warnings.push_back(fmt::format("{}, line {}: {}; it is left out", name_, line, why));
  }

  void read_row(CsvRow row) {
    auto& cells = row.cells;
    while (cells.size() > columns_.size() && trimmed(cells.back().text).empty()) cells.pop_back();
    if (!row.mistakes.empty()) return leave_out(row.mistakes.front().line, row.mistakes.front().what);
    const bool tags_last = columns_.back() == PoolColumn::hashtags;
    if (cells.size() > columns_.size() && !tags_last)
      return leave_out(row.line,
                       fmt::format("has {} cells where the first line names {}; a text with a comma "
                                   "stands in quotes, or the tags come last",
                                   cells.size(), columns_.size()));
    PoolRow read{.from = fmt::format("{}, line {}", name_, row.line)};
    for (std::size_t i = 0; i < cells.size(); ++i)
      take_cell(cells[i].text, columns_[std::min(i, columns_.size() - 1)], read);
    add(std::move(read));
  }

  static void take_cell(std::string_view cell, PoolColumn column, PoolRow& row) {
    switch (column) {
      case PoolColumn::unknown:
        return;
      case PoolColumn::title:
        row.title = trimmed(one_line(cell, cell.size()));
        return;
      case PoolColumn::caption:
        row.caption = cell_text(cell);
        return;
      case PoolColumn::description:
        row.description = cell_text(cell);
        return;
      case PoolColumn::hashtags:
        return add_hashtags(cell, row.hashtags);
    }
  }

  void add(PoolRow row) {
    std::string text;
    for (const std::string* part : {&row.title, &row.caption, &row.description}) text += *part + '\0';
    for (const std::string& tag : row.hashtags) text += tag;
    if (text.size() == 3) return;  // an empty row
    text += '\0' + std::to_string(alike_[text]++);
    row.key = sha256_of(text).substr(0, 16);
    table_.rows.push_back(std::move(row));
  }

  CsvReader csv_;
  const std::string name_;
  PoolTable table_;
  std::vector<PoolColumn> columns_;
  std::map<std::string, std::size_t> alike_;  ///< rows by what they say
  std::size_t left_out_ = 0;
};

}  // namespace

Result<PoolTable> read_pool_table(std::string_view csv, std::string_view name) {
  return PoolReader(csv, name).read();
}

}  // namespace asfs::pipeline
