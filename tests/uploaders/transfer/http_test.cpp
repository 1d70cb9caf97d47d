#include "uploaders/transfer/http.h"

#include <doctest/doctest.h>
#include <httplib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <future>
#include <thread>

#include "tests/support/raw_server.h"
#include "uploaders/transfer/http_secrets.h"
#include "uploaders/transfer/http_url.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

// A well-behaved server of a few lines.
class WebServer {
 public:
  explicit WebServer(const char* host = "127.0.0.1") {
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

HttpRequest request_to(std::string url, std::string method = "GET") {
  HttpRequest request;
  request.url = std::move(url);
  request.method = std::move(method);
  request.stall_timeout = 10s;
  return request;
}

// A body of `size` bytes, byte i being i modulo 251.
HttpBody pattern(std::uint64_t size) {
  return {size, [size, at = std::uint64_t{0}](std::span<std::byte> room) mutable -> Result<std::size_t> {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), size - at));
            for (std::size_t i = 0; i < length; ++i) room[i] = static_cast<std::byte>((at + i) % 251);
            at += length;
            return length;
          }};
}

std::string pattern_text(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i % 251);
  return text;
}

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

}  // namespace

TEST_CASE("an answer comes with its status, headers and body") {
  const RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write(
        "HTTP/1.1 102 Processing\r\nX-Once: early\r\n\r\n"
        "HTTP/1.1 203 Whatever\r\nX-Twice: one\r\nX-Twice:two \r\nContent-Length: 5\r\n\r\nhello");
  });
  HttpClient client;
  const auto answer = client.send(request_to(server.url()));
  REQUIRE(answer);
  CHECK(answer->status == 203);
  CHECK(answer->body == "hello");
  CHECK(answer->header("content-length") == "5");
  CHECK(answer->header("X-TWICE") == "two");
  CHECK_FALSE(answer->header("X-Once"));
}

TEST_CASE("a body is streamed with its length, and without asking first") {
  std::string head, body;
  const RawServer server([&](RawConnection& connection) {
    std::string rest;
    head = connection.read_head(&rest);
    body = connection.read_bytes(3'000'000, std::move(rest));
    connection.write(kOk);
  });
  HttpClient client;
  auto request = request_to(server.url("/up"), "PUT");
  request.headers = {{"X-Empty", ""}, {"Content-Type", "video/*"}};
  request.body = pattern(3'000'000);
  const auto answer = client.send(request);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(head.starts_with("PUT /up HTTP/1.1\r\n"));
  CHECK(head.find("Content-Length: 3000000\r\n") != head.npos);
  CHECK(head.find("Content-Type: video/*\r\n") != head.npos);
  CHECK(head.find("X-Empty:") != head.npos);
  CHECK(head.find("Expect") == head.npos);
  CHECK(head.find("Transfer-Encoding") == head.npos);
  CHECK(body == pattern_text(3'000'000));
}

TEST_CASE("a PUT or POST without a body says that it has none") {
  std::string head;
  const RawServer server([&](RawConnection& connection) {
    head = connection.read_head();
    connection.write(kOk);
  });
  HttpClient client;
  for (const char* method : {"PUT", "POST"}) {
    REQUIRE(client.send(request_to(server.url(), method)));
    CHECK(head.starts_with(method));
    CHECK(head.find("Content-Length: 0\r\n") != head.npos);
    CHECK(head.find("Content-Type") == head.npos);
  }
}

TEST_CASE("a redirect is an answer like any other") {
  WebServer web;
  bool followed = false;
  web.server.Get("/followed", [&](const httplib::Request&, httplib::Response&) { followed = true; });
  for (const int status : {302, 307, 308}) {
    web.server.Get("/moved" + std::to_string(status),
                   [status](const httplib::Request&, httplib::Response& response) {
                     response.status = status;
                     response.set_header("Location", "/followed");
                   });
    HttpClient client;
    const auto answer = client.send(request_to(web.url("/moved" + std::to_string(status))));
    REQUIRE(answer);
    CHECK(answer->status == status);
    CHECK(answer->header("Location") == "/followed");
  }
  CHECK_FALSE(followed);
}

