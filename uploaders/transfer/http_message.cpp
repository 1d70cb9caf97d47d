#include "uploaders/transfer/http_message.h"

#include <curl/curl.h>
#include <strings.h>

#include <algorithm>
#include <charconv>

#include "registry/base/text.h"

namespace asfs {

std::optional<std::string> HttpResponse::header(std::string_view name) const {
  for (auto it = headers.rbegin(); it != headers.rend(); ++it)
    if (it->first.size() == name.size() && ::strncasecmp(it->first.data(), name.data(), name.size()) == 0)
      return it->second;
  return std::nullopt;
}

std::optional<TimePoint> HttpResponse::retry_after(TimePoint now) const {
  const auto value = header("Retry-After");
  if (!value || value->empty()) return std::nullopt;
  constexpr std::int64_t kLongest = 24 * 3600;
  if (std::ranges::all_of(*value, [](unsigned char c) { return c >= '0' && c <= '9'; })) {
    const std::int64_t seconds = value->size() > 7 ? kLongest : std::atol(value->c_str());
    return now + std::chrono::seconds(std::min(seconds, kLongest));
  }
  const time_t date = curl_getdate(value->c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const std::int64_t away = date - unix_millis(now) / 1000;  // a TimePoint does not reach to the year 9999
  return now + std::chrono::seconds(std::clamp<std::int64_t>(away, 0, kLongest));
}

bool is_header_name(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](unsigned char c) { return c > ' ' && c < 0x7f && c != ':'; });
}

bool is_header_value(std::string_view value) {
  return std::ranges::none_of(value, [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

}  // namespace asfs
