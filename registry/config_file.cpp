#include "registry/config_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace asfs {

using nlohmann::json;

Result<json> parse_config(std::string_view text, const std::string& name, std::string_view without) {
  try {
    return json::parse(text, nullptr, true, true);
  } catch (const json::out_of_range&) {
    return fail(Code::library, fmt::format("{}: a number in it is too large", name));
  } catch (const json::parse_error& error) {
    const std::string_view before = text.substr(0, std::min(error.byte ? error.byte - 1 : 0, text.size()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto column = before.size() - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
    return fail(Code::library,
                fmt::format("{}:{}:{}: this is not valid JSON; correct it, or delete the file to have {}",
                            name, line, column, without));
  }
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
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
