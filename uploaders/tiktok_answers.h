// What TikTok's answers mean: the envelope of the API, its error codes and the reasons of a failed post, as
// tables. Pure; any thread. Used by tiktok*.cpp alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "uploaders/http.h"
#include "uploaders/platform_uploader.h"

namespace asfs::tiktok {

/// Why a request did not do what it should.
struct Trouble {
  enum class Kind : std::uint8_t {
    again,    ///< transient: wait, look where things stand, go on
    sign_in,  ///< the token is refused: a fresh one, then once more
    unknown,  ///< the publish_id is not known to the platform (any more)
    stop,     ///< no use going on now; `error_class` says why
  };
  Kind kind = Kind::stop;
  ErrorClass error_class = ErrorClass::permanent;
  std::string message;                  ///< for people
  std::optional<TimePoint> not_before;  ///< the server's Retry-After
  std::optional<TimePoint> retry_at;    ///< for rate_limited
};

template <typename T>
using Answered = std::expected<T, Trouble>;

struct Creator {
  std::string username;
  std::vector<std::string> privacy_levels;  ///< widest first
  bool comment_disabled = false, duet_disabled = false, stitch_disabled = false;
  int max_duration_s = 0;  ///< 0: not said
};

struct Begun {
  std::string publish_id;
  std::string upload_url;
};

struct PostStatus {
  enum class State : std::uint8_t {
    uploading,  ///< bytes are due, or all are there and it is being processed
    in_inbox,   ///< delivered as a draft
    complete,   ///< published
    failed,     ///< `trouble` says why and what it means
  };
  State state = State::uploading;
  std::optional<std::uint64_t> uploaded_bytes;
  std::vector<std::string> post_ids;  ///< digits; empty while moderated, or when not public
  bool restart = false;               ///< failed, but a new try may work
  Trouble trouble;
};

struct ListedVideo {
  std::string id;
  std::int64_t create_time = 0;  ///< unix seconds
  std::string description;
};

Answered<Creator> read_creator(const HttpResponse& response, TimePoint now);
Answered<Begun> read_begun(const HttpResponse& response, TimePoint now);
Answered<PostStatus> read_status(const HttpResponse& response, TimePoint now);
Answered<std::vector<ListedVideo>> read_list(const HttpResponse& response, TimePoint now);

/// A request that got no answer.
Trouble read_failure(const HttpError& error);

/// The answer of the upload host to a chunk.
enum class ChunkAnswer : std::uint8_t { taken, all_taken, elsewhere, dead_url, odd, again, refused };
ChunkAnswer read_chunk(int status);

/// 15 to 20 digits.
bool is_post_id(std::string_view text);

}  // namespace asfs::tiktok
