// HTTP over libcurl: one request at a time, streamed both ways, TLS always verified, no redirects followed.
// Whoever sends takes an Http, so that a simulated world can answer in its place.
//
// An HttpClient keeps its connection for the next request; use it from one thread at a time. Plain http is
// refused before anything is sent unless the host is loopback, so that a token cannot leak by a mistake in a
// config file. A proxy named in the environment is used, but never for loopback. Nothing that is sent or
// received is ever logged, and error messages name the host alone: a URL may hold an upload's secret.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "uploaders/transfer/http_message.h"

namespace asfs {

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

}  // namespace asfs
