#include "registry/base/id_index.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

namespace asfs {

std::uint32_t IdIndex::tag_of(std::string_view id) {
  const std::uint64_t hash = std::hash<std::string_view>{}(id);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

void IdIndex::put(Slot slot) {
  std::size_t at = slot.tag & mask();
  while (slots_[at].row != kFree) at = (at + 1) & mask();
  slots_[at] = slot;
}

void IdIndex::reserve(std::size_t rows) {
  if (2 * rows <= slots_.size()) return;
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(std::bit_ceil(std::max<std::size_t>(64, 2 * rows))));
  for (const Slot& slot : old)
    if (slot.row != kFree) put(slot);
}

void IdIndex::insert(std::string_view id, std::uint32_t row) {
  reserve(used_ + 1);
  put({tag_of(id), row});
  ++used_;
}

void IdIndex::erase(std::string_view id, std::uint32_t row) {
  if (slots_.empty()) return;
  std::size_t hole = tag_of(id) & mask();
  for (; slots_[hole].row != row; hole = (hole + 1) & mask())
    if (slots_[hole].row == kFree) return;
  --used_;
  // Those behind that would not be found any more across the hole move up.
  for (std::size_t at = (hole + 1) & mask(); slots_[at].row != kFree; at = (at + 1) & mask()) {
    const std::size_t home = slots_[at].tag & mask();
    if (((at - home) & mask()) < ((at - hole) & mask())) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
}

}  // namespace asfs
