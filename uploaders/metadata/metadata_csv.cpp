#include "uploaders/metadata/metadata_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "registry/base/csv.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/store/destinations.h"
#include "uploaders/metadata/metadata_fields.h"

namespace asfs {
namespace {

constexpr std::uintmax_t kMaxBytes = 64 << 20;
constexpr std::size_t kMaxRows = 200'000;
constexpr std::size_t kMistakesKept = 20;

class Reader {
 public:
  Reader(const std::filesystem::path& path, std::string_view text) : csv_(text) { table_.path = path; }

  MetadataTable read() {
    if (const auto header = next())
      read_header(*header);
    else if (table_.mistakes.empty())
      table_.add_mistake(1, MetadataTable::kWholeLine, "the file is empty; its first line names the columns");
    while (const auto row = next()) {
      if (table_.rows.size() == kMaxRows) {
        table_.add_mistake(row->line, MetadataTable::kWholeLine,
                           fmt::format("a CSV has at most {} rows; split it", kMaxRows));
        break;
      }
      read_row(*row);
    }
    return std::move(table_);
  }

 private:
  /// None at the end, and where the bytes are no text: nothing that follows would be either.
  std::optional<CsvRow> next() {
    auto row = no_text_ ? std::nullopt : csv_.next();
    if (!row) return row;
    for (std::size_t i = 0; i < row->cells.size(); ++i) {
      if (is_utf8(row->cells[i].text)) continue;
      table_.add_mistake(row->cells[i].line, i, "is not UTF-8 text; save the file as CSV in UTF-8");
      no_text_ = true;
      return std::nullopt;
    }
    for (const CsvMistake& mistake : row->mistakes)
      table_.add_mistake(mistake.line, mistake.column - 1, mistake.what);
    return row;
  }

  void read_header(CsvRow row) {
    // Excel writes columns that somebody has once clicked into.
    while (row.cells.size() > 1 && trimmed(row.cells.back().text).empty()) row.cells.pop_back();
    for (const CsvCell& cell : row.cells) table_.columns.push_back({std::string(trimmed(cell.text)), "", ""});
    for (std::size_t i = 0; i < row.cells.size(); ++i) read_column(row.cells[i].line, i);
    if (!id_ && !file_)
      table_.add_mistake(row.line, MetadataTable::kWholeLine,
                         "no column is called id or file, which say what video a row is about");
  }

  void read_column(std::size_t line, std::size_t i) {
    MetadataTable::Column& column = table_.columns[i];
    const std::string name = fold_case(column.name);
    if (name == "id" || name == "file") {
      auto& key = name == "id" ? id_ : file_;
      if (key) return twice(line, i, *key);
      key = i;
      return;
    }
    const std::size_t dot = name.find('.');
    const auto platform = dot == name.npos ? std::string() : destination_named(name.substr(0, dot));
    const MetadataField* field =
        find_metadata_field(platform.empty() ? name : std::string_view(name).substr(dot + 1));
    if (field == nullptr)
      return table_.add_mistake(line, i,
                                fmt::format("there is no such column; there are id, file, {}, and with a "
                                            "platform's name as in YouTube.title",
                                            metadata_keys()));
    const auto same = std::ranges::find_if(table_.columns, [&](const auto& other) {
      return other.platform == platform && other.key == field->key;
    });
    if (same != table_.columns.end())
      return twice(line, i, static_cast<std::size_t>(same - table_.columns.begin()));
    column.platform = platform;
    column.key = field->key;
  }

  void twice(std::size_t line, std::size_t i, std::size_t first) {
    table_.add_mistake(line, i,
                       fmt::format("is the same as column {} ({}); keep one of them", first + 1,
                                   table_.columns[first].name));
  }

  void read_row(const CsvRow& row) {
    auto cells = row.cells;
    while (cells.size() > table_.columns.size() && trimmed(cells.back().text).empty()) cells.pop_back();
    if (std::ranges::all_of(cells, [](const CsvCell& cell) { return trimmed(cell.text).empty(); })) return;
    if (!row.mistakes.empty()) return;  // its cells may be others than were meant
    if (cells.size() != table_.columns.size())
      return table_.add_mistake(
          row.line, MetadataTable::kWholeLine,
          fmt::format("has {} cells where the first line names {} columns; a cell with a comma, semicolon or "
                      "line break in it stands in quotes",
                      cells.size(), table_.columns.size()));
    MetadataTable::Row read;
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (!table_.columns[i].key.empty()) read_cell(cells[i], i, read);
    if (!id_ && !file_) return;  // told already
    read.by_id = id_ && !cells[*id_].text.empty();
    read.column = read.by_id || !file_ ? *id_ : *file_;
    read.line = cells[read.column].line;
    read.key = cells[read.column].text;
    if (read.key.empty())
      return table_.add_mistake(read.line, read.column, "is empty; what video is the row about?");
    table_.rows.push_back(std::move(read));
  }

  void read_cell(const CsvCell& cell, std::size_t i, MetadataTable::Row& row) {
    if (trimmed(cell.text).empty()) return;
    const MetadataField& field = *find_metadata_field(table_.columns[i].key);
    std::string text = cell.text;
    if (field.names_file) {
      std::error_code unknown;
      text = (std::filesystem::absolute(table_.path, unknown).parent_path() / text).lexically_normal();
    }
    const auto value = typed_value(field, text);
    if (!value) return table_.add_mistake(cell.line, i, value.error().message);
    row.cells.push_back({i, cell.line, value->dump()});
  }

  CsvReader csv_;
  bool no_text_ = false;
  MetadataTable table_;
  std::optional<std::size_t> id_, file_;  ///< indices of columns
};

}  // namespace

void TableMistakes::add(std::size_t line, std::size_t column, Error error) {
  ++count_;
  first_.emplace(std::pair(line, column), std::move(error));
  if (first_.size() > kMistakesKept) first_.erase(std::prev(first_.end()));
}

std::vector<Error> TableMistakes::list() const {
  std::vector<Error> all;
  for (const auto& [place, error] : first_) all.push_back(error);
  if (count_ > all.size())
    all.push_back({all.front().code, fmt::format("and {} more mistakes", count_ - all.size())});
  return all;
}

void MetadataTable::add_mistake(std::size_t line, std::size_t column, std::string_view what, Code code) {
  const auto place = [&] {
    if (column == kWholeLine) return std::string();
    const std::string name = column < columns.size() ? one_line(columns[column].name, 60) : "";
    return fmt::format(", column {}{}", column + 1, name.empty() ? "" : fmt::format(" ({})", name));
  };
  mistakes.add(line, column == kWholeLine ? 0 : column + 1,
               {code, fmt::format("{}, line {}{}: {}", path_text(path), line, place(), what)});
}

Result<MetadataTable> read_metadata_csv(const std::filesystem::path& path) {
  const auto text = read_file(path, kMaxBytes);
  if (!text) return std::unexpected(text.error());
  return Reader(path, *text).read();
}

std::string document_of(const MetadataTable& table, const MetadataTable::Row& row,
                        const MetadataTable::Cell* left_out) {
  Json document = Json::object();
  for (const MetadataTable::Cell& cell : row.cells) {
    if (&cell == left_out) continue;
    const MetadataTable::Column& column = table.columns[cell.column];
    Json& part = column.platform.empty() ? document : document[column.platform];
    part[column.key] = read_json(cell.json);
  }
  return document.dump();
}

}  // namespace asfs
