// The dialog that gives one upload a time: "Later…" of a new one, "Change time…" of one that waits.
#pragma once

#include <string_view>

#include "app/ui/frame.h"

namespace asfs {

ChooseTime choose_time(const Frame& frame, std::string_view video_id, std::size_t destination,
                       std::string_view title);
ChooseTime change_time(const Frame& frame, const QueuedUpload& item);

/// True when it was answered.
bool draw_time_question(Frame& frame, ChooseTime& what);

}  // namespace asfs
