// Which clip takes which row of a pool of texts (pool_table.h). A clip keeps the row that it took, over runs
// and kills: HOME/pipeline/pool.json remembers it, by what the row says, so that rows may be moved and added.
//
// Reads and writes small files, under a lock that is held for a moment. One thread; several programs may take
// at once.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/pipeline/pool_table.h"
#include "registry/store/library.h"

namespace asfs::pipeline {

enum class PoolOrder { random, in_order };

struct PoolSettings {
  std::filesystem::path file = {};  ///< empty: there is no pool
  PoolOrder order = PoolOrder::random;
};

class Pool {
 public:
  /// Fails as read_file() and read_pool_table() do; Code::failed when pool.json cannot be read.
  static Result<Pool> open(const Library& library, const PoolSettings& settings);

  const std::vector<std::string>& warnings() const { return table_.warnings; }
  /// The row that this clip took; nullptr for none.
  const PoolRow* taken(std::string_view clip) const;
  /// The row that it took or takes now. In order: the one after the last that was taken, and after the last
  /// row the first. At random: by the clip's name, out of those that no clip has; are there none, out of the
  /// half whose turn is longest ago. Kept on the disk before it returns. Code::library, Code::failed.
  Result<PoolRow> take(std::string_view clip);

 private:
  Pool(std::filesystem::path folder, PoolOrder order, PoolTable table);
  Result<void> load();
  Result<void> keep() const;
  std::size_t next(std::string_view clip) const;
  const PoolRow* row_of(std::string_view key) const;

  std::filesystem::path folder_;
  PoolOrder order_;
  PoolTable table_;
  std::vector<std::pair<std::string, std::string>> taken_;  ///< a clip, the row's key; the last one took last
};

}  // namespace asfs::pipeline
