#include "uploaders/practice/core/content_range.h"

#include <charconv>
#include <limits>

namespace asfs::practice {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // The database keeps signed numbers.
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (error != std::errc() || end != text.data() + text.size() || value >= most) return std::nullopt;
  return value;
}

std::optional<ContentRange> parse_content_range(std::string_view header) {
  if (!header.starts_with("bytes ")) return std::nullopt;
  header.remove_prefix(6);
  const auto slash = header.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view bytes = header.substr(0, slash);
  const std::string_view total = header.substr(slash + 1);

  ContentRange range;
  if (total != "*" && !(range.total = parse_number(total))) return std::nullopt;
  if (bytes == "*") {
    range.asks = true;
    return range;
  }
  const auto dash = bytes.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_number(bytes.substr(0, dash));
  const auto last = parse_number(bytes.substr(dash + 1));
  if (!first || !last || *first > *last || (range.total && *last >= *range.total)) return std::nullopt;
  range.first = *first;
  range.last = *last;
  return range;
}

}  // namespace asfs::practice
