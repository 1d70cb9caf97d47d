#include "uploaders/practice/core/listener.h"

#include <fmt/format.h>
#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>

namespace asfs::practice {
namespace {

constexpr int kThreads = 32;            // each stalled upload holds one
constexpr int kSilenceMillis = 60'000;  // a request that stops coming is given up after this
constexpr int kIdleMillis = 30'000;     // a connection without a request is closed after this
constexpr int kLingerMillis = 10'000;   // and one that still sends after its early answer, after this silence

/// One accepted connection. Replaces the library's own stream for three things: one recv() a block, an answer
/// that can be withheld, and knowing the socket.
class Connection final : public httplib::Stream {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override;
  ssize_t write(const char* from, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip = "127.0.0.1", port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip = "127.0.0.1", port = 0; }
  socket_t socket() const override { return socket_; }

  bool wait_for_request() const { return begin_ < end_ || readable_within(kIdleMillis); }
  /// What has to happen before the socket is closed, so that the client sees what it should.
  void wind_up();

  bool drop = false;         ///< nothing more is written; ends with a reset
  bool unread_body = false;  ///< answered before the body was read

 private:
  bool readable_within(int millis) const {
    pollfd waiting{socket_, POLLIN, 0};
    return ::poll(&waiting, 1, millis) > 0;
  }

  int socket_;
  std::array<char, 16 * 1024> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

ssize_t receive(int socket, char* to, std::size_t size) {
  ssize_t got = 0;
  do got = ::recv(socket, to, size, 0);
  while (got < 0 && errno == EINTR);
  return got;
}

ssize_t Connection::read(char* to, std::size_t size) {
  if (begin_ == end_) {
    if (size >= buffer_.size()) return receive(socket_, to, size);
    const ssize_t got = receive(socket_, buffer_.data(), buffer_.size());
    if (got <= 0) return got;
    begin_ = 0;
    end_ = static_cast<std::size_t>(got);
  }
  const std::size_t count = std::min(size, end_ - begin_);
  std::memcpy(to, buffer_.data() + begin_, count);
  begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* from, std::size_t size) {
  if (drop) return -1;
  ssize_t sent = 0;
  do sent = ::send(socket_, from, size, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent;
}

void Connection::wind_up() {
  if (drop) {
    // Closing with a zero linger time sends RST: what a broken line looks like.
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  } else if (unread_body) {
    // A plain close with unread bytes would reset the connection and could destroy the answer on its way.
    ::shutdown(socket_, SHUT_WR);
    std::array<char, 64 * 1024> rest;
    while (readable_within(kLingerMillis) && receive(socket_, rest.data(), rest.size()) > 0) {
    }
  }
}

// The library's handlers are not told which connection they serve.
thread_local Connection* current_connection = nullptr;

std::string single_slashes(const std::string& path) {
  std::string result;
  for (const char c : path)
    if (c != '/' || result.empty() || result.back() != '/') result += c;
  return result;
}

Request to_request(const httplib::Request& from) {
  Request request;
  request.method = from.method;
  request.path = single_slashes(from.path);
  request.query = from.params;
  request.host = from.get_header_value("Host");
  request.header = [&from](const char* name) -> std::optional<std::string> {
    if (!from.has_header(name)) return std::nullopt;
    return from.get_header_value(name);
  };
  const bool chunked = from.has_header("Transfer-Encoding");
  if (!chunked && from.has_header("Content-Length"))
    request.content_length = from.get_header_value_u64("Content-Length");
  request.has_body = chunked || request.content_length.value_or(0) > 0;
  return request;
}

void to_response(const Answer& answer, httplib::Response& to) {
  for (const auto& [name, value] : answer.headers) to.set_header(name, value);
  if (!answer.file.empty()) {
    to.set_file_content(answer.file.string(),
                        answer.content_type);  // the library decides between 200 and 206
    return;
  }
  to.status = answer.status;
  if (!answer.body.empty()) to.set_content(answer.body, answer.content_type);
}

bool names_us(const std::string& host, int port) {
  return host == fmt::format("127.0.0.1:{}", port) || host == fmt::format("localhost:{}", port);
}

std::optional<Answer> refusal(const httplib::Request& request, int port, bool behind_tls) {
  const std::string host = request.get_header_value("Host");
  if (request.get_header_value_count("Host") != 1 || (!names_us(host, port) && !behind_tls))
    return Answer{.status = 421,
                  .body = fmt::format(
                      "The practice platforms answer to 127.0.0.1:{} and localhost:{} only.\n", port, port),
                  .content_type = "text/plain; charset=UTF-8"};
  const bool reads_only = request.method == "GET" || request.method == "HEAD";
  if (!reads_only && request.has_header("Origin") &&
      request.get_header_value("Origin") != (behind_tls ? "https://" : "http://") + host)
    return Answer{.status = 403,
                  .body = "A page of another origin may not change anything here.\n",
                  .content_type = "text/plain; charset=UTF-8"};
  if (request.has_header("Content-Encoding") || request.is_multipart_form_data())
    return Answer{
        .status = 415, .body = "This encoding of the body is not taken.\n", .content_type = "text/plain"};
  return std::nullopt;
}

}  // namespace

class Listener::Server final : public httplib::Server {
 public:
  explicit Server(Listener::Handler handler) : handler_(std::move(handler)) {
    new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    set_tcp_nodelay(true);
    set_read_timeout(std::chrono::milliseconds(kSilenceMillis));
    set_write_timeout(std::chrono::milliseconds(kSilenceMillis));
    // The library's default shares the port with whoever else does so; a taken port must be an error.
    set_socket_options([](socket_t socket) {
      const int on = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
    set_pre_routing_handler([this](const httplib::Request& from, httplib::Response& to) {
      return answer_without_body(from, to) ? HandlerResponse::Handled : HandlerResponse::Unhandled;
    });
    const auto with_body = [this](const httplib::Request& from, httplib::Response& to,
                                  const httplib::ContentReader& reader) { answer(from, to, &reader); };
    const char* everything = R"([\s\S]*)";
    Post(everything, with_body);
    Put(everything, with_body);
    Delete(everything, with_body);
    Patch(everything, with_body);
    set_post_routing_handler([](const httplib::Request&, httplib::Response& to) {
      to.headers.erase("Keep-Alive");
      to.set_header("X-Content-Type-Options", "nosniff");
      to.set_header("Cache-Control", "no-store");
    });
  }

  bool bind(int port) {
    port_ = port == 0 ? bind_to_any_port("127.0.0.1") : (bind_to_port("127.0.0.1", port) ? port : -1);
    return port_ > 0;
  }

  void run() {
    thread_ = std::thread([this] { listen_after_bind(); });
    wait_until_ready();
  }

  void stop_all() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    }
    stop();
    thread_.join();
  }

