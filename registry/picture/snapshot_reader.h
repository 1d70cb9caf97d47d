// Makes pictures of the registry (snapshot.h) and keeps them fresh.
//
// SnapshotReader owns its own read-only connection and belongs to one thread: it loads all once, then only
// the videos named in asfs_changes (kept by triggers, so other programs' writes count). It loads all again
// when there is no such log (a tool that rebuilds a table drops its triggers), when very much has changed,
// when the tables were altered, and when the file was replaced or an older copy restored into it.
//
// An IN_PROGRESS row that no living upload stands behind is shown as what it is, BLOCKED and "may be live"
// (unattended.h), and a post that is known although it has no row as what is known of it (known_posts.h). A
// failure leaves the last picture as it was.
#pragma once

#include <memory>
#include <stop_token>

#include "registry/base/result.h"
#include "registry/picture/snapshot.h"
#include "registry/store/library.h"

namespace asfs {

class SnapshotReader {
 public:
  using Delta = SnapshotDelta;

  /// `destinations` are those of its rows, for as long as it lives: who numbers them by a list of its own
  /// hands that in. Without it they are the library's as they are now.
  static Result<SnapshotReader> open(const Library& library, Destinations destinations);
  static Result<SnapshotReader> open(const Library& library);
  SnapshotReader(SnapshotReader&&) noexcept;
  SnapshotReader& operator=(SnapshotReader&&) noexcept;
  ~SnapshotReader();

  const Destinations& destinations() const;

  /// True when refresh() has something to look at: another connection has committed since (PRAGMA
  /// data_version), the file was replaced, or nothing was loaded yet. Cheap enough to ask many times a
  /// second.
  bool changed();

  /// The newest picture; the very same pointer when no video differs. On an error the last picture stays
  /// valid, and the next call tries again. Code::cancelled soon after a stop.
  Result<std::shared_ptr<const Snapshot>> refresh(std::stop_token stop = {});

  /// From the picture before the newest one to the newest one.
  const Delta& last_delta() const;

 private:
  struct State;
  explicit SnapshotReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace asfs
