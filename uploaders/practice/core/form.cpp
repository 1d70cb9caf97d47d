#include "uploaders/practice/core/form.h"

#include <ranges>

#include "uploaders/transfer/http.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::practice {

void add_form(std::string_view text, std::map<std::string, std::string>& params) {
  for (const auto part : text | std::views::split('&')) {
    const std::string_view pair(part.begin(), part.end());
    const auto equals = pair.find('=');
    if (equals != pair.npos)
      params[form_decode(pair.substr(0, equals))] = form_decode(pair.substr(equals + 1));
  }
}

std::string as_html(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

}  // namespace asfs::practice
