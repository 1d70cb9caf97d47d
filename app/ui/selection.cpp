#include "app/ui/selection.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace asfs {

bool Selection::contains(std::string_view video_id) const {
  return !keys_.empty() && std::ranges::binary_search(keys_, key_of(video_id));
}

void Selection::set(std::string_view video_id, bool selected) {
  if (!video_id.empty()) set(std::vector{key_of(video_id)}, selected);
}

void Selection::set(const TableModel& table, std::span<const std::uint32_t> rows, bool selected) {
  std::vector<std::uint64_t> keys;
  keys.reserve(rows.size());
  for (const std::uint32_t row : rows)
    if (const auto id = table.snapshot->text(row, TextColumn::id); !id.empty()) keys.push_back(key_of(id));
  std::ranges::sort(keys);
  set(std::move(keys), selected);
}

void Selection::set(std::vector<std::uint64_t> keys, bool selected) {
  std::vector<std::uint64_t> result;
  result.reserve(keys_.size() + keys.size());
  if (selected)
    std::ranges::set_union(keys_, keys, std::back_inserter(result));
  else
    std::ranges::set_difference(keys_, keys, std::back_inserter(result));
  keys_ = std::move(result);
}

std::shared_ptr<const std::vector<std::string>> Selection::ids(const Snapshot& snapshot) const {
  auto ids = std::make_shared<std::vector<std::string>>();
  for (std::size_t i = 0; i < snapshot.size(); ++i)
    if (const auto id = snapshot.text(i, TextColumn::id); !id.empty() && contains(id)) ids->emplace_back(id);
  return ids;
}

}  // namespace asfs
