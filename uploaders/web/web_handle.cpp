#include "uploaders/web/web_handle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <span>

#include "registry/base/json.h"

namespace asfs::web {
namespace {

constexpr std::string_view kMark = "web1";
constexpr std::size_t kNewest = 40;

std::string or_none(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::vector<std::string> parts_of(std::string_view text, char mark) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = std::min(text.find(mark), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string handle_text(const WebHandle& handle) {
  const std::span newest(handle.before.data(), std::min(handle.before.size(), kNewest));
  return fmt::format("{} {} {} {} {} {}", kMark, handle.platform, or_none(handle.account),
                     or_none(handle.draft), handle.since, or_none(fmt::format("{}", fmt::join(newest, ","))));
}

std::optional<WebHandle> parse_web_handle(std::string_view text) {
  const auto parts = parts_of(text, ' ');
  if (parts.size() != 6 || parts[0] != kMark) return std::nullopt;
  const auto known = [](const std::string& part) { return part == "-" ? std::string() : part; };
  WebHandle handle{.platform = parts[1], .account = known(parts[2]), .draft = known(parts[3])};
  std::from_chars(parts[4].data(), parts[4].data() + parts[4].size(), handle.since);
  if (parts[5] != "-")
    for (const std::string& id : parts_of(parts[5], ','))
      if (is_plain_id(id)) handle.before.push_back(id);
  return handle;
}

}  // namespace asfs::web
