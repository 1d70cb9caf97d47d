// The question before many uploads start: which platforms, when, and what will happen then.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

/// `videos` null: all that is pending. `later`: with a time to begin at.
void ask_bulk(Frame& frame, VideoIds videos, bool later);

/// The question is gone: a plan that is still being made is not waited for.
void drop_plan(Frame& frame, const ConfirmBulk& what);

/// True when it was answered.
bool draw_bulk_question(Frame& frame, ConfirmBulk& what);

}  // namespace asfs
