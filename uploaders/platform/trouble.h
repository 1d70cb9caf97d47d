// Why a request to a platform did not do what it should, in terms that are the same for every platform; what
// an uploader does about it is in upload_run.h. Pure; any thread. Used by the platforms' own files alone.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "uploaders/platform/platform_uploader.h"
#include "uploaders/transfer/http.h"

namespace asfs {

struct Trouble {
  enum class Kind : std::uint8_t {
    again,      ///< transient: wait, look where things stand, go on
    sign_in,    ///< the token is refused: a fresh one, then once more
    not_ready,  ///< what was sent is still being processed
    unknown,    ///< what was asked about is not known to the platform (any more)
    restart,    ///< what was begun comes to nothing: a new one
    stop,       ///< no use going on now; `error_class` says why
  };
  Kind kind = Kind::stop;
  ErrorClass error_class = ErrorClass::permanent;
  std::string message;                  ///< for people
  std::optional<TimePoint> not_before;  ///< the server's Retry-After
  std::optional<TimePoint> retry_at;    ///< for rate_limited
  std::string reason = {};              ///< the platform's own name for it
  bool own = false;                     ///< in the platform's own words, not those of something on the way
};

template <typename T>
using Answered = std::expected<T, Trouble>;

/// A request that got no answer.
Trouble no_answer(const HttpError& error);

/// A token that is not to be had.
Trouble no_token(const Error& error);

/// The same trouble when a question about an upload was answered with it. A platform that does not tell says
/// nothing about the upload: only its own word, or a word on the account, counts as that; all else passes.
Trouble of_a_question(Trouble trouble);

/// The beginning of a message: `TikTok answered HTTP 404`, or that something else may have done so.
std::string answered_text(std::string_view platform, int status, bool own);

/// Of what Credentials said.
ErrorClass class_of_token_error(const Error& error);

}  // namespace asfs
