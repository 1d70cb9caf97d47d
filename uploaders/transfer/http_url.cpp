// The URL half of http.h. libcurl's own parser is asked, so that what is checked is what is connected to.
#include "uploaders/transfer/http_url.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace asfs {

bool UrlOrigin::loopback() const {
  return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

std::optional<UrlOrigin> url_origin(std::string_view url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  const std::size_t authority = url.find("://") + 3;
  // libcurl forgives a third slash, and would end at the NUL.
  constexpr std::size_t kLongest = 8192;  // an address that a platform names is stored
  if (url.size() > kLongest || authority < 4 || url.substr(authority).starts_with('/') ||
      url.find('\0') != url.npos)
    return std::nullopt;
  if (curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), CURLU_DISALLOW_USER) != CURLUE_OK)
    return std::nullopt;
  const auto part = [&parsed](CURLUPart which) {
    char* text = nullptr;
    std::string copy;
    if (curl_url_get(parsed.get(), which, &text, CURLU_DEFAULT_PORT) == CURLUE_OK) copy = text;
    curl_free(text);
    return copy;
  };
  UrlOrigin origin;
  origin.scheme = part(CURLUPART_SCHEME);
  origin.host = part(CURLUPART_HOST);
  std::ranges::transform(origin.host, origin.host.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
  });
  origin.port = std::atoi(part(CURLUPART_PORT).c_str());
  origin.rest = std::string(url.substr(std::min(url.find_first_of("/?#", authority), url.size())));
  if (origin.scheme != "http" && origin.scheme != "https") return std::nullopt;
  return origin;
}

bool url_is_safe(std::string_view url) {
  const auto origin = url_origin(url);
  return origin && (origin->scheme == "https" || origin->loopback());
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const unsigned char c : text) {
    if (kPlain.find(static_cast<char>(c)) != kPlain.npos)
      encoded += static_cast<char>(c);
    else
      encoded += fmt::format("%{:02X}", c);
  }
  return encoded;
}

std::string form_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const bool escaped =
        text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3;
    out += escaped ? static_cast<char>(value) : text[i] == '+' ? ' ' : text[i];
    if (escaped) i += 2;
  }
  return out;
}

}  // namespace asfs
