// Files that are compiled into the executable: fonts, default config, pages.
// The names are those listed in assets/CMakeLists.txt. Any thread; the bytes live as long as the program.
#pragma once
#include <span>
#include <string_view>

// The bytes of an embedded file; empty when there is none of that name. One zero byte follows them.
std::span<const unsigned char> asset(std::string_view name);

// The same as text.
inline std::string_view asset_text(std::string_view name) {
  const auto bytes = asset(name);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
