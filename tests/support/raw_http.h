// A bare HTTP client on one socket, for tests that must see exactly what is sent, what comes back and how a
// connection ends. One request a connection.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/base/json.h"

namespace asfs::test {

struct RawAnswer {
  int status = 0;                              ///< 0: the connection ended without an answer
  bool reset = false;                          ///< and it ended by a reset
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  Json json() const { return Json::parse(body); }
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

class RawHttp {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  explicit RawHttp(int port) : port_(port), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error("cannot connect");
  }
  RawHttp(const RawHttp&) = delete;
  RawHttp& operator=(const RawHttp&) = delete;
  ~RawHttp() { ::close(socket_); }

  /// Sends what is given, or as much of it as the other side takes.
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// The request's head. Host is filled in unless given; no Content-Length is.
  void head(std::string_view method, std::string_view target, const Headers& headers) {
    std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    bool host = false;
    for (const auto& [name, value] : headers) {
      if (name == "Host") host = true;
      text += name + ": " + value + "\r\n";
    }
    if (!host) text += "Host: 127.0.0.1:" + std::to_string(port_) + "\r\n";
    write(text + "Connection: close\r\n\r\n");
  }

  RawAnswer answer() {
    RawAnswer answer;
    std::string text;
    char block[65536];
    ssize_t got = 0;
    while ((got = ::recv(socket_, block, sizeof block, 0)) > 0)
      text.append(block, static_cast<std::size_t>(got));
    answer.reset = got < 0 && errno == ECONNRESET;
    while (text.starts_with("HTTP/1.1 100")) text.erase(0, text.find("\r\n\r\n") + 4);
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) return answer;
    answer.status = std::stoi(text.substr(9, 3));
    answer.body = text.substr(end + 4);
    for (std::size_t at = text.find("\r\n") + 2; at < end;) {
      const auto next = text.find("\r\n", at);
      const auto colon = text.find(": ", at);
      std::string name = text.substr(at, colon - at);
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      answer.headers[name] = text.substr(colon + 2, next - colon - 2);
      at = next + 2;
    }
    return answer;
  }

  /// The end of what we send: the other side reads to the end of it.
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

 private:
  int port_;
  int socket_;
};

/// One whole request. A Content-Length is added unless `headers` has one or a Transfer-Encoding.
inline RawAnswer request(int port, std::string_view method, std::string_view target,
                         RawHttp::Headers headers = {}, std::string_view body = {}) {
  bool sized = false;
  for (const auto& [name, value] : headers)
    sized = sized || name == "Content-Length" || name == "Transfer-Encoding";
  if (!sized && method != "GET") headers.emplace_back("Content-Length", std::to_string(body.size()));
  RawHttp http(port);
  http.head(method, target, headers);
  http.write(body);
  return http.answer();
}

}  // namespace asfs::test
