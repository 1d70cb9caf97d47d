// What the requests to every platform have in common: the access token, the time they may take, and patience
// with questions. Used by the platforms' own files alone, from one thread at a time.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "uploaders/platform/trouble.h"
#include "uploaders/platform/uploader_context.h"
#include "uploaders/transfer/backoff.h"
#include "uploaders/transfer/http.h"

namespace asfs {

class PlatformApi {
 public:
  /// Hears the bytes of the running request, about once a second at least.
  using Progress = std::function<void(std::uint64_t sent)>;

  PlatformApi(const UploaderContext& context, Http& http, std::stop_token stop)
      : context_(context), http_(http), stop_(std::move(stop)) {}

  Result<void> sign_in() { return take(context_.credentials.access_token(context_.destination)); }
  /// After the token was refused.
  Result<void> sign_in_again() { return take(context_.credentials.refreshed_token(context_.destination)); }

  const UploaderContext& context() const { return context_; }
  const std::stop_token& stop() const { return stop_; }

 protected:
  static constexpr std::chrono::seconds kGlance{20};  ///< for a question that moves no bytes

  /// Without a token, with the time that bytes may take.
  HttpRequest make(std::string method, std::string url, Progress alive) const;
  std::string bearer() const { return "Bearer " + token_; }
  Answered<HttpResponse> send(const HttpRequest& request);

  const UploaderContext& context_;
  std::string token_;

 private:
  Result<void> take(Result<std::string> token);

  Http& http_;
  std::stop_token stop_;
};

/// Asks again while the trouble is passing, with a fresh token if need be; what remains is trouble of a
/// question.
template <typename Ask>
auto patiently(PlatformApi& api, Ask ask) -> decltype(ask()) {
  constexpr int kTries = 3;
  Backoff backoff(api.context().config.upload, api.context().clock, kTries - 1);
  bool refreshed = false;
  while (true) {
    auto answer = ask();
    if (answer) return answer;
    const Trouble trouble = of_a_question(answer.error());
    if (trouble.kind == Trouble::Kind::sign_in && !refreshed) {
      if (auto again = api.sign_in_again(); !again) return std::unexpected(no_token(again.error()));
      refreshed = true;
      continue;
    }
    if (trouble.kind != Trouble::Kind::again || backoff.spent() || backoff.too_long(trouble.not_before))
      return std::unexpected(trouble);
    if (!backoff.wait(trouble.not_before, api.stop(), [] {}))
      return std::unexpected(Trouble{.error_class = ErrorClass::cancelled, .message = "stopped"});
  }
}

}  // namespace asfs