TEST_CASE("an address of more than 8192 characters is none") {
  CHECK(url_is_safe("https://a.example/" + std::string(8000, 'x')));
  CHECK_FALSE(url_is_safe("https://a.example/" + std::string(9000, 'x')));
}

TEST_CASE("plain http is safe on loopback only") {
  for (const char* url : {"https://www.googleapis.com/x", "http://127.0.0.1:8787", "http://[::1]:8787/x",
                          "http://localhost/x", "HTTP://LOCALHOST:1/", "http://[0:0:0:0:0:0:0:1]/"})
    CHECK_MESSAGE(url_is_safe(url), std::string(url));
  for (const char* url :
       {"http://www.googleapis.com/x", "http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/",
        "http://user:pass@127.0.0.1/", "http://localhost.evil.example/", "ftp://127.0.0.1/",
        "file:///etc/passwd", "127.0.0.1:80/", "//127.0.0.1/", "http://127.0.0.1/a b",
        "http://127.0.0.1/a\r\nX: y", "", "http://", "https:///x"})
    CHECK_MESSAGE(!url_is_safe(url), std::string(url));
}

TEST_CASE("plain http to another host is refused before anything is sent") {
  HttpClient client;
  auto request = request_to("http://media.example/upload?upload_id=SECRET", "PUT");
  bool asked = false;
  request.body = HttpBody{10, [&](std::span<std::byte>) -> Result<std::size_t> {
                            asked = true;
                            return 0;
                          }};
  const auto answer = client.send(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::refused);
  CHECK(answer.error().message.find("media.example") != std::string::npos);
  CHECK(answer.error().message.find("SECRET") == std::string::npos);
  CHECK_FALSE(asked);
}

TEST_CASE("a header that would break out of its line is refused") {
  HttpClient client;
  for (const HttpHeaders& headers :
       {HttpHeaders{{"X", "a\r\nY: b"}}, HttpHeaders{{"X", "a\nb"}}, HttpHeaders{{"X: y", "a"}},
        HttpHeaders{{"", "a"}}, HttpHeaders{{"X", std::string("a\0b", 3)}}}) {
    auto request = request_to("http://127.0.0.1:1/");
    request.headers = headers;
    const auto answer = client.send(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == HttpError::Kind::refused);
  }
}

TEST_CASE("an answer given before the body is sent counts") {
  SUBCASE("the server closes once the client has stopped") {
    const RawServer server([](RawConnection& connection) {
      connection.read_head();
      connection.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
      connection.read_bytes(200'000'000);  // a close with unread bytes would reset, and destroy the answer
    });
    HttpClient client;
    auto request = request_to(server.url(), "PUT");
    request.body = pattern(200'000'000);
    const auto answer = client.send(request);
    REQUIRE(answer);
    CHECK(answer->status == 401);
    CHECK(answer->body == "no");
  }
  SUBCASE("the server leaves the connection open") {
    const RawServer server([](RawConnection& connection) {
      connection.read_head();
      connection.write("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone");
      connection.idle();
    });
    HttpClient client;
    auto request = request_to(server.url(), "PUT");
    request.body = pattern(200'000'000);
    const auto answer = client.send(request);
    REQUIRE(answer);
    CHECK(answer->status == 404);
    CHECK(answer->body == "gone");
  }
}

TEST_CASE("an answer that comes a byte at a time is given up, be it in its headers or in its body") {
  for (const std::string head :
       {"HTTP/1.1 200 OK\r\nX-Slow: ", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        "HTTP/1.1 503 No\r\nContent-Length: 100000\r\n\r\n"}) {
    CAPTURE(head);
    const RawServer server([&](RawConnection& connection) {
      connection.read_head();
      connection.write(head);
      while (connection.is_there(20ms)) connection.write("x");
    });
    HttpClient client;
    auto request = request_to(server.url());
    request.answer_timeout = request.stall_timeout = 1s;
    const auto answer = client.send(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == HttpError::Kind::broken);
  }
}

