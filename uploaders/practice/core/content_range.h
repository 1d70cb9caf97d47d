// The Content-Range header of an upload request: `bytes FIRST-LAST/TOTAL`, where TOTAL may be `*`, or `bytes
// */TOTAL`, which carries no bytes and asks how far the upload has got. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace asfs::practice {

struct ContentRange {
  bool asks = false;  ///< `*` in place of the bytes
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;

  std::uint64_t length() const { return asks ? 0 : last - first + 1; }
};

/// Nothing when it is not such a header or its numbers contradict each other.
std::optional<ContentRange> parse_content_range(std::string_view header);

/// A decimal number and nothing else.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace asfs::practice
