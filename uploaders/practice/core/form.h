// Forms as browsers and clients send them (application/x-www-form-urlencoded). Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace asfs::practice {

/// Adds the decoded pairs; a name that is there already gets the new value.
void add_form(std::string_view text, std::map<std::string, std::string>& params);

/// Text as it stands in HTML, also between double quotes.
std::string as_html(std::string_view text);

}  // namespace asfs::practice
