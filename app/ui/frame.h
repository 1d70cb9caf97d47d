// What every view is given: the state to show, what to remember, and where to put what the person asked for.
#pragma once

#include <imgui.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "app/model/actions.h"
#include "app/model/app_state.h"
#include "app/ui/ui_state.h"

namespace asfs {

struct Frame {
  const AppState& state;
  UiState& ui;
  double now;
  std::vector<Action>& actions;

  void ask(Action action) { actions.push_back(std::move(action)); }
  /// Something moves by itself: draw again within `seconds`.
  void again_in(double seconds) { ui.next_frame_in = std::min(ui.next_frame_in, seconds); }
  /// Our upload of this video to this platform; nullptr: none runs.
  const RunningUpload* running(std::string_view video_id, std::size_t destination) const {
    for (const auto& upload : *state.running)
      if (upload->destination == destination && upload->video_id == video_id) return upload.get();
    return nullptr;
  }
  /// The same for one that waits in the queue.
  const QueueTurn* waiting(std::string_view video_id, std::size_t destination) const {
    return state.waiting->empty() ? nullptr : state.waiting->find(upload_key(video_id, destination));
  }
  /// "Allow duplicates" of this video, while the library does not have it yet; else nullptr.
  const FlippedSwitch* flipped(std::string_view video_id) const {
    if (!state.flipped) return nullptr;
    const auto found = state.flipped->find(video_id);
    return found == state.flipped->end() ? nullptr : &found->second;
  }
  /// The destinations, as the columns of the table.
  std::span<const DestinationColumn> columns() const {
    return state.info ? std::span<const DestinationColumn>(state.info->columns)
                      : std::span<const DestinationColumn>();
  }
  /// What stands in the tables, and what people read.
  const std::string& name_at(std::size_t column) const { return columns()[column].destination.name; }
  const std::string& caption_at(std::size_t column) const { return columns()[column].destination.caption; }
  /// What stands beside the platform's icon: another account need not repeat the platform.
  const char* short_caption_at(std::size_t column) const {
    const Destination& one = columns()[column].destination;
    const bool own_words = one.caption != one.name || one.account().empty();
    return own_words ? one.caption.c_str() : one.account().data();
  }
  std::optional<std::size_t> column_of(std::string_view destination) const {
    for (std::size_t i = 0; i < columns().size(); ++i)
      if (name_at(i) == destination) return i;
    return std::nullopt;
  }
  /// False for an account that was removed while the window is open: nothing is shown of it.
  bool there(std::size_t column) const { return !columns()[column].destination.removed; }
  /// It is there, and not hidden.
  bool shown(std::size_t column) const { return ui.shown[column]; }
  /// What people read for a name that stands in the tables.
  std::string_view caption_of(std::string_view destination) const {
    const auto column = column_of(destination);
    return column ? std::string_view(caption_at(*column)) : destination;
  }
  /// nullptr before it is known.
  const AccountView* account(std::size_t column) const {
    const Accounts* all = state.accounts.get();
    return all && column < all->size() ? &(*all)[column] : nullptr;
  }
  bool practice() const { return state.info && !state.info->practice_url.empty(); }
};

/// What a click waits for.
inline constexpr const char* kWaitsForLibrary =
    "Waiting for the library: another program is writing to it. This is saved as soon as that is done.";

inline constexpr double kAnimation = 1.0 / 60;  ///< again_in() of what moves smoothly

}  // namespace asfs
