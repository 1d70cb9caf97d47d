// What is asked over HTTP, and what is answered.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
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

/// Whether this can be sent as a header's name, or value: nothing in it ends the line.
bool is_header_name(std::string_view name);
bool is_header_value(std::string_view value);

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

}  // namespace asfs
