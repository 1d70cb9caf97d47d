// Which row has an id. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace asfs {

/// A hash table with open addressing, whose keys stand where the rows do.
class IdIndex {
 public:
  void reserve(std::size_t rows);
  void insert(std::string_view id, std::uint32_t row);
  void erase(std::string_view id, std::uint32_t row);
  /// `id_at(row)` tells a row's id.
  template <class IdAt>
  std::optional<std::uint32_t> find(std::string_view id, IdAt&& id_at) const {
    const std::uint32_t tag = tag_of(id);
    for (std::size_t at = tag & mask(); !slots_.empty() && slots_[at].row != kFree; at = (at + 1) & mask())
      if (slots_[at].tag == tag && id_at(slots_[at].row) == id) return slots_[at].row;
    return std::nullopt;
  }

 private:
  static constexpr std::uint32_t kFree = UINT32_MAX;
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t row = kFree;
  };
  static std::uint32_t tag_of(std::string_view id);
  std::size_t mask() const { return slots_.size() - 1; }
  void put(Slot slot);

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace asfs
