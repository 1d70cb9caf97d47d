// A whole table, row by row, and the rows of others to its: for loads of everything, where a look-up for each
// row, or a step for each, would be most of the work.
//
// A failing read throws SqliteError.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <new>
#include <span>
#include <string_view>

#include "registry/base/sqlite.h"

namespace asfs {

/// One row of a query, a value for each column.
using RowValues = std::span<sqlite3_value* const>;

/// As SQLite converts it; valid as long as the row is. SQLite allows this on the values of a query only where
/// a connection has one thread, as Database has.
inline std::string_view text_of(sqlite3_value* value) {
  const void* data = sqlite3_value_text(value);
  if (!data) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

/// Gives every row of a table to `take`, in the order they are stored in. SQLite calls it inside one step, as
/// a function that the query evaluates: that costs about a third less than stepping from row to row and
/// asking for each column. `take` may ask the database nothing.
template <class Take>
void for_each_row(Database& db, std::string_view table, std::string_view columns, Take take) {
  const auto call = [](sqlite3_context* context, int count, sqlite3_value** values) {
    try {
      (*static_cast<Take*>(sqlite3_user_data(context)))(RowValues(values, static_cast<std::size_t>(count)));
    } catch (const std::bad_alloc&) {
      sqlite3_result_error_nomem(context);
    }
  };
  constexpr int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;  // not for the views and triggers of a strange file
  if (sqlite3_create_function_v2(db.handle(), "asfs_take", -1, flags, &take, call, nullptr, nullptr, nullptr))
    throw SqliteError(sqlite3_extended_errcode(db.handle()), sqlite3_errmsg(db.handle()));
  db.execute(fmt::format("SELECT 1 FROM {} NOT INDEXED WHERE asfs_take({})", table, columns).c_str());
}

}  // namespace asfs
