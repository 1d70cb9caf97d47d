#include "registry/base/same_moment.h"

namespace asfs {
namespace {

/// Moves when another connection has committed; within a transaction it begins the reading, and stays.
std::int64_t commits_of_others(Database& db) {
  return db.query_int("PRAGMA data_version");
}

}  // namespace

SameMoment::SameMoment(Database& first, Database& second) {
  // The second one begins between two looks of the first: where nothing was committed between these, both
  // read the same.
  for (;;) {
    const auto before = commits_of_others(first);
    if (&first != &second) {
      second_.emplace(second);
      commits_of_others(second);
    }
    first_.emplace(first);
    if (commits_of_others(first) == before) return;
    first_.reset();
    second_.reset();
  }
}

}  // namespace asfs
