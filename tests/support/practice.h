// A practice server on a folder of its own, with a token, and the requests of YouTube's upload protocol.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/json.h"
#include "tests/support/raw_http.h"
#include "tests/support/temp_folder.h"
#include "uploaders/practice/practice_server.h"

namespace asfs::test {

inline constexpr std::size_t kChunk = 262'144;

/// Bytes that differ from place to place, so that a wrong offset shows.
inline std::string test_bytes(std::size_t size, unsigned seed = 1) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) {
    seed = seed * 1664525u + 1013904223u;
    byte = static_cast<char>(seed >> 24);
  }
  return bytes;
}

class Practice {
 public:
  Practice() { restart(); }

  /// Stops the server and starts another one on the same folder.
  void restart() {
    server_.reset();
    auto started = PracticeServer::start(folder_.path());
    REQUIRE(started);
    server_ = *std::move(started);
    if (token_.empty()) token_ = get("/practice/token?platform=YouTube").json()["access_token"];
  }

  PracticeServer& server() const { return *server_; }
  int port() const { return server_->port(); }
  const std::string& token() const { return token_; }
  std::filesystem::path folder() const { return folder_.path(); }

  RawAnswer get(std::string_view target) const { return request(port(), "GET", target); }
  RawAnswer api(std::string_view target) const {
    return request(port(), "GET", target, {{"Authorization", "Bearer " + token_}});
  }
  Json posts() const { return get("/practice/posts").json(); }
  Json sessions() const { return get("/practice/sessions").json(); }
  Json faults() const { return get("/practice/faults").json(); }
  RawAnswer fault(const Json& fault) const {
    auto whole = fault;
    if (!whole.contains("platform")) whole["platform"] = "YouTube";
    return request(port(), "POST", "/practice/faults", {}, whole.dump());
  }

  /// Takes all faults back; what stands still goes on.
  void end_faults() const { CHECK(request(port(), "DELETE", "/practice/faults").status == 200); }

  RawAnswer initiate(std::string_view metadata, RawHttp::Headers more = {},
                     std::string_view part = "snippet,status") const {
    more.emplace_back("Authorization", "Bearer " + token_);
    more.emplace_back("Content-Type", "application/json; charset=UTF-8");
    return request(port(), "POST",
                   fmt::format("/upload/youtube/v3/videos?uploadType=resumable&part={}", part), more,
                   metadata);
  }
  /// The path of a new session.
  std::string begin(std::optional<std::size_t> size = std::nullopt, std::string_view title = "Clip") const {
    RawHttp::Headers more;
    if (size) more.emplace_back("X-Upload-Content-Length", std::to_string(*size));
    const auto answer = initiate(Json{{"snippet", {{"title", title}}}}.dump(), more);
    REQUIRE(answer.status == 200);
    return path_of(answer.header("location"));
  }
  RawAnswer put(const std::string& session, std::string_view bytes, std::size_t first,
                std::size_t total) const {
    return put(session, bytes, fmt::format("bytes {}-{}/{}", first, first + bytes.size() - 1, total));
  }
  RawAnswer put(const std::string& session, std::string_view bytes, const std::string& range) const {
    return request(port(), "PUT", session, {{"Content-Range", range}}, bytes);
  }
  RawAnswer put_whole(const std::string& session, std::string_view bytes) const {
    return request(port(), "PUT", session, {}, bytes);
  }
  RawAnswer ask(const std::string& session, std::size_t total) const {
    return put(session, "", fmt::format("bytes */{}", total));
  }

  /// Without the origin, which changes when the server is started again.
  static std::string path_of(const std::string& url) { return url.substr(url.find("/upload")); }

 private:
  TempFolder folder_;
  std::unique_ptr<PracticeServer> server_;
  std::string token_;
};

}  // namespace asfs::test
