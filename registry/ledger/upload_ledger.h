// The upload ledger: one row for every try to put a video on a platform. It is what makes an upload happen at
// most once.
//
// claim() decides in one IMMEDIATE transaction: is it allowed, is nobody else at it? Then the shared row
// becomes IN_PROGRESS and an attempt with a lease is written. The lease is renewed by heartbeat(); an attempt
// whose lease ran out, or whose process on this machine is gone, is dead and may be taken over: the new
// attempt inherits its handle, and its owner must look the handle up at the platform before sending anything.
// save_handle() is durable (synchronous FULL) when it returns and must come before the first byte.
//
// Uses the registry's connection, so the registry's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/posts/attempt.h"
#include "registry/store/rate_limits.h"
#include "registry/videos/video_registry.h"

namespace asfs {

struct ClaimRequest {
  std::string video_id;
  std::string platform;
  std::string metadata_json = "{}";  ///< what the post shall say; kept for the resume
  bool by_hand = false;              ///< a person asked: retries FAILED_FINAL
  std::string account = {};  ///< who is signed in, by the platform's own id; "" when that is not known
  RateLimits limits{.hold = false};  ///< of the platform
  bool skip_limits = false;          ///< a person wants it now
  /// Of other uploads to the platform: the limits leave them theirs. Ascending.
  std::vector<TimePoint> chosen_times = {};
};

/// An upload that goes on whatever becomes of its item in the queue.
struct OnItsWay {
  std::string video_id;
  std::string platform;
  bool may_be_live = false;  ///< all was sent: it is looked up until it is known what became of it
  std::string owner;         ///< who is at it now; "" for nobody
};

class UploadLedger {
 public:
  explicit UploadLedger(VideoRegistry& registry) : registry_(registry) {}

  /// Refuses what can_upload() refuses, in this order: a live attempt; a duplicate; an outcome that may be
  /// live (even with duplicates allowed); an unknown status; IN_PROGRESS by another program; BLOCKED
  /// (Code::blocked all); FAILED_FINAL unless by_hand (Code::failed); then what is too soon
  /// (Code::rate_limited, see next_post_time()), except for an upload that may be public already and is to be
  /// looked up. Code::not_found: no such video. What it refuses changes nothing.
  Result<Claim> claim(const ClaimRequest& request);
  /// Destinations from which something was sent to this account; others must not post to it.
  Result<std::vector<std::string>> destinations_of(std::string_view account);
  /// The posts by which the limits are computed, and when they let the next upload start.
  Result<PostTimes> post_times(std::string_view platform, const RateLimits& limits);
  Result<PostTime> next_post_time(std::string_view platform, const RateLimits& limits);
  /// What the platform of this attempt told of its account: the limits go by it.
  Result<void> note_quota(std::int64_t attempt_id, const Quota& quota);
  /// Marks an upload that came too soon: RATE_LIMITED with `reason`, where the shared row may become that.
  Result<void> note_rate_limited(std::string_view video_id, std::string_view platform,
                                 std::string_view reason);

  /// Renews the lease and notes the bytes. Code::blocked when the attempt is no longer ours: stop at once.
  Result<void> heartbeat(std::int64_t attempt_id, std::int64_t bytes_sent, std::int64_t bytes_total);
  /// Durable when it returns. Code::failed once the attempt may be published: nothing else is begun then.
  Result<void> save_handle(std::int64_t attempt_id, std::string_view handle);
  /// The platform itself says that what was begun makes no post and never will: it no longer counts, and
  /// another may be begun. Durable.
  Result<void> start_over(std::int64_t attempt_id);
  /// Since when nothing but the platform's word on what was begun is waited for, over all tries at it: since
  /// before_publish(), or since the first call.
  Result<TimePoint> waits_since(std::int64_t attempt_id);
  /// The platform said that it has every byte: no try at this post sends any again.
  Result<void> note_acknowledged(std::int64_t attempt_id);
  /// The video whose post this id is, if that is not the one this attempt made.
  Result<std::optional<std::string>> owner_of_post(std::int64_t attempt_id, std::string_view post_id);
  /// What other videos may have posted there without its id being known here.
  Result<std::vector<UnknownPost>> unknown_posts(std::int64_t attempt_id);
  /// "Publishing since now": durable. Before the point of no return. Code::blocked when the attempt is no
  /// longer ours, or the shared row has become SUCCESS meanwhile (the Python program does not look at
  /// leases): then the attempt is over and nothing may be published.
  Result<void> before_publish(std::int64_t attempt_id);
  /// Ends the attempt and sets the shared row in the same transaction: SUCCESS, FAILED / FAILED_FINAL by
  /// count, RATE_LIMITED, PENDING (interrupted; IN_PROGRESS after before_publish, for the next start to look
  /// up), BLOCKED (unconfirmed). A SUCCESS that somebody else wrote meanwhile stays. What webhooks are to be
  /// told of it is written there, too. Returns the shared row.
  /// A post that is another video's becomes a question to a person (BLOCKED). Where another program made the
  /// row a SUCCESS with a post of its own, that stays, with a note that there are two, and both ids are kept
  /// in the history.
  /// Code::blocked when the attempt is no longer ours; only a success is recorded even then, since the post
  /// exists.
  Result<Upload> finish(std::int64_t attempt_id, const Outcome& outcome);

  /// Running attempts whose owner is dead, and those stopped after before_publish, oldest first: to be looked
  /// up on start. Not those of videos that are posted or gone.
  Result<std::vector<Attempt>> unfinished();
  /// What runs, and what may be live and is looked up again: who cancels it is to know.
  Result<std::vector<OnItsWay>> on_their_way();
  /// Every attempt of a video, oldest first.
  Result<std::vector<Attempt>> attempts(std::string_view video_id);

  /// A person's answer about an unclear outcome, or about what evidence says (evidence.h), on a platform of
  /// any name, exactly as it is spelt. `live`: SUCCESS, with the post id given or, without one, that of the
  /// evidence; else FAILED, may be tried again. Webhooks are told of a post that is live. Code::usage when
  /// there is nothing to settle; Code::blocked while an upload of ours runs, and for `not live` while another
  /// program may be at it, unless the person is `sure` of that.
  Result<Upload> settle(std::string_view video_id, std::string_view platform, bool live,
                        const std::optional<std::string>& post_id, bool sure = false);
  /// Takes a row away that means nothing any more; its history stays, and a SUCCESS goes on refusing. On a
  /// known platform not what may be live or runs. Code::not_found: no such row.
  Result<void> forget(std::string_view video_id, std::string_view platform);

 private:
  VideoRegistry& registry_;
};

}  // namespace asfs