TEST_CASE("headers without end are a broken connection") {
  const RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 10'000; ++i) connection.write("X-More: " + std::string(100, 'x') + "\r\n");
    connection.write("\r\n");
  });
  HttpClient client;
  const auto answer = client.send(request_to(server.url()));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::broken);
}

TEST_CASE("the time an answer may take counts from the last byte that was taken, not from its first line") {
  const RawServer server([](RawConnection& connection) {
    std::string rest;
    connection.read_head(&rest);
    connection.write("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n");
    for (std::size_t taken = rest.size(); taken < 40'000'000;) {
      taken += connection.read_bytes(std::min<std::size_t>(1'000'000, 40'000'000 - taken)).size();
      connection.is_there(80ms);
    }
    connection.write("ok");
  });
  HttpClient client;
  auto request = request_to(server.url(), "PUT");
  request.body = pattern(40'000'000);
  request.answer_timeout = 2s;
  const auto answer = client.send(request);
  REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().message));
  CHECK(answer->body == "ok");
}

TEST_CASE("a server that never answers is given up after the stall timeout") {
  const RawServer server([](RawConnection& connection) {
    std::string rest;
    connection.read_head(&rest);
    connection.read_bytes(1000, std::move(rest));
    connection.idle();
  });
  HttpClient client;
  auto request = request_to(server.url("/x?upload_id=SECRET"), "PUT");
  request.content = std::string(1000, 'x');
  request.stall_timeout = 1s;
  const auto answer = client.send(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::broken);
  CHECK(answer.error().message.find("127.0.0.1") != std::string::npos);
  CHECK(answer.error().message.find("SECRET") == std::string::npos);
}

TEST_CASE(
    "a server that stops reading is given up after the stall timeout, and progress is told all the while") {
  const RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.idle();
  });
  HttpClient client;
  auto request = request_to(server.url(), "PUT");
  request.body = pattern(500'000'000);
  request.stall_timeout = 1s;
  int told = 0;
  std::uint64_t most = 0;
  request.on_progress = [&](std::uint64_t sent) {
    ++told;
    most = std::max(most, sent);
  };
  const auto answer = client.send(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::broken);
  CHECK(told >= 2);
  CHECK(most > 0);
  CHECK(most < 500'000'000);
}

TEST_CASE("a stop request ends a transfer that stands still at once") {
  const RawServer server([](RawConnection& connection) { connection.idle(); });
  HttpClient client;
  std::stop_source stop;
  auto request = request_to(server.url());
  request.stop = stop.get_token();
  request.on_progress = [&](std::uint64_t) { stop.request_stop(); };
  const auto begun = std::chrono::steady_clock::now();
  const auto answer = client.send(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::cancelled);
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("a stop request from another thread wakes the transfer") {
  std::stop_source stop;
  const RawServer server([&](RawConnection& connection) {
    connection.read_head();
    stop.request_stop();
    connection.idle();
  });
  HttpClient client;
  auto request = request_to(server.url());
  request.stop = stop.get_token();
  const auto answer = client.send(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::cancelled);
}

TEST_CASE("after a stop request nothing is sent") {
  const RawServer server([](RawConnection& connection) { connection.idle(); });
  HttpClient client;
  std::stop_source stop;
  stop.request_stop();
  auto request = request_to(server.url());
  request.stop = stop.get_token();
  const auto answer = client.send(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::cancelled);
  CHECK(server.connections() == 0);
}

TEST_CASE("a body that cannot be read ends the request with its cause") {
  std::promise<std::size_t> arrived;
  const RawServer server([&](RawConnection& connection) {
    std::string rest;
    connection.read_head(&rest);
    arrived.set_value(connection.read_bytes(1'000'000, std::move(rest)).size());
  });
  HttpClient client;
  auto request = request_to(server.url(), "PUT");
  request.body =
      HttpBody{1'000'000, [first = true](std::span<std::byte> room) mutable -> Result<std::size_t> {
                 if (!first) return fail(Code::failed, "the disk is on fire");
                 first = false;
                 return std::min<std::size_t>(room.size(), 100);
               }};
  const auto answer = client.send(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::body);
  REQUIRE(answer.error().cause);
  CHECK(answer.error().cause->message == "the disk is on fire");
  CHECK(arrived.get_future().get() < 1'000'000);
}

TEST_CASE("a body shorter than announced is an error, not a short upload") {
  const RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.read_bytes(1000);
  });
  HttpClient client;
  auto request = request_to(server.url(), "PUT");
  request.body = pattern(500);
  request.body->size = 1000;
  const auto answer = client.send(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::body);
}

