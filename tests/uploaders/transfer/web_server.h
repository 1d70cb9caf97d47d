// A web server of a few lines, and requests to it.
#pragma once

#include <httplib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "uploaders/transfer/http.h"

namespace asfs::test {

// A well-behaved server of a few lines.
class WebServer {
 public:
  explicit WebServer(const char* host = "127.0.0.1") : WebServer([](httplib::Server&) {}, host) {}
  /// `prepare` says what it answers before anybody can ask, for clients that are other processes.
  explicit WebServer(const std::function<void(httplib::Server&)>& prepare, const char* host = "127.0.0.1") {
    prepare(server);
    port_ = server.bind_to_any_port(host);
    if (port_ > 0) thread_ = std::jthread([this] { server.listen_after_bind(); });
    if (port_ > 0) server.wait_until_ready();
  }
  ~WebServer() { server.stop(); }
  int port() const { return port_; }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

  httplib::Server server;

 private:
  int port_ = -1;
  std::jthread thread_;
};

inline HttpRequest request_to(std::string url, std::string method = "GET") {
  HttpRequest request;
  request.url = std::move(url);
  request.method = std::move(method);
  request.stall_timeout = std::chrono::seconds(10);
  return request;
}

// A body of `size` bytes, byte i being i modulo 251.
inline HttpBody pattern(std::uint64_t size) {
  return {size, [size, at = std::uint64_t{0}](std::span<std::byte> room) mutable -> Result<std::size_t> {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), size - at));
            for (std::size_t i = 0; i < length; ++i) room[i] = static_cast<std::byte>((at + i) % 251);
            at += length;
            return length;
          }};
}

inline std::string pattern_text(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i % 251);
  return text;
}

inline constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

}  // namespace asfs::test
