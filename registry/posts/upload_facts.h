// How one video stands on one platform, and whether an upload may start: the one judgement behind
// VideoRegistry::can_upload() and UploadLedger::claim().
//
// Internal to registry/. Runs inside the caller's transaction; a failing statement throws SqliteError.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/base/sqlite.h"
#include "registry/posts/attempt.h"
#include "registry/posts/evidence.h"
#include "registry/posts/same_content.h"
#include "registry/store/video.h"

namespace asfs {

/// The attempt that may have left something unfinished on the platform; there is at most one.
struct OpenAttempt {
  std::int64_t id = 0;
  std::string state;
  bool alive = false;  ///< running, its lease not over and its process not gone
  std::string owner;
  std::string since;  ///< local time
  std::optional<std::string> handle;
  bool maybe_published = false;
  std::int64_t chain = 0;                ///< the first attempt at this very post
  std::optional<TimePoint> waits_since;  ///< nothing but the platform's word is waited for
  bool acknowledged = false;             ///< the platform said that it has every byte
  bool same_content = true;              ///< as the video has now, as far as the checksums tell
  std::string row_timestamp;             ///< of the IN_PROGRESS row it wrote
  std::string metadata_json;
  std::string account;  ///< whose it goes to; "" while that is not known

  bool is(AttemptState wanted) const { return state == name_of(wanted); }
};

struct UploadFacts {
  std::string video_id;
  std::string platform;
  std::optional<std::string> checksum;
  bool duplicate_allowed = false;
  std::optional<Upload> row;
  std::optional<OpenAttempt> attempt;
  std::string answered_at;           ///< what was known up to then a person has answered; "" for nothing
  std::optional<Twin> twin;          ///< only looked up while it decides, as the next
  std::optional<Evidence> evidence;  ///< a post that the row does not tell of
  std::string last_event;            ///< when the audit trail last heard of it, local time; "" for never
  TimePoint now;                     ///< when it was looked at
};

/// nullopt: no such video. Who asks for many in one transaction gives `known`.
std::optional<UploadFacts> load_upload_facts(Database& db, const Clock& clock, std::string_view video_id,
                                             std::string_view platform, KnownContents* known = nullptr);

struct Refusal {
  Code code = Code::blocked;
  std::string reason;
  bool duplicate = false;  ///< posted already: allowing duplicates would lift it
  bool running = false;    ///< somebody is at it
  std::string twin = {};   ///< the other video whose post, or upload, it is about; "": none
};

/// Why no upload may start now; nullopt when it may.
std::optional<Refusal> why_not(const UploadFacts& standing, bool by_hand);

/// Why its row may not be taken away; nullopt when it may.
std::optional<Error> why_not_forget(const UploadFacts& standing);

/// How long another program is taken for alive without a word.
inline constexpr std::chrono::hours kForeignPatience{1};

/// Another program's row says that it uploads, and that is no longer ago than a living upload takes.
bool another_may_be_uploading(const UploadFacts& standing);
std::string another_uploads(const UploadFacts& standing);

/// `clip_001 is being uploaded to YouTube by pid 123 on host since 2026-02-11 08:00`.
std::string busy_reason(const UploadFacts& standing);

/// `look on YouTube, then: asfs-videos settle clip_001 YouTube live|not-live`.
std::string settle_hint(std::string_view video_id, std::string_view platform);

/// `clip_001 is already on Instagram (post 1784…, 2026-02-11 08:00)`: the reason for a duplicate, told in one
/// place.
std::string already_posted_reason(std::string_view video_id, std::string_view platform,
                                  std::string_view post_id, std::string_view timestamp);
std::string already_posted_reason(std::string_view video_id, const Upload& upload);

}  // namespace asfs
