// The platforms that have a column in the window, by the names that stand in the shared tables.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace asfs {

/// The platforms that have a column. Their order is the order of the window's columns.
inline constexpr std::array<std::string_view, 3> kPlatformNames{"Instagram", "TikTok", "YouTube"};
inline constexpr std::size_t kPlatformCount = kPlatformNames.size();

/// Index in kPlatformNames (exact spelling), or nullopt.
constexpr std::optional<std::size_t> platform_index(std::string_view name) {
  for (std::size_t i = 0; i < kPlatformCount; ++i)
    if (kPlatformNames[i] == name) return i;
  return std::nullopt;
}

}  // namespace asfs
