// Hands something over to the desktop's own programs.
#pragma once

#include <string>

namespace asfs {

/// Whether a window can be opened at all.
bool has_display();

/// Opens an address or a folder with whatever the desktop opens such with. Takes two seconds at most; false
/// where there is no display, and when the desktop says within that time that it cannot. Any thread.
bool open_on_desktop(const std::string& target);

}  // namespace asfs
