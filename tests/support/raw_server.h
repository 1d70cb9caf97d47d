// A TCP server on loopback whose answers are written byte by byte: for what no HTTP library would do.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace asfs::test {

/// One accepted connection.
class RawConnection {
 public:
  RawConnection(int fd, const std::stop_token& stop) : fd_(fd), stop_(stop) {}

  /// The request's line and headers; what came of the body after them is in `rest`.
  std::string read_head(std::string* rest = nullptr) {
    std::string text;
    while (text.find("\r\n\r\n") == text.npos && read_some(text)) {
    }
    const std::size_t end = text.find("\r\n\r\n");
    if (end == text.npos) return {};
    if (rest) *rest = text.substr(end + 4);
    return text.substr(0, end + 2);
  }

  /// Reads until `bytes` came, or the other side is done.
  std::string read_bytes(std::size_t bytes, std::string already = {}) {
    while (already.size() < bytes && read_some(already)) {
    }
    return already;
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (n <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  /// Neither reads nor writes until the other side leaves or the server is destroyed.
  void idle() {
    while (!stop_.stop_requested()) {
      pollfd waiting{fd_, POLLRDHUP, 0};
      if (::poll(&waiting, 1, 20) > 0) return;
    }
  }

  /// Waits so long, or until the other side leaves; false then, and when the server is destroyed.
  bool is_there(std::chrono::milliseconds wait) {
    pollfd waiting{fd_, POLLRDHUP, 0};
    return ::poll(&waiting, 1, static_cast<int>(wait.count())) == 0 && !stop_.stop_requested();
  }

  /// The connection ends with a reset instead of a farewell.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }

 private:
  bool read_some(std::string& into) {
    char block[65536];
    while (!stop_.stop_requested()) {
      pollfd waiting{fd_, POLLIN, 0};
      if (::poll(&waiting, 1, 20) == 0) continue;
      const ssize_t n = ::recv(fd_, block, sizeof block, 0);
      if (n > 0) into.append(block, static_cast<std::size_t>(n));
      return n > 0;
    }
    return false;
  }

  int fd_;
  std::stop_token stop_;
};

class RawServer {
 public:
  /// `serve` is called for one connection after the other, on the server's thread.
  explicit RawServer(std::function<void(RawConnection&)> serve) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &length) != 0)
      throw std::runtime_error("cannot listen on loopback");
    port_ = ntohs(address.sin_port);
    thread_ =
        std::jthread([this, serve = std::move(serve)](const std::stop_token& stop) { run(stop, serve); });
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() {
    thread_.request_stop();
    thread_.join();
    ::close(listener_);
  }

  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  int connections() const { return connections_; }

 private:
  void run(const std::stop_token& stop, const std::function<void(RawConnection&)>& serve) {
    while (!stop.stop_requested()) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 20) <= 0) continue;
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      ++connections_;
      RawConnection connection(fd, stop);
      serve(connection);
      ::close(fd);
    }
  }

  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::jthread thread_;
};

}  // namespace asfs::test