TEST_CASE("of an answer without end one MiB is kept") {
  const RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 64; ++i) connection.write(std::string(1 << 20, 'x'));
  });
  HttpClient client;
  const auto answer = client.send(request_to(server.url()));
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body.size() == 1 << 20);
}

TEST_CASE("a dropped connection is told apart from one that never stood") {
  const RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.reset();
  });
  HttpClient client;
  const auto dropped = client.send(request_to(server.url("/x?upload_id=SECRET")));
  REQUIRE_FALSE(dropped);
  CHECK(dropped.error().kind == HttpError::Kind::broken);
  CHECK(dropped.error().message.find("127.0.0.1") != std::string::npos);
  CHECK(dropped.error().message.find("SECRET") == std::string::npos);

  int closed_port = 0;
  {
    WebServer web;
    closed_port = web.port();
  }
  const auto refused =
      client.send(request_to("http://127.0.0.1:" + std::to_string(closed_port) + "/?upload_id=SECRET"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == HttpError::Kind::connect);
  CHECK(refused.error().message.find("SECRET") == std::string::npos);
}

TEST_CASE("no way through a proxy is no connection: nothing was sent") {
  const RawServer proxy([](RawConnection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  });
  const auto through = [](const std::string& address) {
    ::setenv("https_proxy", address.c_str(), 1);
    HttpClient client;
    const auto answer = client.send(request_to("https://platform.invalid/"));
    ::unsetenv("https_proxy");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == HttpError::Kind::connect);
    CHECK(answer.error().offline());
    return answer.error().message;
  };
  CHECK(through(proxy.url()).find("407") != std::string::npos);
  CHECK(proxy.connections() == 1);
  through("http://127.0.0.1:1");
  through("http://no-such-proxy.invalid:8080");
}

TEST_CASE("a request whose answer was lost on a kept connection is not repeated behind our back") {
  std::atomic<int> requests = 0;
  const RawServer server([&](RawConnection& connection) {
    for (std::string rest, head; !(head = connection.read_head(&rest)).empty();) {
      const auto body = connection.read_bytes(head.find("Content-Length: 4\r\n") == head.npos ? 0 : 4, rest);
      ++requests;
      if (body == "last") return;
      connection.write(kOk);
    }
  });
  HttpClient client;
  auto request = request_to(server.url(), "POST");
  request.content = "more";
  REQUIRE(client.send(request));
  request.content = "last";
  const auto lost = client.send(request);
  REQUIRE_FALSE(lost);
  CHECK(lost.error().kind == HttpError::Kind::broken);
  CHECK(requests == 2);
  CHECK(server.connections() == 1);
}

TEST_CASE("something that is not HTTP is a broken connection") {
  const RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  });
  HttpClient client;
  const auto answer = client.send(request_to(server.url()));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == HttpError::Kind::broken);
}

TEST_CASE("the connection is kept for the next request") {
  const RawServer server([](RawConnection& connection) {
    while (!connection.read_head().empty()) connection.write(kOk);
  });
  HttpClient client;
  for (int i = 0; i < 3; ++i) REQUIRE(client.send(request_to(server.url())));
  CHECK(server.connections() == 1);
}

TEST_CASE("IPv6 loopback works") {
  WebServer web("::1");
  if (web.port() <= 0) return;  // a machine without IPv6
  web.server.Get("/six",
                 [](const httplib::Request&, httplib::Response& r) { r.set_content("6", "text/plain"); });
  HttpClient client;
  const auto answer = client.send(request_to("http://[::1]:" + std::to_string(web.port()) + "/six"));
  REQUIRE(answer);
  CHECK(answer->body == "6");
}

