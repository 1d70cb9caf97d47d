// A platform that is one function: every request of an uploader comes with its body, and gets the answer that
// the test wants. No sockets; the clock is the test's.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/upload_studio.h"
#include "uploaders/row/platforms.h"
#include "uploaders/transfer/http.h"

namespace asfs::test {

struct Asked {
  std::string method, url, body;
  HttpHeaders headers;
  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
  bool to(std::string_view part) const { return url.find(part) != url.npos; }
};

using Answering = std::function<std::expected<HttpResponse, HttpError>(const Asked&)>;

class ScriptedHttp final : public Http {
 public:
  ScriptedHttp(const Answering& answer, std::vector<Asked>& asked) : answer_(answer), asked_(asked) {}

  std::expected<HttpResponse, HttpError> send(const HttpRequest& request) override {
    Asked question{request.method, request.url, request.content, request.headers};
    std::vector<std::byte> room(1000);
    for (std::uint64_t left = request.body ? request.body->size : 0; left > 0;) {
      auto got = request.body->read(room);
      if (!got) return std::unexpected(HttpError{HttpError::Kind::body, got.error().message, got.error()});
      question.body.append(reinterpret_cast<const char*>(room.data()), *got);
      left -= *got;
    }
    asked_.push_back(question);
    REQUIRE(asked_.size() < 2000);  // else it would go on for ever
    return answer_(question);
  }

 private:
  const Answering& answer_;
  std::vector<Asked>& asked_;
};

/// An uploader whose platform is `answer`.
struct ScriptedPlatform : Studio {
  ScriptedPlatform(std::string_view name, std::size_t size, Answering answering)
      : Studio("", std::make_unique<FixedToken>(), size), answer(std::move(answering)) {
    platform = name;
  }

  UploadResult upload(FakeAttempt& attempt, const Metadata& metadata = {}) {
    return made()->upload(path, metadata, attempt);
  }
  std::unique_ptr<PlatformUploader> made() {
    return platform_at(platform).make(
        {.config = config,
         .credentials = *credentials,
         .clock = clock,
         .destination = std::string(platform),
         .http = [this] { return std::make_unique<ScriptedHttp>(answer, asked); }});
  }
  int times(std::string_view part, std::string_view method = "") const {
    int count = 0;
    for (const Asked& one : asked) count += one.to(part) && (method.empty() || one.method == method);
    return count;
  }

  Answering answer;
  std::vector<Asked> asked;
};

inline HttpResponse json(std::string body, int status = 200) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}
inline HttpResponse page(int status) {
  return {status, {{"Content-Type", "text/html"}}, "<html>nothing here</html>"};
}

}  // namespace asfs::test
