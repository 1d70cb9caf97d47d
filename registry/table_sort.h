// The order of the table's rows. Pure; any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <span>

#include "registry/table_model.h"

namespace asfs {

/// A row of a picture. Rows of two pictures can be compared.
struct RowRef {
  const Snapshot* snapshot;
  std::uint32_t row;
};

/// The order that a query asks for: of no two rows of a picture it says that they are equal.
std::strong_ordering compare_rows(const TableQuery& query, RowRef a, RowRef b);

/// Sorts rows of one picture by compare_rows(), much faster than std::sort would.
void sort_rows(const Snapshot& snapshot, const TableQuery& query, std::span<std::uint32_t> rows);

}  // namespace asfs
