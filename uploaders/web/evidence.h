// What a page looked like when something failed in it: for people, who can then say what has changed.
#pragma once

#include <filesystem>
#include <string>

#include "uploaders/browser/page.h"

namespace asfs::web {

/// Writes page.jpg, page.mhtml and tree.json (the page for a screen reader) into a new folder, for nobody
/// else to read. What stands behind ? and # in addresses, and what password fields hold, is left out. As much
/// of it as can be had; false when nothing could.
bool keep_evidence(Page& page, const std::filesystem::path& folder);

/// A text without what stands behind ? and # in the addresses in it.
std::string without_queries(std::string_view text);

}  // namespace asfs::web
