// Certificates are served by the openssl program, which is part of the build's needs.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/support/certificates.h"
#include "uploaders/transfer/http.h"

using namespace asfs;
using namespace asfs::test;

namespace {

// `openssl s_server` on a free port; it answers GET with a page.
class TlsServer {
 public:
  explicit TlsServer(const Certificates& certificates) {
    int out[2];
    REQUIRE(::pipe(out) == 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::dup2(::open("/dev/null", O_RDWR), STDERR_FILENO);
      ::close(out[0]);
      ::execlp("openssl", "openssl", "s_server", "-www", "-accept", "127.0.0.1:0", "-cert",
               certificates.cert.c_str(), "-key", certificates.key.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(out[1]);
    std::string said;
    for (char c; said.find("ACCEPT 127.0.0.1:") == said.npos || said.back() != '\n';) {
      REQUIRE(::read(out[0], &c, 1) == 1);
      said += c;
    }
    port_ = std::atoi(said.c_str() + said.find("ACCEPT 127.0.0.1:") + 17);
    ::close(out[0]);
  }
  ~TlsServer() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  std::string url() const { return fmt::format("https://127.0.0.1:{}/", port_); }

 private:
  pid_t child_ = -1;
  int port_ = 0;
};

std::expected<HttpResponse, HttpError> get(HttpClient& client, const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.stall_timeout = std::chrono::seconds(10);
  return client.send(request);
}

}  // namespace

TEST_CASE("a server is believed when a trusted CA vouches for its name, and only then") {
  const Certificates right("IP:127.0.0.1");
  const TlsServer server(right);

  HttpClient trusting;
  trusting.trust(right.ca);
  const auto answer = get(trusting, server.url());
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(answer->status == 200);

  HttpClient by_the_system;
  const auto unknown = get(by_the_system, server.url());
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().kind == HttpError::Kind::tls);

  ::setenv("SSL_CERT_FILE", right.ca.c_str(), 1);
  HttpClient by_environment;
  CHECK(get(by_environment, server.url()));
  ::unsetenv("SSL_CERT_FILE");
}

TEST_CASE("a certificate for another name is refused") {
  const Certificates wrong("DNS:elsewhere.example");
  const TlsServer server(wrong);
  HttpClient client;
  client.trust(wrong.ca);
  const auto answer = get(client, server.url());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::tls);
  CHECK(answer.error().message.find("127.0.0.1") != std::string::npos);
}

TEST_CASE("a certificate whose time is over is refused") {
  const Certificates old("IP:127.0.0.1", true);
  const TlsServer server(old);
  HttpClient client;
  client.trust(old.ca);
  const auto answer = get(client, server.url());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::tls);
}
