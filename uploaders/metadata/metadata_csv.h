// What posts are to say, out of a spreadsheet: one row for each video, one column for each field.
//
//   file,title,hashtags,YouTube.privacy,TikTok.caption
//   clip.mp4,"Tea, or coffee?",#tea #art,private,よく晴れた日 ☀
//
// The first line names the columns, in any capitalisation: `id` or `file` (id wins where both are filled),
// the fields of a metadata document, and those with a platform's name before them. An empty cell says
// nothing. The path of a thumbnail counts from the folder of the CSV. CSV as in registry/base/csv.h, in
// UTF-8.
//
// Reads one file; any thread. Whether there are such videos is for clips.h.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "registry/base/result.h"

namespace asfs {

/// What is wrong with a table, in the order of its lines: all are counted, the first ones kept.
class TableMistakes {
 public:
  void add(std::size_t line, std::size_t column, Error error);
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  /// The first twenty and, when there are more, one that says how many.
  std::vector<Error> list() const;

 private:
  std::multimap<std::pair<std::size_t, std::size_t>, Error> first_;
  std::size_t count_ = 0;
};

struct MetadataTable {
  struct Column {
    std::string name;      ///< as the file has it
    std::string platform;  ///< "" for all
    std::string key;       ///< of the field; "" for id and file, and for one that nobody knows
  };
  struct Cell {
    std::size_t column = 0;  ///< index into `columns`
    std::size_t line = 0;
    std::string json;  ///< the field's value
  };
  struct Row {
    std::size_t line = 0;
    std::size_t column = 0;  ///< of its id or file
    bool by_id = false;
    std::string key;          ///< the id or the file
    std::vector<Cell> cells;  ///< those that say something
  };
  std::filesystem::path path;
  std::vector<Column> columns;
  std::vector<Row> rows;
  TableMistakes mistakes;

  static constexpr std::size_t kWholeLine = static_cast<std::size_t>(-1);
  /// `posts.csv, line 12, column 5 (YouTube.privacy): …`; `column` is an index or kWholeLine.
  void add_mistake(std::size_t line, std::size_t column, std::string_view what, Code code = Code::usage);
};

/// With the mistakes of form and type in it; its rows are then those that could be read. Fails when the file
/// cannot be read or is larger than 64 MiB. At most 200,000 rows.
Result<MetadataTable> read_metadata_csv(const std::filesystem::path& path);

/// What one row says as a metadata document, without the cell `left_out`.
std::string document_of(const MetadataTable& table, const MetadataTable::Row& row,
                        const MetadataTable::Cell* left_out = nullptr);

}  // namespace asfs