TEST_CASE("a proxy is never used for loopback") {
  WebServer web;
  web.server.Get(
      "/", [](const httplib::Request&, httplib::Response& r) { r.set_content("direct", "text/plain"); });
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  HttpClient client;
  const auto answer = client.send(request_to(web.url("/")));
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  REQUIRE(answer);
  CHECK(answer->body == "direct");
}

TEST_CASE("Retry-After is read in seconds and as a date") {
  const TimePoint now{std::chrono::seconds(1'770'796'800)};  // Wed, 11 Feb 2026 08:00:00 GMT
  const auto read = [now](std::string value) {
    HttpResponse response;
    response.headers = {{"Retry-After", std::move(value)}};
    return response.retry_after(now);
  };
  CHECK(read("120") == now + 120s);
  CHECK(read("Wed, 11 Feb 2026 08:05:00 GMT") == now + 300s);
  CHECK(read("Wed, 11 Feb 2026 07:05:00 GMT") == now);
  CHECK_FALSE(read("soon"));
  CHECK_FALSE(read(""));
}

TEST_CASE("a Retry-After of more than a day, or before now, is cut to that") {
  const TimePoint now{std::chrono::seconds(1'770'796'800)};
  for (const char* value : {"86401", "9999999", "99999999999999999999", "Wed, 21 Oct 9999 07:28:00 GMT",
                            "Thu, 12 Feb 2026 08:00:01 GMT", "Fri, 31 Dec 292277026595 23:59:59 GMT"}) {
    CAPTURE(value);
    HttpResponse response;
    response.headers = {{"Retry-After", value}};
    const auto at = response.retry_after(now);
    if (at) CHECK(*at == now + 24h);
    CHECK((at || std::string_view(value).find("2922770") != std::string_view::npos));
  }
  for (const char* value : {"-1", "-99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT", "1e9", "0x10"}) {
    CAPTURE(value);
    HttpResponse response;
    response.headers = {{"Retry-After", value}};
    const auto at = response.retry_after(now);
    CHECK((!at || *at == now));
  }
}

TEST_CASE("what was secret in the request is struck out of the answer's body, however it is written there") {
  std::string head;
  const RawServer server([&](RawConnection& connection) {
    head = connection.read_head();
    const std::string body =
        "{\"error\":{\"message\":\"you sent Bearer ya29.a0/Secret_1 (ya29.a0\\/Secret_1, ya29.a0%2FSecret_1) "
        "to "
        "upload_id=SECRET-ADDRESS; ya29\"}}";
    connection.write("HTTP/1.1 400 No\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  });
  HttpClient client;
  auto request = request_to(server.url("/up?part=snippet&upload_id=SECRET-ADDRESS"), "PUT");
  request.headers = {{"Authorization", "Bearer ya29.a0/Secret_1"}};
  const auto answer = client.send(request);
  REQUIRE(answer);
  CHECK(head.find("ya29.a0/Secret_1") != head.npos);
  CHECK(answer->body ==
        "{\"error\":{\"message\":\"you sent Bearer *** (***, ***) to upload_id=***; ya29\"}}");
}

TEST_CASE(
    "the secrets of a form are struck out, but not the token that it renews; a short one only as a word") {
  HttpRequest request;
  request.headers = {{"authorization", "OAuth tok"}, {"content-type", "application/x-www-form-urlencoded"}};
  request.content = "client_id=my-app-id&client_secret=hush%2Fhush&refresh_token=renew-me-please&code=c0";
  const auto secrets = secrets_in(request);
  CHECK(struck_out("my-app-id hush/hush renew-me-please c0", secrets) == "my-app-id *** renew-me-please c0");
  CHECK(struck_out("tok, token, \"tok\"; a_tok", secrets) == "***, token, \"***\"; a_tok");
}

TEST_CASE("text is encoded for a URL") {
  CHECK(url_encode("a-b_c.d~9") == "a-b_c.d~9");
  CHECK(url_encode("a b&c=\xC3\xA4/") == "a%20b%26c%3D%C3%A4%2F");
}
