// HTTP over libcurl: one request at a time, streamed both ways, TLS always verified, no redirects followed.
// Whoever sends takes an Http, so that a simulated world can answer in its place.
//
// An HttpClient keeps its connection for the next request; use it from one thread at a time. Plain http is
// refused before anything is sent unless the host is loopback, so that a token cannot leak by a mistake in a
// config file. A proxy named in the environment is used, but never for loopback. Nothing that is sent or
// received is ever logged, and error messages name the host alone: a URL may hold an upload's secret.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/result.h"

namespace asfs {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// A request body read while it is sent.
struct HttpBody {
  std::uint64_t size = 0;
  std::function<Result<std::size_t>(std::span<std::byte>)> read;
  /// The last byte is read when all before it has been taken over by the other side, as far as can be seen
  /// from here: a connection that breaks earlier has not seen it.
  bool last_byte_waits = false;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string content;  ///< the body, unless `body` is given
  std::optional<HttpBody> body;
  std::function<void(std::uint64_t sent)>
      on_progress;  ///< about once a second at least, also while nothing moves
  std::chrono::seconds connect_timeout{20};
  std::chrono::seconds stall_timeout{60};   ///< given up when no byte moves for this long
  std::chrono::seconds answer_timeout{60};  ///< for the whole of an answer, from its first byte on
  std::stop_token stop;
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;  ///< at most 1 MiB, the rest is dropped; `***` in place of what was secret in the request
  std::optional<std::string> header(
      std::string_view name) const;  ///< the last one of that name, case ignored
  /// `Retry-After` as a time, given in seconds or as a date; never before `now`, at most a day later.
  std::optional<TimePoint> retry_after(TimePoint now) const;
};

struct HttpError {
  enum class Kind : std::uint8_t {
    refused,    ///< the URL is not allowed (plain http to a foreign host, no URL at all)
    connect,    ///< no connection (no name, no route, refused, no way through the proxy): nothing was sent
    tls,        ///< the server's certificate was not accepted: nothing was sent
    broken,     ///< the connection broke, or stalled, once it stood: the server may have seen everything
    cancelled,  ///< `stop` was requested
    body,       ///< reading the request body failed; `cause` says why
  };
  Kind kind = Kind::broken;
  std::string message;
  std::optional<Error> cause;
  bool offline() const { return kind == Kind::connect || kind == Kind::tls; }
};

class Http {
 public:
  virtual ~Http() = default;
  virtual std::expected<HttpResponse, HttpError> send(const HttpRequest& request) = 0;
};

/// Makes a client for one uploader.
using HttpMaker = std::function<std::unique_ptr<Http>()>;

class HttpClient final : public Http {
 public:
  HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient() override;

  /// PEM file of trusted certificates in place of the system's (tests over TLS).
  void trust(std::string ca_file);

  std::expected<HttpResponse, HttpError> send(const HttpRequest& request) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The real ones.
std::unique_ptr<Http> make_http_client();

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
