// One try to put a video on a platform, as the upload ledger keeps it (upload_ledger.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "registry/store/rate_limits.h"
#include "registry/store/video.h"

namespace asfs {

/// How long an attempt is taken for alive after its last sign of life.
inline constexpr std::chrono::seconds kLease{60};

/// What a claim hands to whoever made it.
struct Claim {
  std::int64_t attempt_id = 0;
  Video video;
  int earlier_failures = 0;
  std::string metadata_json;             ///< the request's, or that of the attempt taken over
  std::optional<std::string> handle;     ///< of an unfinished attempt: look it up before sending
  bool maybe_published = false;          ///< that attempt had passed before_publish
  std::int64_t chain = 0;                ///< the first attempt at this very post; 0: this is it
  std::optional<TimePoint> waits_since;  ///< what waits_since() of that attempt said
  bool acknowledged = false;             ///< the platform had said that it has every byte
  std::string account;                   ///< whose it goes to; "" while that is not known
  bool of_another_account = false;       ///< it was begun as that one, and may be live there
  std::optional<PostTime> skipped;       ///< the slot that skip_limits did not wait for
};

enum class AttemptState : std::uint8_t {
  running,
  succeeded,
  failed,
  interrupted,  ///< stopped by a person or a crash, can be resumed by its handle
  rate_limited,
  unconfirmed,  ///< may be live; waits for settle()
  settled_not_live,
};

std::string_view name_of(AttemptState state);

/// How an attempt ended.
struct Outcome {
  AttemptState state = AttemptState::failed;
  std::optional<std::string> post_id;
  std::optional<std::string> error;
  std::optional<TimePoint> retry_at;
  bool counts_as_failure = true;      ///< false: FAILED without using up a retry
  bool keep_handle = false;           ///< failed, but the session may be resumed
  std::optional<TimePoint> check_at;  ///< succeeded: when the platform is asked whether it kept the post
  std::string place = {};             ///< and where: the platform's address
  std::string link = {};              ///< and its address for people, as far as it is known
  bool progressed = false;            ///< failed, but further than the try before: the failures count anew
  int max_retries = kMaxRetries;
};

/// A post of another video that is not, or may not be, known by its id.
struct UnknownPost {
  std::string video_title;
  std::string metadata_json;  ///< what it says
  std::optional<std::string> post_id;
};

/// One row of asfs_attempts, for history and for a developer.
struct Attempt {
  std::int64_t id = 0;
  std::string video_id;
  std::string platform;
  std::string state;
  std::string started_at;  ///< UTC
  std::string ended_at;    ///< UTC; empty while running
  std::string owner;       ///< `pid 123 on host`
  std::optional<std::string> handle;
  std::int64_t bytes_sent = 0;
  std::int64_t bytes_total = 0;
  std::optional<std::string> post_id;
  std::optional<std::string> error;
  std::optional<std::string> retry_at;  ///< UTC
  std::string metadata_json;
};

}  // namespace asfs
