// Where in a text something of its document stands, for people who are told what is wrong with it.
#pragma once

#include <cstddef>
#include <string_view>

namespace asfs {

struct TextPlace {
  std::size_t line = 1, column = 1;
};

/// Where the value of a JSON pointer (`/states/open/until/0`) begins in a text that parse_json() took,
/// comments and all; as near as possible where there is none. Keys with escapes in them are not found. Pure.
TextPlace place_in_json(std::string_view text, std::string_view pointer);

}  // namespace asfs
