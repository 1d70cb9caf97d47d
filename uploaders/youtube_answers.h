// What YouTube's answers mean, as one table of status and reason. Pure; any thread. Used by youtube.cpp
// alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "uploaders/http.h"
#include "uploaders/platform_uploader.h"

namespace asfs::youtube {

struct Answer {
  enum class Kind : std::uint8_t {
    opened,      ///< `text`: the session URI
    incomplete,  ///< `stored` bytes are there; `text`: the session's new URI, if it moved
    created,     ///< `text`: the video's id
    again,       ///< wait, ask where we are, go on
    sign_in,     ///< the token is refused: a fresh one, then ask where we are
    gone,        ///< the session is not known (any more)
    stop,        ///< no use going on now; `error_class` says why
  };
  Kind kind = Kind::stop;
  std::string text;
  std::uint64_t stored = 0;
  ErrorClass error_class = ErrorClass::none;  ///< for again: what it is when it does not pass
  std::string message;                        ///< for people
  std::optional<TimePoint> not_before;        ///< the server's Retry-After
  std::optional<TimePoint> retry_at;          ///< for rate_limited: when it may work again
  int status = 0;                             ///< HTTP; 0 when there was no answer
  bool unreadable = false;                    ///< a success that makes no sense: the upload may be complete
};

/// The answer to the initiation.
Answer read_initiation(const HttpResponse& response, TimePoint now);

/// The answer to sent bytes or to a status query on a session for `total` bytes.
Answer read_session_answer(const HttpResponse& response, std::uint64_t total, TimePoint now);

/// What a refusal says, for people.
std::string read_refusal(const HttpResponse& response, TimePoint now);

/// A request that got no answer.
Answer read_failure(const HttpError& error);

/// What videos.list says went wrong with a video after it was taken; nullopt when nothing is known to be
/// wrong.
std::optional<std::string> processing_problem(const HttpResponse& response);

/// The same as a post's state some time after it was made; `privacy` is what was asked for.
PostCheck read_post_check(const HttpResponse& response, std::string_view privacy);

/// 11 characters of A-Z a-z 0-9 - _
bool is_video_id(std::string_view text);

/// Why a session URI may not be used, if so: the access token goes along with it, so only to the upload host
/// or, when that is Google's, to another of Google's API hosts.
std::optional<std::string> session_refusal(std::string_view uri, std::string_view upload_base);

/// A stored session URI as it is to be used now: practice platforms may have come back on another port.
std::string current_session_uri(std::string_view handle, std::string_view upload_base);

}  // namespace asfs::youtube
