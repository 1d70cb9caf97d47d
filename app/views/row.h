// One video as a row of the table: what each cell shows, and what its switch and buttons ask for.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

/// Where the columns stand. There is a place for every destination that can be, so that the others stay where
/// they are when one is added.
inline constexpr int kTitle = 0, kDuration = 1, kFirstDestination = 2;
inline constexpr int kDuplicates = kFirstDestination + static_cast<int>(kMostDestinations);
inline constexpr int kActions = kDuplicates + 1, kPath = kActions + 1, kColumns = kPath + 1;

inline constexpr float kNumberInset = 8;  ///< numbers end this far from the right edge of their cell

/// Logical pixels that the buttons need, with their names or without.
float actions_width(const Frame& frame, bool named);

inline constexpr float kCheckInset = 32;  ///< what the check box takes of the title's cell

/// Inside the table's BeginMultiSelect(). `place`: in the order of the table; `body_top`: where the rows
/// begin below the header; `index`: of the video in its snapshot.
void draw_row(Frame& frame, const VideoView& video, std::uint32_t index, int place, float body_top);

/// What a press of a destination's button leads to: the confirmation, or the question that stands in its way.
Dialog upload_question(const Frame& frame, const VideoView& video, std::size_t destination);

}  // namespace asfs
