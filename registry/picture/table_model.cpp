#include "registry/picture/table_model.h"

#include <algorithm>
#include <utility>

#include "registry/base/text.h"
#include "registry/picture/table_sort.h"

namespace asfs {
namespace {

/// Finding the place of one changed row costs about as much as sorting this many anew.
constexpr std::size_t kCostOfPatch = 16;

constexpr unsigned bit(StatusFilter filter) {
  return 1u << static_cast<unsigned>(filter);
}

unsigned filters_of(const UploadView& upload) {
  if (!upload.present) return bit(StatusFilter::not_uploaded);
  if (!upload.status) return 0;
  constexpr std::array<unsigned, kUploadStatusCount> filters{
      bit(StatusFilter::not_uploaded),  // PENDING
      bit(StatusFilter::uploading),     // IN_PROGRESS
      bit(StatusFilter::uploaded),      // SUCCESS
      bit(StatusFilter::failed),        // FAILED
      bit(StatusFilter::failed),        // FAILED_FINAL
      bit(StatusFilter::needs_you),     // BLOCKED
      bit(StatusFilter::rate_limited),  // RATE_LIMITED
  };
  const unsigned bits = filters[static_cast<std::size_t>(*upload.status)];
  // A post with a note: its platform rejected or hid it later.
  const bool noted = *upload.status == UploadStatus::success && !upload.error.empty() && !upload.without_row;
  return noted ? bits | bit(StatusFilter::needs_you) : bits;
}

/// The filters that show a video, as bits.
unsigned filters_of(const VideoView& video, const DestinationChoice& where) {
  unsigned bits = bit(StatusFilter::all);
  for (std::size_t i = 0; i < video.uploads.size(); ++i)
    if (where[i]) bits |= filters_of(video.uploads[i]);
  return bits;
}

/// Where a query looks in a picture.
DestinationChoice places_of(const TableQuery& query, const Snapshot& snapshot) {
  return query.where & snapshot.destinations().there();
}

/// What a video counts for.
class Counter {
 public:
  Counter(TableModel& model)
      : model_(model),
        where_(places_of(model.query, *model.snapshot)),
        there_(model.snapshot->destinations().there()) {}

  void add(const VideoView& video) { count(video, 1); }
  void take_out(const VideoView& video) { count(video, UINT32_MAX); }

 private:
  void count(const VideoView& video, std::uint32_t by) {
    const unsigned bits = filters_of(video, where_);
    for (std::size_t i = 0; i < kStatusFilterCount; ++i)
      if (bits & (1u << i)) model_.filter_counts[i] += by;
    if (video.id.empty()) return;
    for (std::size_t i = 0; i < video.uploads.size(); ++i)
      if (there_[i] && is_pending(video.uploads[i])) model_.pending[i] += by;
  }

  TableModel& model_;
  const DestinationChoice where_, there_;
};

/// What the query lets through.
class Selection {
 public:
  Selection(const TableQuery& query, const Snapshot& snapshot)
      : filter_(query.filter), where_(places_of(query, snapshot)), needle_(fold_case(query.search)) {}

  bool shows(const VideoView& video) const { return shown_by(filter_, video, where_) && matches(video); }

  /// True when nothing is shown that `wider` does not show.
  bool is_within(const Selection& wider) const {
    const bool filter_within = wider.filter_ == filter_ || wider.filter_ == StatusFilter::all;
    return filter_within && needle_.find(wider.needle_) != std::string::npos;
  }

 private:
  bool matches(const VideoView& video) const {
    if (needle_.empty()) return true;
    for (const std::string_view text : {video.title, video.id, video.file_path})
      if (contains_folded(text, needle_)) return true;
    for (const UploadView& upload : video.uploads)
      if (contains_folded(upload.post_id, needle_) || contains_folded(upload.error, needle_)) return true;
    return false;
  }

