// A YouTube that answers what a test tells it to, with a video to be sent to it.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <httplib.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/upload_studio.h"
#include "uploaders/transfer/http.h"

namespace asfs::test {

inline void check_failed(const UploadResult& result, ErrorClass error_class, std::string_view mention = "") {
  CHECK_FALSE(result.success);
  CHECK_FALSE(result.platform_post_id);
  CHECK(static_cast<int>(result.error_class) == static_cast<int>(error_class));
  REQUIRE(result.error_message);
  CHECK_MESSAGE(result.error_message->find(mention) != std::string::npos, *result.error_message);
  CHECK(result.error_message->find("upload_id") == std::string::npos);
  CHECK(result.error_message->find("TOKEN") == std::string::npos);
}

// A YouTube that answers by a script, one entry for each request, the last one for ever.
class ScriptedYouTube {
 public:
  struct Reply {
    int status = 200;
    HttpHeaders headers;
    std::string body;
  };
  struct Seen {
    std::string method, target, range, token, content_type;
    std::size_t body = 0;
  };

  ScriptedYouTube() {
    port_ = server_.bind_to_any_port("127.0.0.1");
    const auto answer = [this](const httplib::Request& request, httplib::Response& response) {
      reply(request, response);
    };
    server_.Post(".*", answer).Put(".*", answer).Get(".*", answer);
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    server_.wait_until_ready();
  }
  ~ScriptedYouTube() { server_.stop(); }

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  Reply opened() const { return {200, {{"Location", url() + "/session?upload_id=SECRET"}}, ""}; }

  std::deque<Reply> script;
  std::vector<Seen> seen;

 private:
  void reply(const httplib::Request& request, httplib::Response& response) {
    seen.push_back({request.method, request.target, request.get_header_value("Content-Range"),
                    request.get_header_value("Authorization"), request.get_header_value("Content-Type"),
                    request.body.size()});
    const Reply next = script.empty() ? Reply{500, {}, ""} : script.front();
    if (script.size() > 1) script.pop_front();
    response.status = next.status;
    for (const auto& [name, value] : next.headers) response.set_header(name, value);
    if (!next.body.empty()) response.set_content(next.body, "application/json");
  }

  httplib::Server server_;
  int port_ = -1;
  std::jthread thread_;
};

struct ScriptedStudio : ScriptedYouTube, Studio {
  explicit ScriptedStudio(std::size_t size = 1'000'000)
      : Studio(url(), std::make_unique<FixedToken>(), size) {}
  FixedToken& token() { return static_cast<FixedToken&>(*credentials); }
};

inline const ScriptedYouTube::Reply kMade{201, {}, R"({"kind":"youtube#video","id":"abcdefghi-_"})"};
inline const ScriptedYouTube::Reply kNothingKnown{200, {}, R"({"items":[]})"};

}  // namespace asfs::test
