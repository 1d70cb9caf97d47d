#include "uploaders/platform/trouble.h"

#include <fmt/format.h>

#include <utility>

namespace asfs {
namespace {

using Kind = Trouble::Kind;

ErrorClass class_of(const HttpError& error) {
  switch (error.kind) {
    case HttpError::Kind::cancelled:
      return ErrorClass::cancelled;
    case HttpError::Kind::refused:
      return ErrorClass::permanent;
    case HttpError::Kind::connect:
    case HttpError::Kind::tls:
    case HttpError::Kind::broken:
    case HttpError::Kind::body:
      return error.offline() ? ErrorClass::offline : ErrorClass::transient;
  }
  std::unreachable();
}

}  // namespace

Trouble no_answer(const HttpError& error) {
  const bool passing = error.kind == HttpError::Kind::connect || error.kind == HttpError::Kind::broken;
  return {.kind = passing ? Kind::again : Kind::stop,
          .error_class = class_of(error),
          .message = error.message,
          .not_before = {},
          .retry_at = {}};
}

Trouble no_token(const Error& error) {
  return {
      .error_class = class_of_token_error(error), .message = error.message, .not_before = {}, .retry_at = {}};
}

Trouble of_a_question(Trouble trouble) {
  const bool gone = trouble.kind == Kind::unknown || trouble.kind == Kind::restart;
  if (gone && trouble.own) return trouble;
  const bool of_the_account =
      trouble.kind == Kind::sign_in || trouble.error_class == ErrorClass::needs_login ||
      trouble.error_class == ErrorClass::account || trouble.error_class == ErrorClass::rate_limited;
  const bool ours =
      trouble.error_class == ErrorClass::cancelled || trouble.error_class == ErrorClass::offline;
  if (of_the_account || ours) return trouble;
  if (!gone) trouble.kind = Kind::again;
  trouble.error_class = ErrorClass::transient;
  return trouble;
}

std::string answered_text(std::string_view platform, int status, bool own) {
  if (own) return fmt::format("{} answered HTTP {}", platform, status);
  return fmt::format("HTTP {} without words of {}'s own, as a proxy on the way may answer", status, platform);
}

ErrorClass class_of_token_error(const Error& error) {
  switch (error.code) {
    case Code::needs_login:
      return ErrorClass::needs_login;
    case Code::account:
    case Code::library:  // a new token cannot be kept
      return ErrorClass::account;
    case Code::offline:
      return ErrorClass::offline;
    case Code::usage:
    case Code::failed:
    case Code::blocked:
    case Code::rate_limited:
    case Code::not_found:
    case Code::cancelled:
      return ErrorClass::transient;
  }
  std::unreachable();
}

}  // namespace asfs