  int port() const { return port_; }
  void stand_behind(int tls_port) { tls_port_ = tls_port; }

 private:
  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket);
    bool good = enter(socket);
    bool closed = false;
    current_connection = &connection;
    while (good && !closed && !connection.drop && !connection.unread_body && connection.wait_for_request())
      good = process_request(connection, "127.0.0.1", 0, "127.0.0.1", port_, false, closed, nullptr);
    current_connection = nullptr;
    connection.wind_up();
    leave(socket);
    ::close(socket);
    return good;
  }

  bool enter(int socket) {
    const std::lock_guard lock(mutex_);
    if (!stopping_) open_.insert(socket);
    return !stopping_;
  }

  void leave(int socket) {
    const std::lock_guard lock(mutex_);
    open_.erase(socket);
  }

  /// Everything whose body, if any, is of no interest: the library would read it into memory.
  bool answer_without_body(const httplib::Request& from, httplib::Response& to) {
    static const std::set<std::string> with_body{"POST", "PUT", "DELETE", "PATCH"};
    if (with_body.contains(from.method)) return false;
    answer(from, to, nullptr);
    return true;
  }

  void answer(const httplib::Request& from, httplib::Response& to, const httplib::ContentReader* reader) {
    Connection& connection = *current_connection;
    Request request = to_request(from);
    bool unread = request.has_body;
    request.read_body = [&](const Request::Sink& sink) {
      if (!request.has_body) return true;
      if (!unread || !reader) return false;
      const bool whole = (*reader)([&](const char* data, std::size_t size) { return sink({data, size}); });
      unread = !whole;
      return whole;
    };
    request.cut = [socket = connection.socket()] { ::shutdown(socket, SHUT_RD); };
    const bool behind_tls = names_us(request.host, tls_port_);
    if (behind_tls) request.scheme = "https";
    auto refused = refusal(from, port_, behind_tls);
    const Answer answer = refused ? *std::move(refused) : handler_(request);
    connection.drop = answer.drop;
    connection.unread_body = unread;
    to_response(answer, to);
    if (unread) to.set_header("Connection", "close");
  }

  const Listener::Handler handler_;
  int port_ = -1;
  std::atomic<int> tls_port_{-1};
  std::thread thread_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::set<int> open_;
};

Listener::Listener(std::unique_ptr<Server> server) : server_(std::move(server)) {}
Listener::~Listener() {
  stop();
}
int Listener::port() const {
  return server_->port();
}
void Listener::stand_behind(int tls_port) {
  server_->stand_behind(tls_port);
}
void Listener::stop() {
  server_->stop_all();
}

Result<std::unique_ptr<Listener>> Listener::start(int port, Handler handler) {
  auto server = std::make_unique<Server>(std::move(handler));
  if (!server->bind(port)) {
    if (port == 0) return fail(Code::failed, "the practice platforms found no free port on 127.0.0.1");
    return fail(
        Code::failed,
        fmt::format("the practice platforms cannot use port {}: another program has it; choose another port, "
                    "or 0 for a free one",
                    port));
  }
  server->run();
  return std::unique_ptr<Listener>(new Listener(std::move(server)));
}

}  // namespace asfs::practice
