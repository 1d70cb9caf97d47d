// The platforms that this program has, by the names that stand in the shared tables.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace asfs {

/// Once, before anything else, by main(): in the order of the window's columns. The names live as long as the
/// program.
void know_platforms(std::vector<std::string_view> names);
std::span<const std::string_view> known_platforms();

/// The part of a destination's name before the slash.
std::string_view platform_of(std::string_view destination);
/// On a platform that this program has, whether there is such an account or not.
bool is_on_known_platform(std::string_view destination);

}  // namespace asfs
