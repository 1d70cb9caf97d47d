// What a person asks of the window's table: order, filter, search.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "registry/store/destinations.h"

namespace asfs {

enum class SortKey : std::uint8_t {
  created,
  title,
  duration,
  destination,  ///< which, TableQuery says
  duplicates,
  file_path
};

/// Which videos a filter shows: those with such an upload on any of the destinations that it looks at. The
/// order is that of the filter chips.
enum class StatusFilter : std::uint8_t {
  all,
  not_uploaded,
  uploading,
  uploaded,
  failed,
  needs_you,
  rate_limited
};
inline constexpr std::size_t kStatusFilterCount = 7;

/// Texts are sorted without regard to ASCII case; a destination's column by who needs a person first:
/// blocked, unknown words, failed for good, failed, rate limited, uploading, not uploaded, uploaded. Equal
/// rows: the newest first in both directions, then by id.
struct TableQuery {
  SortKey sort = SortKey::created;
  std::size_t destination = 0;  ///< its place, for SortKey::destination
  bool descending = true;
  StatusFilter filter = StatusFilter::all;
  DestinationChoice where = kEveryDestination;  ///< what filters and their counts look at
  std::string search;  ///< in title, id, path, post ids and errors; case does not matter

  bool operator==(const TableQuery&) const = default;
};

}  // namespace asfs
