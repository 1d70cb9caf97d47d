// URLs, and the encoding of their parts. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace asfs {

/// Scheme, host and port of a URL as they are connected to; nullopt when it is not an http or https URL,
/// holds spaces or control characters, or a user name.
struct UrlOrigin {
  std::string scheme, host;  ///< lower-case; an IPv6 host in brackets
  int port = 0;
  std::string rest;       ///< path and query, verbatim
  bool loopback() const;  ///< 127.0.0.1, [::1] or localhost
  bool operator==(const UrlOrigin& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};
std::optional<UrlOrigin> url_origin(std::string_view url);

/// True for https, and for http to a loopback host.
bool url_is_safe(std::string_view url);

std::string url_encode(std::string_view text);
/// The reverse, also of forms, where a blank is written as `+`; what is not encoded well stays as it is.
std::string form_decode(std::string_view text);

}  // namespace asfs
