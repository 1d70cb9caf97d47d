#include "uploaders/transfer/http.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "registry/base/text.h"
#include "uploaders/transfer/http_secrets.h"
#include "uploaders/transfer/http_url.h"
#include "version.h"

namespace asfs {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMaxAnswer = 1 << 20;
// Large enough that a gigabyte costs few calls, small enough for the memory of a small machine.
constexpr std::uint64_t kSendBuffer = 512 << 10;
constexpr std::chrono::milliseconds kTick{250};

// Where the distributions keep the trusted certificates; the first that can be read is taken.
constexpr std::array kCaBundles{
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Gentoo, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/var/lib/ca-certificates/ca-bundle.pem",             // openSUSE
    "/etc/ssl/cert.pem",                                  // Alpine, Void
};

struct CodeKind {
  CURLcode code;
  HttpError::Kind kind;
};

// libcurl's failures that mean something by themselves.
constexpr std::array kCodeKinds{
    CodeKind{CURLE_PEER_FAILED_VERIFICATION, HttpError::Kind::tls},
    CodeKind{CURLE_SSL_CACERT_BADFILE, HttpError::Kind::tls},
    CodeKind{CURLE_SSL_ISSUER_ERROR, HttpError::Kind::tls},
    CodeKind{CURLE_ABORTED_BY_CALLBACK, HttpError::Kind::body},
    CodeKind{CURLE_READ_ERROR, HttpError::Kind::body},
};

// One request on its way; libcurl's callbacks work on it.
struct Transfer {
  const HttpRequest& request;
  HttpResponse response;
  std::optional<Error> body_error;
  std::size_t content_given = 0;
  std::uint64_t body_given = 0;
  bool waits = false;  ///< with the last byte, until all before it is gone
  bool answer_cut = false;
  bool answer_began = false;
  std::array<char, CURL_ERROR_SIZE> error_text{};

  std::uint64_t size() const { return request.body ? request.body->size : request.content.size(); }
};

enum class End : std::uint8_t { done, stopped, stalled, endless, closed };

std::size_t give_body(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t room = size * count;
  if (!transfer.request.body) {
    const std::string& content = transfer.request.content;
    const std::size_t part = std::min(room, content.size() - transfer.content_given);
    std::memcpy(buffer, content.data() + transfer.content_given, part);
    transfer.content_given += part;
    return part;
  }
  const HttpBody& body = *transfer.request.body;
  const bool last = body.last_byte_waits && transfer.body_given + 1 == body.size;
  if (last && !std::exchange(transfer.waits, !transfer.waits)) return CURL_READFUNC_PAUSE;
  auto got = body.read(std::as_writable_bytes(std::span(buffer, room)));
  if (got) {
    transfer.body_given += *got;
    return *got;
  }
  transfer.body_error = std::move(got.error());
  return CURL_READFUNC_ABORT;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  auto& response = transfer.response;
  std::string_view line(data, size * count);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {  // also after an interim answer (1xx)
    response.headers.clear();
    const std::size_t space = line.find(' ');
    response.status = space == line.npos ? 0 : std::atoi(std::string(line.substr(space)).c_str());
    transfer.answer_began = response.status >= 200;
  } else if (const std::size_t colon = line.find(':'); colon != line.npos) {
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    response.headers.emplace_back(line.substr(0, colon), value);
  }
  return size * count;
}

std::size_t take_answer(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t got = size * count;
  std::string& body = transfer.response.body;
  body.append(data, std::min(got, kMaxAnswer - body.size()));
  if (body.size() < kMaxAnswer) return got;
  transfer.answer_cut = true;  // an endless answer must not keep us
  return CURL_WRITEFUNC_ERROR;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList header_list(const HttpHeaders& headers) {
  // No "Expect: 100-continue": it costs a second with servers that do not answer it.
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  for (const auto& [name, value] : headers)
    list = curl_slist_append(list, (value.empty() ? name + ";" : name + ": " + value).c_str());
  return HeaderList(list);
}

const char* system_ca_bundle() {
  if (const char* named = std::getenv("SSL_CERT_FILE"); named && *named) return named;
  for (const char* path : kCaBundles)
    if (::access(path, R_OK) == 0) return path;
  return nullptr;
}

void set_method_and_body(CURL* easy, Transfer& transfer) {
  const HttpRequest& request = transfer.request;
  const bool sends = transfer.size() > 0 || request.method == "PUT" || request.method == "POST";
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (sends) {
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(transfer.size()));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(easy, CURLOPT_READDATA, &transfer);
    const std::uint64_t buffer = std::min(kSendBuffer, transfer.size());  // all of it is cleared first
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, static_cast<long>(buffer));
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  // libcurl repeats a request by itself when a kept connection turns out dead, unless a body would have to be
  // sent again. A POST without a body may have worked, so it gets a connection of its own.
  if (request.method == "POST" && transfer.size() == 0) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

void set_connection(CURL* easy, const HttpRequest& request, const UrlOrigin& origin) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, fmt::format("asfs-videos/{}", kVersion).c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, static_cast<long>(request.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, 30L);  // an older kept connection has often been closed by then
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (origin.loopback()) curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

void set_tls(CURL* easy, const std::string& ca_file) {
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
}

void set_callbacks(CURL* easy, Transfer& transfer) {
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error_text.data());
}

std::uint64_t info(CURL* easy, CURLINFO what) {
  curl_off_t value = 0;
  curl_easy_getinfo(easy, what, &value);
  return static_cast<std::uint64_t>(std::max<curl_off_t>(value, 0));
}

// Nothing of the request is left on this side: the other one has acknowledged it.
bool is_drained(CURL* easy, const Transfer& transfer) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  int left = 0;
  if (info(easy, CURLINFO_SIZE_UPLOAD_T) + 1 < transfer.size()) return false;
  curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
  return socket == CURL_SOCKET_BAD || ::ioctl(socket, SIOCOUTQ, &left) != 0 || left == 0;
}

