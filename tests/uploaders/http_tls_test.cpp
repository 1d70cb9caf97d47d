// Certificates are made on the spot and served by the openssl program, which is part of the build's needs.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "registry/base/process.h"
#include "tests/support/temp_folder.h"
#include "uploaders/http.h"

using namespace asfs;
using namespace asfs::test;

namespace {

void openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  const auto done = run_process(arguments, std::chrono::seconds(60));
  REQUIRE(done);
  REQUIRE_MESSAGE(done->exit_code == 0, done->err);
}

// A CA and a server certificate for the name given, `DNS:…` or `IP:…`.
struct Certificates {
  TempFolder folder;
  std::string ca = folder / "ca.pem", cert = folder / "cert.pem", key = folder / "key.pem";

  explicit Certificates(const std::string& name) {
    const std::string ca_key = folder / "ca.key", request = folder / "request.pem",
                      extensions = folder / "ext";
    const std::vector<std::string> new_key{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                                           "-nodes"};
    const auto with_key = [&](std::vector<std::string> arguments) {
      arguments.insert(arguments.end(), new_key.begin(), new_key.end());
      openssl(arguments);
    };
    with_key({"req", "-x509", "-subj", "/CN=Test CA", "-days", "2", "-keyout", ca_key, "-out", ca});
    with_key({"req", "-subj", "/CN=server", "-keyout", key, "-out", request});
    write_file(extensions, "subjectAltName=" + name + "\n");
    openssl({"x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2",
             "-extfile", extensions, "-out", cert});
  }
};

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
