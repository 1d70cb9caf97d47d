// The top of the window: name, library, search, Refresh, Upload All Pending; banners; the filter chips.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

void draw_top_bar(Frame& frame);
/// "Practice mode", and why the library cannot be read just now.
void draw_banners(Frame& frame);
void draw_filter_chips(Frame& frame);

/// Uploads that "Upload All Pending" would start.
std::uint64_t pending_total(const Frame& frame);

/// Back to every video, without a search.
void clear_query(Frame& frame);

}  // namespace asfs
