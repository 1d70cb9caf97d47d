// Where the page of a failure is kept, and how an upload's message names it, so that it can be opened from
// there. Paths are relative to the library.
#pragma once

#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "registry/store/library.h"

namespace asfs::web {

/// A folder that is not there yet: `logs/browser/2026-11-27T08.15.00_tiktok`. Of those that are, the oldest
/// go when there are more than a hundred.
std::string new_kept_page(const Library& library, std::string_view platform, TimePoint now);

/// The message with the folder behind it.
std::string with_kept_page(std::string_view message, std::string_view folder);
/// The picture of the page that a message names: `logs/browser/…/page.jpg`; "" when it names none.
std::string kept_page_in(std::string_view message);

}  // namespace asfs::web
