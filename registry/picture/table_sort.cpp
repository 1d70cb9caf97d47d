#include "registry/picture/table_sort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

namespace asfs {
namespace {

/// What is compared, in this order: the query's column, then creation time, then id, then the place in the
/// picture.
constexpr std::size_t kColumns = 3;

struct Column {
  bool is_text;
  TextColumn text;  ///< when is_text
  SortKey number;   ///< otherwise
  bool descending;
  std::size_t destination = 0;
};

std::array<Column, kColumns> columns_of(const TableQuery& query) {
  Column first{.is_text = true,
               .text = TextColumn::created_at,
               .number = query.sort,
               .descending = query.descending,
               .destination = query.destination};
  switch (query.sort) {
    case SortKey::created:
      break;
    case SortKey::title:
      first.text = TextColumn::title;
      break;
    case SortKey::file_path:
      first.text = TextColumn::file_path;
      break;
    case SortKey::duration:
    case SortKey::destination:
    case SortKey::duplicates:
      first.is_text = false;
      break;
  }
  return {first, Column{true, TextColumn::created_at, {}, true}, Column{true, TextColumn::id, {}, false}};
}

/// A number that sorts as the upload's need of a person does.
std::uint64_t rank_of(const UploadView& upload) {
  if (!upload.present) return 6;
  if (!upload.status) return 1;
  constexpr std::array<std::uint64_t, kUploadStatusCount> ranks{
      6,  // PENDING
      5,  // IN_PROGRESS
      7,  // SUCCESS
      3,  // FAILED
      2,  // FAILED_FINAL
      0,  // BLOCKED
      4,  // RATE_LIMITED
  };
  return ranks[static_cast<std::size_t>(*upload.status)];
}

/// Sorts as the number does.
std::uint64_t sortable(double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number);  // -0.0 equals 0.0
  constexpr std::uint64_t sign = std::uint64_t(1) << 63;
  return bits & sign ? ~bits : bits | sign;
}

std::uint64_t number_in(const RowRef& at, const Column& column) {
  const VideoView video = at.snapshot->video(at.row);
  switch (column.number) {
    case SortKey::destination:
      return column.destination < video.uploads.size() ? rank_of(video.uploads[column.destination]) : 0;
    case SortKey::duplicates:
      return video.duplicate_allowed;
    case SortKey::duration:
    case SortKey::created:
    case SortKey::title:
    case SortKey::file_path:  // texts
      return sortable(video.duration);
  }
  std::unreachable();
}

unsigned char folded(char c) {
  return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

std::strong_ordering compare_text(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i)
    if (const auto order = folded(a[i]) <=> folded(b[i]); order != 0) return order;
  return a.size() <=> b.size();
}

std::strong_ordering compare_column(const Column& column, const RowRef& a, const RowRef& b) {
  const auto order = column.is_text ? compare_text(a.snapshot->text(a.row, column.text),
                                                   b.snapshot->text(b.row, column.text))
                                    : number_in(a, column) <=> number_in(b, column);
  return column.descending ? 0 <=> order : order;
}

std::strong_ordering compare_from(const std::array<Column, kColumns>& columns, std::size_t first,
                                  const RowRef& a, const RowRef& b) {
  for (std::size_t i = first; i < kColumns; ++i)
    if (const auto order = compare_column(columns[i], a, b); order != 0) return order;
  return a.row <=> b.row;
}

/// Ends a sort from within.
struct Stopped {};

/// Sorts by eight bytes of a column at a time, kept beside the row number, so that most comparisons touch no
/// text: first by the first eight, then every group of equal ones by the next eight, and so on.
class Sorter {
 public:
  Sorter(const Snapshot& snapshot, const TableQuery& query, std::stop_token stop)
      : snapshot_(snapshot), columns_(columns_of(query)), stopped_(std::move(stop)) {}

