// What a person has to know before uploads go through a browser.
#pragma once

#include <string>
#include <string_view>

namespace asfs::web {

/// A few sentences a line.
std::string terms_notice(std::string_view platform);

}  // namespace asfs::web