// The connection is gone, which libcurl does not notice while it has nothing to send.
bool is_dead(CURL* easy) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
  pollfd state{socket, 0, 0};
  return socket != CURL_SOCKET_BAD && ::poll(&state, 1, 0) > 0 && (state.revents & (POLLERR | POLLHUP)) != 0;
}

// Drives the transfer to its end. Stalling is watched here and not by libcurl, so that it also covers the
// wait for the answer after the last byte; and an answer that moves, but does not end, is given up, too.
End drive(CURLM* multi, CURL* easy, Transfer& transfer) {
  constexpr std::chrono::milliseconds kDrainTick{5};
  constexpr int kDeadTicks = 4;  // an answer that came before the end is read meanwhile
  int dead_ticks = 0;
  const HttpRequest& request = transfer.request;
  const std::stop_callback wake(request.stop, [multi] { curl_multi_wakeup(multi); });
  auto moved_at = SteadyClock::now();
  auto told_at = moved_at;
  auto answering_since = moved_at;
  std::uint64_t moved = 0, sent_before = 0;
  while (true) {
    int running = 0;
    curl_multi_perform(multi, &running);
    if (running == 0) return End::done;
    if (request.stop.stop_requested()) return End::stopped;
    const auto now = SteadyClock::now();
    const std::uint64_t sent = info(easy, CURLINFO_SIZE_UPLOAD_T);
    const std::uint64_t total = sent + info(easy, CURLINFO_SIZE_DOWNLOAD_T);
    const bool connecting = info(easy, CURLINFO_PRETRANSFER_TIME_T) == 0;  // has a timeout of its own
    if (total != moved || connecting) moved_at = now;
    moved = total;
    if (!transfer.answer_began || sent != sent_before) answering_since = now;
    sent_before = sent;
    if (now - moved_at >= request.stall_timeout) return End::stalled;
    if (now - answering_since >= request.answer_timeout) return End::endless;
    if (request.on_progress && now - told_at >= kTick) {
      request.on_progress(sent);
      told_at = now;
    }
    if (transfer.waits && is_dead(easy) && ++dead_ticks > kDeadTicks) return End::closed;
    if (transfer.waits && is_drained(easy, transfer)) curl_easy_pause(easy, CURLPAUSE_CONT);
    curl_multi_poll(multi, nullptr, 0, static_cast<int>((transfer.waits ? kDrainTick : kTick).count()),
                    nullptr);
  }
}

HttpError::Kind kind_of(CURLcode code, CURL* easy) {
  for (const CodeKind& row : kCodeKinds)
    if (row.code == code) return row.kind;
  // A proxy that refuses (407, 502) or breaks off has its errors among those of a connection that stood.
  const bool connected = info(easy, CURLINFO_PRETRANSFER_TIME_T) > 0;
  return connected ? HttpError::Kind::broken : HttpError::Kind::connect;
}

