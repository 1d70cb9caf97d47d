// What Instagram's answers mean: one table of code and subcode, and what containers and lists say. Pure; any
// thread. Used by instagram*.cpp alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "uploaders/http.h"
#include "uploaders/platform_uploader.h"

namespace asfs::instagram {

/// Why a request did not do what it should.
struct Trouble {
  enum class Kind : std::uint8_t {
    again,      ///< transient: wait, look where things stand, go on
    sign_in,    ///< the token is refused: a fresh one, then once more
    not_ready,  ///< the container is still being processed
    unknown,    ///< the container or media is not known (any more); also said of one that was just published
    restart,    ///< this container comes to nothing: a new one
    stop,       ///< no use going on now; `error_class` says why
  };
  Kind kind = Kind::stop;
  ErrorClass error_class = ErrorClass::permanent;
  std::string message;                  ///< for people
  std::optional<TimePoint> not_before;  ///< the server's Retry-After
  std::optional<TimePoint> retry_at;    ///< for rate_limited
};

template <typename T>
using Answered = std::expected<T, Trouble>;

struct Container {
  std::string id;
  std::string uri;  ///< where the bytes go; empty when Instagram fetches the video itself
};

struct ContainerStatus {
  enum class State : std::uint8_t { in_progress, finished, published, failed, expired };
  State state = State::in_progress;
  std::uint64_t bytes = 0;       ///< received
  bool upload_complete = false;  ///< as its uploading phase says
  Trouble trouble;               ///< for failed
};

struct Media {
  std::string id;
  std::string caption;
  std::int64_t timestamp = 0;  ///< unix seconds
};

Answered<Container> read_container(const HttpResponse& response, TimePoint now);
Answered<ContainerStatus> read_status(const HttpResponse& response, TimePoint now);
Answered<std::string> read_id(const HttpResponse& response, TimePoint now);         ///< `{"id": …}`
Answered<std::string> read_permalink(const HttpResponse& response, TimePoint now);  ///< "" when there is none
Answered<std::vector<Media>> read_media_list(const HttpResponse& response, TimePoint now);
Answered<Quota> read_quota(const HttpResponse& response, TimePoint now);
/// The account's id from /me/accounts or /me, whichever shape; Kind::stop when there is none.
Answered<std::string> read_user(const HttpResponse& response, TimePoint now);
/// The upload host's answer to bytes; nothing: all were taken.
std::optional<Trouble> read_upload(const HttpResponse& response, TimePoint now);

/// A request that got no answer.
Trouble read_failure(const HttpError& error);

/// The same caption, but for blanks and line breaks.
bool same_caption(std::string_view one, std::string_view other);

/// 15 to 20 digits.
bool is_media_id(std::string_view text);

}  // namespace asfs::instagram
