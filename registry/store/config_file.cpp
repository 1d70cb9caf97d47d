#include "registry/store/config_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs {

Result<Json> parse_config(std::string_view text, const std::string& name, std::string_view without) {
  auto document = parse_json(text, JsonComments::welcome);
  if (document) return *std::move(document);
  const JsonFault& fault = document.error();
  const auto place = fault.line == 0 ? name : fmt::format("{}:{}:{}", name, fault.line, fault.column);
  return fail(Code::library,
              fmt::format("{}: {}; correct it, or delete the file to have {}", place, fault.what, without));
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

namespace {

/// How many letters must be put in, taken out or changed to make one text of the other.
std::size_t letters_off(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), 0u);
  for (std::size_t i = 0; i < one.size(); ++i) {
    std::size_t before = row[0]++;
    for (std::size_t j = 0; j < other.size(); ++j) {
      const std::size_t changed = before + (one[i] == other[j] ? 0 : 1);
      before = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, before + 1, changed});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest_key(std::string_view key, const std::vector<std::string>& known) {
  constexpr std::size_t kLongest = 64;
  if (key.size() < 4 || key.size() > kLongest) return std::nullopt;
  const auto off = [folded = fold_case(key)](const std::string& one) {
    return letters_off(folded, fold_case(one));
  };
  const auto nearest = std::ranges::min_element(known, {}, off);
  return nearest != known.end() && off(*nearest) <= 2 ? std::optional(*nearest) : std::nullopt;
}

std::unexpected<Error> unknown_key(const std::string& name, const std::string& key,
                                   const std::vector<std::string>& known) {
  return fail(Code::library,
              fmt::format("{}: unknown key \"{}\"; known here: {}", name, key, fmt::join(known, ", ")));
}

bool is_safe_url(std::string_view url, bool query_allowed) {
  const bool plain_http = url.starts_with("http://");
  if (!plain_http && !url.starts_with("https://")) return false;
  for (const char c : url)
    if (c <= ' ' || c == 0x7F || c == '@' || c == '\\' || (!query_allowed && (c == '?' || c == '#')))
      return false;
  url.remove_prefix(url.find("//") + 2);
  const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  const std::size_t host_end = authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':');
  const std::string_view host = authority.substr(0, host_end);
  const std::string_view port = authority.substr(host.size());
  const bool port_fits = port.empty() || (port.starts_with(':') && port.size() > 1 && port.size() <= 6 &&
                                          port.find_first_not_of("0123456789", 1) == port.npos);
  if (!port_fits) return false;
  return !host.empty() && (!plain_http || host == "127.0.0.1" || host == "localhost" || host == "[::1]");
}

}  // namespace asfs
