// The order of the table's rows. Pure; any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <stop_token>
#include <utility>

#include "registry/picture/snapshot.h"
#include "registry/picture/table_query.h"

namespace asfs {

/// A row of a picture. Rows of two pictures can be compared.
struct RowRef {
  const Snapshot* snapshot;
  std::uint32_t row;
};

/// The order that a query asks for: of no two rows of a picture it says that they are equal.
std::strong_ordering compare_rows(const TableQuery& query, RowRef a, RowRef b);

/// Asked in an inner loop whether it is to end: looks at the stop only now and then.
class StopCheck {
 public:
  static constexpr std::uint32_t kEvery = 1024;

  explicit StopCheck(std::stop_token stop) : stop_(std::move(stop)) {}
  bool operator()() { return calls_++ % kEvery == 0 && stop_.stop_requested(); }

 private:
  std::stop_token stop_;
  std::uint32_t calls_ = 0;
};

/// Sorts rows of one picture by compare_rows(), much faster than std::sort would. False when it was stopped,
/// within kEvery looks at a row; the rows are then as they were.
bool sort_rows(const Snapshot& snapshot, const TableQuery& query, std::span<std::uint32_t> rows,
               std::stop_token stop = {});

}  // namespace asfs
