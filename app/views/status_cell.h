// One platform's state of one video: icon and word, or the progress of the upload that runs.
#pragma once

#include "app/model/label.h"
#include "app/ui/frame.h"

namespace asfs {

void draw_status_cell(Frame& frame, const VideoView& video, std::size_t destination, ImVec2 min, ImVec2 max);

/// For the item before: time, post id, retries and the whole error.
void draw_status_tooltip(Frame& frame, const VideoView& video, std::size_t destination);

/// `Sending 43 %`, `Cancelling`
Label<48> step_label(const RunningUpload& running);

/// What its cancel button does: "" for what it says.
std::string_view cancel_hint(const RunningUpload& running);

/// 0 .. 1, or below 0 while it is not known.
float fraction_of(const RunningUpload& running);

}  // namespace asfs
