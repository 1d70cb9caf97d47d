#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <future>
#include <thread>

#include "tests/support/raw_server.h"
#include "tests/uploaders/transfer/web_server.h"
#include "uploaders/transfer/http.h"
#include "uploaders/transfer/http_secrets.h"
#include "uploaders/transfer/http_url.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

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
