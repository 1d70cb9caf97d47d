#include "uploaders/transfer/http.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <future>
#include <thread>

#include "tests/support/raw_server.h"
#include "tests/uploaders/transfer/web_server.h"
#include "uploaders/transfer/http_secrets.h"
#include "uploaders/transfer/http_url.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

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
