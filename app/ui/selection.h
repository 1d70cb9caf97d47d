// The videos a person has marked in the table, by their ids: refreshing, sorting and filtering leave it as it
// is. A sorted list of hashes: marking a million rows is one pass, and looking one up allocates nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/picture/table_model.h"

namespace asfs {

class Selection {
 public:
  static std::uint64_t key_of(std::string_view video_id) { return std::hash<std::string_view>{}(video_id); }

  bool contains(std::string_view video_id) const;
  std::size_t size() const { return keys_.size(); }
  bool empty() const { return keys_.empty(); }

  void clear() { keys_.clear(); }
  void set(std::string_view video_id, bool selected);
  /// These rows of the table (indices in its snapshot); what has no id is left out.
  void set(const TableModel& table, std::span<const std::uint32_t> rows, bool selected);

  /// The ids of those that are in the picture, in its order.
  std::shared_ptr<const std::vector<std::string>> ids(const Snapshot& snapshot) const;

 private:
  void set(std::vector<std::uint64_t> keys, bool selected);

  std::vector<std::uint64_t> keys_;  ///< ascending
};

}  // namespace asfs