HttpError failure(CURLcode code, CURL* easy, const Transfer& transfer, const UrlOrigin& origin) {
  HttpError error;
  error.kind = kind_of(code, easy);
  const char* text = transfer.error_text[0] ? transfer.error_text.data() : curl_easy_strerror(code);
  if (code == CURLE_SEND_FAIL_REWIND)
    text = "closed without an answer";  // libcurl speaks of its own next step
  const std::string said = one_line(text, 200);
  switch (error.kind) {
    case HttpError::Kind::body:
      error.cause =
          transfer.body_error.value_or(Error{Code::failed, "the data ended before its announced size"});
      error.message = error.cause->message;
      break;
    case HttpError::Kind::tls:
      error.message = fmt::format("{} could not prove who it is: {}", origin.host, said);
      break;
    case HttpError::Kind::connect:
      error.message = fmt::format("cannot reach {}: {}", origin.host, said);
      break;
    case HttpError::Kind::broken:
    case HttpError::Kind::refused:
    case HttpError::Kind::cancelled:
      error.message = fmt::format("the connection to {} broke: {}", origin.host, said);
  }
  return error;
}

std::optional<HttpError> refusal(const HttpRequest& request) {
  const auto refused = [](std::string why) {
    return HttpError{HttpError::Kind::refused, std::move(why), {}};
  };
  if (!url_is_safe(request.url)) {
    const auto origin = url_origin(request.url);
    return refused(origin
                       ? fmt::format("plain http to {} is refused: only https is safe outside this machine",
                                     origin->host)
                       : std::string("not a usable http or https address"));
  }
  if (!is_header_name(request.method)) return refused("not an HTTP method");
  for (const auto& [name, value] : request.headers)
    if (!is_header_name(name) || !is_header_value(value))
      return refused(
          fmt::format("the header {} holds characters that are not allowed there", one_line(name, 40)));
  return std::nullopt;
}

void start_libcurl() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
}

}  // namespace

struct HttpClient::State {
  CURLM* multi = curl_multi_init();  // owns the kept connections
  std::string ca_file;
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { curl_multi_cleanup(multi); }
};

HttpClient::HttpClient() {
  start_libcurl();
  state_ = std::make_unique<State>();
}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

std::unique_ptr<Http> make_http_client() {
  return std::make_unique<HttpClient>();
}

void HttpClient::trust(std::string ca_file) {
  state_->ca_file = std::move(ca_file);
}

std::expected<HttpResponse, HttpError> HttpClient::send(const HttpRequest& request) {
  using Kind = HttpError::Kind;
  if (auto refused = refusal(request)) return std::unexpected(std::move(*refused));
  if (request.stop.stop_requested()) return std::unexpected(HttpError{Kind::cancelled, "stopped", {}});
  const UrlOrigin origin = *url_origin(request.url);
  std::string ca_file = state_->ca_file;
  if (const char* system = system_ca_bundle(); ca_file.empty() && system) ca_file = system;
  if (ca_file.empty() && origin.scheme == "https")
    return std::unexpected(HttpError{Kind::tls,
                                     "no trusted certificates found on this system: install the package "
                                     "ca-certificates, or set SSL_CERT_FILE to a PEM file",
                                     {}});

  // A new one each time: after a broken upload a used one would insist on sending its body again.
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> owner(curl_easy_init(), curl_easy_cleanup);
  CURL* easy = owner.get();
  Transfer transfer{.request = request, .response = {}, .body_error = {}};
  const HeaderList headers = header_list(request.headers);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  set_connection(easy, request, origin);
  set_tls(easy, ca_file);
  set_callbacks(easy, transfer);
  set_method_and_body(easy, transfer);

  curl_multi_add_handle(state_->multi, easy);
  const End end = drive(state_->multi, easy, transfer);
  CURLcode code = CURLE_OK;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(state_->multi, &left))
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  curl_multi_remove_handle(state_->multi, easy);

  if (end == End::stopped) return std::unexpected(HttpError{Kind::cancelled, "stopped", {}});
  if (end == End::stalled)
    return std::unexpected(
        HttpError{Kind::broken,
                  fmt::format("{} did not move for {} s", origin.host, request.stall_timeout.count()),
                  {}});
  const bool answered = transfer.response.status >= 400;
  if (end == End::closed && !answered)
    return std::unexpected(HttpError{
        Kind::broken, fmt::format("the connection to {} broke before the last byte", origin.host), {}});
  if (end == End::endless)
    return std::unexpected(HttpError{
        Kind::broken,
        fmt::format("{} did not end its answer within {} s", origin.host, request.answer_timeout.count()),
        {}});
  const auto secrets = secrets_in(request);
  transfer.response.body = struck_out(std::move(transfer.response.body), secrets);
  // A refusal counts even when the connection broke after it, as it does when a server closes on an unread
  // body.
  const bool refused_early = transfer.response.status >= 400 && !transfer.body_error;
  if (code == CURLE_OK || transfer.answer_cut || refused_early) return std::move(transfer.response);
  HttpError error = failure(code, easy, transfer, origin);
  error.message = struck_out(std::move(error.message), secrets);
  return std::unexpected(std::move(error));
}

}  // namespace asfs