  StatusFilter filter_;
  DestinationChoice where_;
  std::string needle_;
};

bool same_order(const TableQuery& a, const TableQuery& b) {
  return a.sort == b.sort && a.destination == b.destination && a.descending == b.descending;
}

// Each false when it was stopped.

bool build(TableModel& model, const std::stop_token& stop) {
  StopCheck stopped(stop);
  const Selection selection(model.query, *model.snapshot);
  Counter counter(model);
  for (std::uint32_t row = 0; row < model.snapshot->size(); ++row) {
    if (stopped()) return false;
    const VideoView video = model.snapshot->video(row);
    counter.add(video);
    if (selection.shows(video)) model.rows.push_back(row);
  }
  return sort_rows(*model.snapshot, model.query, model.rows, stop);
}

/// The rows before, less those that the new selection does not show.
bool narrow(TableModel& model, const TableModel& previous, const std::stop_token& stop) {
  StopCheck stopped(stop);
  const Selection selection(model.query, *model.snapshot);
  for (const std::uint32_t row : previous.rows) {
    if (stopped()) return false;
    if (selection.shows(model.snapshot->video(row))) model.rows.push_back(row);
  }
  model.filter_counts = previous.filter_counts;
  model.pending = previous.pending;
  return true;
}

/// Where the row of either picture stands, or would stand, among the rows of `previous`.
std::size_t place_of(const TableModel& previous, RowRef row) {
  const auto before = [&](std::uint32_t other, const RowRef& wanted) {
    return compare_rows(previous.query, {previous.snapshot.get(), other}, wanted) < 0;
  };
  return static_cast<std::size_t>(std::lower_bound(previous.rows.begin(), previous.rows.end(), row, before) -
                                  previous.rows.begin());
}

struct Insertion {
  std::size_t place;  ///< before the row that stands there now
  std::uint32_t row;
};

/// `rows` without those at the places `removed` and with those of `added`, both in ascending order of place.
std::vector<std::uint32_t> spliced(const std::vector<std::uint32_t>& rows,
                                   const std::vector<std::size_t>& removed,
                                   const std::vector<Insertion>& added) {
  std::vector<std::uint32_t> out;
  out.reserve(rows.size() + added.size() - removed.size());
  std::size_t copied = 0;
  auto gone = removed.begin();
  const auto copy_to = [&](std::size_t end) {
    out.insert(out.end(), rows.data() + copied, rows.data() + end);
    copied = end;
  };
  const auto advance_to = [&](std::size_t place) {
    for (; gone != removed.end() && *gone < place; ++gone) {
      copy_to(*gone);
      ++copied;
    }
    copy_to(place);
  };
  for (const auto& [place, row] : added) {
    advance_to(place);
    out.push_back(row);
  }
  advance_to(rows.size());
  return out;
}

/// Takes the rows that differ out of the order and puts them in anew.
bool patch(TableModel& model, const TableModel& previous, const std::vector<std::uint32_t>& changed,
           const std::stop_token& stop) {
  StopCheck stopped(stop);
  model.filter_counts = previous.filter_counts;
  model.pending = previous.pending;
  const Selection selection(model.query, *model.snapshot);
  Counter counter(model);
  std::vector<std::size_t> removed;
  std::vector<std::uint32_t> shown;
  for (const std::uint32_t row : changed) {
    if (stopped()) return false;
    if (row < previous.snapshot->size()) {
      counter.take_out(previous.snapshot->video(row));
      const std::size_t at = place_of(previous, {previous.snapshot.get(), row});
      if (at < previous.rows.size() && previous.rows[at] == row) removed.push_back(at);
    }
    if (row < model.snapshot->size()) {
      const VideoView video = model.snapshot->video(row);
      counter.add(video);
      if (selection.shows(video)) shown.push_back(row);
    }
  }
  std::sort(removed.begin(), removed.end());
  if (!sort_rows(*model.snapshot, model.query, shown, stop)) return false;
  std::vector<Insertion> added;
  for (const std::uint32_t row : shown)
    added.push_back({place_of(previous, {model.snapshot.get(), row}), row});
  model.rows = spliced(previous.rows, removed, added);
  return true;
}

bool leads(const SnapshotDelta& delta, const TableModel& from, const TableModel& to) {
  return delta.from == from.snapshot && delta.to == to.snapshot &&
         delta.rows.size() * kCostOfPatch < to.snapshot->size();
}

}  // namespace

bool is_pending(const UploadView& upload) {
  return !upload.present || (upload.status && is_pending(*upload.status));
}

bool shown_by(StatusFilter filter, const VideoView& video, const DestinationChoice& where) {
  return filters_of(video, where) & bit(filter);
}

std::shared_ptr<const TableModel> build_table(std::shared_ptr<const Snapshot> snapshot,
                                              const TableQuery& query, const TableModel* previous,
                                              const SnapshotDelta& delta, std::stop_token stop) {
  const bool same_picture = previous && previous->snapshot == snapshot;
  const bool same_query = previous && previous->query == query;
  if (same_picture && same_query) return std::make_shared<TableModel>(*previous);
  auto model = std::make_shared<TableModel>(TableModel{.snapshot = std::move(snapshot), .query = query});
  bool whole = false;
  if (same_picture && same_order(previous->query, query) && previous->query.where == query.where &&
      Selection(query, *model->snapshot).is_within(Selection(previous->query, *model->snapshot)))
    whole = narrow(*model, *previous, stop);
  else if (same_query && leads(delta, *previous, *model))
    whole = patch(*model, *previous, delta.rows, stop);
  else
    whole = build(*model, stop);
  return whole ? model : nullptr;
}

}  // namespace asfs
