// Ends TLS in front of a plain server on loopback: what comes in is handed on byte by byte, both ways.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/support/certificates.h"

namespace asfs::test {

class TlsFront {
 public:
  TlsFront(const Certificates& certificates, int plain_port) : plain_port_(plain_port) {
    ::signal(SIGPIPE, SIG_IGN);
    context_.reset(SSL_CTX_new(TLS_server_method()));
    if (SSL_CTX_use_certificate_chain_file(context_.get(), certificates.cert.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_.get(), certificates.key.c_str(), SSL_FILETYPE_PEM) != 1)
      throw std::runtime_error("the test's certificate cannot be used");
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    if (::bind(listener_, as_sockaddr(address), sizeof address) != 0 || ::listen(listener_, 64) != 0)
      throw std::runtime_error("no port for the test's TLS server");
    socklen_t length = sizeof address;
    ::getsockname(listener_, as_sockaddr(address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { accept_until(stop); });
  }
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;
  ~TlsFront() {
    thread_.request_stop();
    thread_.join();
    workers_.clear();
    ::close(listener_);
  }

  int port() const { return port_; }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  static constexpr int kTickMillis = 50;

  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static sockaddr* as_sockaddr(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

  void accept_until(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, kTickMillis) <= 0) continue;
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      workers_.emplace_back([this, client](const std::stop_token& ended) {
        serve(client, ended);
        ::close(client);
      });
    }
  }

  void serve(int client, const std::stop_token& stop) {
    const std::unique_ptr<SSL, Free> ssl(SSL_new(context_.get()));
    SSL_set_fd(ssl.get(), client);
    const int on = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (SSL_accept(ssl.get()) != 1) return;
    const int plain = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(plain_port_);
    if (::connect(plain, as_sockaddr(address), sizeof address) == 0) hand_on(ssl.get(), client, plain, stop);
    ::close(plain);
    const linger at_once{1, 0};  // a line that broke behind us breaks before us
    ::setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

  static void hand_on(SSL* ssl, int client, int plain, const std::stop_token& stop) {
    std::array<char, 64 * 1024> block;
    bool deaf = false;  // the server takes no more, but its answer may still come
    while (!stop.stop_requested()) {
      std::array<pollfd, 2> ready{{{client, POLLIN, 0}, {plain, POLLIN, 0}}};
      const bool pending = SSL_pending(ssl) > 0;
      if (!pending && ::poll(ready.data(), ready.size(), kTickMillis) < 0) return;
      if (pending || ready[0].revents != 0) {
        const int got = SSL_read(ssl, block.data(), static_cast<int>(block.size()));
        if (got <= 0 && SSL_get_error(ssl, got) != SSL_ERROR_WANT_READ) return;
        if (got > 0 && !deaf) deaf = !send_all(plain, block.data(), static_cast<std::size_t>(got));
      }
      if (ready[1].revents != 0) {
        const auto got = ::recv(plain, block.data(), block.size(), 0);
        if (got == 0) return end_gently(ssl, block);
        if (got < 0 || SSL_write(ssl, block.data(), static_cast<int>(got)) <= 0) return;
      }
    }
  }

  // An answer that came before all of the request was read must reach the client: no reset may overtake it.
  static void end_gently(SSL* ssl, std::array<char, 64 * 1024>& block) {
    SSL_shutdown(ssl);
    while (SSL_read(ssl, block.data(), static_cast<int>(block.size())) > 0) {
    }
  }

  static bool send_all(int socket, const char* data, std::size_t size) {
    for (std::size_t sent = 0; sent < size;) {
      const auto now = ::send(socket, data + sent, size - sent, MSG_NOSIGNAL);
      if (now <= 0) return false;
      sent += static_cast<std::size_t>(now);
    }
    return true;
  }

  const int plain_port_;
  std::unique_ptr<SSL_CTX, Free> context_;
  int listener_ = -1;
  int port_ = 0;
  std::list<std::jthread> workers_;
  std::jthread thread_;
};

}  // namespace asfs::test
