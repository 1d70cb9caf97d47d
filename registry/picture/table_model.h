// The rows of the window's table in the order and selection a person asked for, worked out away from the UI
// thread.
//
// build_table() is pure and runs on the reader's thread; the result is immutable and published together with
// its Snapshot, so the UI thread draws `rows[i]` without sorting, searching or allocating.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include "registry/picture/snapshot.h"
#include "registry/picture/table_query.h"

namespace asfs {

struct TableModel {
  std::shared_ptr<const Snapshot> snapshot;
  TableQuery query;
  std::vector<std::uint32_t> rows;  ///< snapshot indices in display order

  /// Videos that each filter would show where the query looks, search aside.
  std::array<std::uint32_t, kStatusFilterCount> filter_counts{};
  /// Uploads "Upload All Pending" would start, by destination; rows without an id cannot be uploaded.
  std::array<std::uint32_t, kMostDestinations> pending{};
};

/// True when "Upload All Pending" takes this upload: not uploaded, not running, not FAILED_FINAL, not
/// blocked, and no word that we do not know.
bool is_pending(const UploadView& upload);

/// True when the filter shows this video, by its uploads to those destinations.
bool shown_by(StatusFilter filter, const VideoView& video,
              const DestinationChoice& where = kEveryDestination);

/// The model of `snapshot`. Costs a sort unless `previous` (may be null) helps: it is patched when it has the
/// same query and `delta` leads from its picture to this one, and narrowed when the new query only shows less
/// of the same picture by the same destinations. A delta between other pictures is not used. Null soon after
/// a stop.
std::shared_ptr<const TableModel> build_table(std::shared_ptr<const Snapshot> snapshot,
                                              const TableQuery& query, const TableModel* previous,
                                              const SnapshotDelta& delta, std::stop_token stop = {});

}  // namespace asfs
