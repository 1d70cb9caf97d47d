// A pool of texts: a CSV without ids, each row of which is what a post may say.
//
//   title,caption,description,tags
//   Wait for it...,You will not see it coming 👀,Filmed in one take,surprise,wow
//
// Each column may be missing, or called in the plural; tags are hashtags, too. What a row has over is the
// last column's when that is the tags, as the Python program's own example writes them. CSV as in
// registry/base/csv.h, in UTF-8. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/result.h"

namespace asfs::pipeline {

struct PoolRow {
  std::string title, caption, description;  ///< "": the row does not say it
  std::vector<std::string> hashtags;        ///< each once, with its #
  std::string from;                         ///< for people: `words.csv, line 3`
  std::string
      key;  ///< of what it says, whatever line it stands in; another one for each of two that are alike
};

struct PoolTable {
  std::vector<PoolRow> rows;
  std::vector<std::string> warnings;  ///< whole sentences: what is left out
};

/// `name`: of the file, for people. Code::usage: it names no column that we know, or one twice; it is not
/// UTF-8; no row says anything, or there are more than 10,000. A row that cannot be read is left out, and a
/// warning.
Result<PoolTable> read_pool_table(std::string_view csv, std::string_view name);

}  // namespace asfs::pipeline