  /// Throws Stopped.
  void sort(std::span<std::uint32_t> rows) {
    std::vector<Item> items(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) items[i].row = rows[i];
    sort(items, 0, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = items[i].row;
  }

 private:
  struct Item {
    std::uint64_t key = 0;
    std::uint32_t row = 0;
  };
  static constexpr std::size_t kStep = sizeof(Item::key);
  static constexpr std::size_t kFew = 24;    ///< so few are compared whole
  static constexpr std::size_t kDeep = 512;  ///< texts that are equal so far, too: bounds the recursion

  void sort(std::span<Item> items, std::size_t column, std::size_t depth) {
    if (items.size() < kFew || column == kColumns || depth > kDeep) {
      std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
        go_on();
        return compare_from(columns_, column, {&snapshot_, a.row}, {&snapshot_, b.row}) < 0;
      });
      return;
    }
    const bool is_last_step = set_keys(items, columns_[column], depth);
    sort_by_key(items);
    for (auto begin = items.begin(); begin != items.end();) {
      const auto end =
          std::find_if(begin, items.end(), [&](const Item& item) { return item.key != begin->key; });
      const std::span<Item> group(begin, end);
      if (is_last_step)
        sort(group, column + 1, 0);
      else
        sort(group, column, depth + kStep);
      begin = end;
    }
  }

  /// True when rows with equal keys are equal in this column.
  bool set_keys(std::span<Item> items, const Column& column, std::size_t depth) {
    if (!column.is_text) {
      for (Item& item : items) {
        go_on();
        const std::uint64_t key = number_in({&snapshot_, item.row}, column);
        item.key = column.descending ? ~key : key;
      }
      return true;
    }
    std::size_t longest = 0, shortest = SIZE_MAX;
    for (Item& item : items) {
      go_on();
      const std::string_view text = snapshot_.text(item.row, column.text);
      longest = std::max(longest, text.size());
      shortest = std::min(shortest, text.size());
      const std::uint64_t key = key_at(text, depth);
      item.key = column.descending ? ~key : key;
    }
    // The end of a text and a NUL in it give the same key: those of different length are compared whole,
    // later.
    return longest == shortest && longest <= depth + kStep;
  }

  void go_on() {
    if (stopped_()) throw Stopped();
  }

  static std::uint64_t key_at(std::string_view text, std::size_t depth) {
    std::uint64_t key = 0;
    for (std::size_t i = depth; i < depth + kStep; ++i)
      key = (key << 8) | (i < text.size() ? folded(text[i]) : 0);
    return key;
  }

  /// Rows often stand in this order or in its reverse already. Equal ones go by row, so that what is looked
  /// at next lies close together.
  void sort_by_key(std::span<Item> items) {
    const auto less = [](const Item& a, const Item& b) { return a.key < b.key; };
    const auto greater = [](const Item& a, const Item& b) { return a.key > b.key; };
    const auto by_key_and_row = [this](const Item& a, const Item& b) {
      go_on();
      return a.key != b.key ? a.key < b.key : a.row < b.row;
    };
    if (std::is_sorted(items.begin(), items.end(), less)) return;
    if (std::is_sorted(items.begin(), items.end(), greater))
      std::reverse(items.begin(), items.end());
    else
      std::sort(items.begin(), items.end(), by_key_and_row);
  }

  const Snapshot& snapshot_;
  const std::array<Column, kColumns> columns_;
  StopCheck stopped_;
};

}  // namespace

std::strong_ordering compare_rows(const TableQuery& query, RowRef a, RowRef b) {
  return compare_from(columns_of(query), 0, a, b);
}

bool sort_rows(const Snapshot& snapshot, const TableQuery& query, std::span<std::uint32_t> rows,
               std::stop_token stop) {
  try {
    Sorter(snapshot, query, std::move(stop)).sort(rows);
    return true;
  } catch (const Stopped&) {
    return false;
  }
}

}  // namespace asfs
