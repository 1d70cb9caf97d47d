// The contract between the upload stage and one platform. Read this first.
//
// A PlatformUploader sends one video to one platform by that platform's protocol and says how it ended. It
// never writes to the registry, never decides about retries beyond the running attempt, and never guesses: an
// outcome it cannot know is ErrorClass::doubt. Through its UploadAttempt it must hand out the resume handle
// before the first byte, and call before_publish() before the step after which a post may exist.
//
// The one rule against second posts is kept by the attempt, for all platforms, by what the ledger has written
// down: once a post may exist, nothing is begun and no video is sent any more, whatever is or is not
// answered, until the platform says in its own words that what was begun makes no post. Until then it is only
// asked.
//
// One object serves one upload at a time, on one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/ledger/upload_ledger.h"
#include "registry/store/rate_limits.h"
#include "uploaders/metadata/metadata.h"
#include "uploaders/transfer/video_file.h"

namespace asfs {

/// What kind of failure it was; the upload stage decides by it what comes next.
enum class ErrorClass : std::uint8_t {
  none,
  transient,     ///< may work later as it is
  processing,    ///< all was sent, and the platform is still at work: ask again later
  rate_limited,  ///< not before `retry_at`
  needs_login,   ///< the account's sign-in is over
  account,       ///< the account or the app does not allow it: no video of this account can go there now
  offline,       ///< no connection could be made, and no byte of the video was sent in this try
  permanent,     ///< will not work until the user changes something
  changed_file,  ///< the file is not the registered one any more
  cancelled,     ///< stopped by a person; resumable
  doubt,         ///< the post may exist; must be looked up, never repeated on a guess
};

/// The specification's result, grown by what a real upload needs.
struct UploadResult {
  bool success = false;
  std::optional<std::string> platform_post_id;
  std::optional<std::string> error_message;
  ErrorClass error_class = ErrorClass::none;
  std::optional<TimePoint> retry_at;
  std::string link;          ///< to the post, where its id alone does not give it
  std::string warning;       ///< the post stands, but something beside it did not work
  bool resumable = false;    ///< the handle is still good: a later try may go on from it
  bool got_further = false;  ///< resumable, and the platform has more of it than before this try
};

/// Whose posts are whose, as the ledger knows: what no look-up among an account's posts may take.
class PostOwners {
 public:
  virtual ~PostOwners() = default;
  /// The post is known as that of another video, or as another post of this one.
  virtual bool is_anothers(std::string_view post_id) const = 0;
  /// Posts of other videos that may exist and are not known by a post's id.
  virtual std::vector<UnknownPost> unknown_posts() const = 0;
};

/// What the platform says about an unfinished upload.
struct Reconciliation {
  enum class State : std::uint8_t {
    done,      ///< the post exists
    part,      ///< unfinished; upload() with this handle goes on from bytes_received
    not_made,  ///< no post, unless all may have been sent: start anew
    unclear,   ///< the platform says that it no longer knows; a person must look
    failed,    ///< could not be asked just now; `error` says why
  };
  State state = State::failed;
  std::optional<std::string> post_id;
  std::uint64_t bytes_received = 0;
  UploadResult error;
};

/// An attempt that did not end: what is known about it here.
struct Unfinished {
  std::string handle;
  std::uint64_t file_size = 0;   ///< of the video, 0 when it is not known
  bool maybe_published = false;  ///< it had passed before_publish()
  Metadata metadata;             ///< what its post says
  std::string video_title;
  double video_seconds = 0;  ///< 0 when it is not known
  const PostOwners* owners = nullptr;
};

/// What the platform says about a post some time after it was made.
struct PostCheck {
  enum class State : std::uint8_t {
    kept,        ///< it is there
    processing,  ///< not settled yet: ask again later
    restricted,  ///< it is there, but not as asked for: `detail` says how it is seen
    gone,        ///< rejected, failed in processing or removed: `detail` says why
    unknown,     ///< could not be asked: `detail` says why
  };
  State state = State::unknown;
  std::string detail;                  ///< for people
  std::optional<std::string> post_id;  ///< when it is known only now (TikTok after its moderation)
  std::string link = {};               ///< to the post, where its id alone does not give it (Instagram)
};

std::string_view name_of(PostCheck::State state);

enum class UploadStep : std::uint8_t { checking, looking_up, starting, sending, publishing, waiting, done };
std::string_view name_of(UploadStep step);

/// What an uploader may ask of the stage that runs it. Calls come on the upload's thread.
class UploadAttempt {
 public:
  virtual ~UploadAttempt() = default;
  virtual VideoFile& video() = 0;
  virtual std::string_view video_title() const = 0;
  virtual double video_seconds() const = 0;  ///< 0 when it is not known
  /// Of an unfinished attempt, already looked up as `part`; empty for a new upload.
  virtual std::string handle() const = 0;
  virtual const PostOwners& owners() const = 0;
  /// Past before_publish(), in this try or in an earlier one that it goes on from: a post may exist.
  virtual bool maybe_published() const = 0;
  /// The platform said that it has every byte, in this try or in an earlier one: none is sent again.
  virtual bool acknowledged() const = 0;

  /// Durable when it returns. Fails when the upload is no longer ours, and once a post may exist.
  Result<void> save_handle(std::string_view handle);
  /// Before bytes of the video go out. Fails once a post may exist.
  Result<void> before_bytes() const;
  /// Before the step after which a post may exist. Durable. Fails when the upload is no longer ours; then
  /// nothing more may be sent.
  virtual Result<void> before_publish() = 0;
  /// What was begun comes to nothing, and another may be begun. Fails once a post may exist, except where
  /// the platform itself says that it has made none and never will (`no_post`). Durable.
  Result<void> start_over(bool no_post);
  /// All was sent: from now on only the platform's word is waited for, and after a day a person is asked.
  virtual void wait_for_word() = 0;
  /// The platform says that it has every byte.
  virtual void note_acknowledged() = 0;
  /// What the platform told of the account's posts in 24 hours: the queue goes by it.
  virtual void note_quota(const Quota& quota) = 0;
  /// Cheap; call often. Keeps the lease alive.
  virtual void progress(UploadStep step, std::uint64_t sent, std::uint64_t total) = 0;
  virtual std::stop_token stop() const = 0;

 private:
  virtual Result<void> keep_handle(std::string_view handle) = 0;
  virtual Result<void> forget_begun() = 0;
};

class PlatformUploader {
 public:
  virtual ~PlatformUploader() = default;
  virtual UploadResult upload(const std::filesystem::path& video_path, const Metadata& metadata,
                              UploadAttempt& attempt) = 0;
  /// The metadata against the platform's limits, before anything is sent: Code::usage names field, limit and
  /// actual.
  virtual Result<void> check(const Metadata& metadata, std::string_view video_title,
                             std::uint64_t file_size) const = 0;
  /// Of just what upload() would send.
  virtual PostPreview preview(const Metadata& metadata, std::string_view video_title) const = 0;
  /// What the platform takes, but shows to fewer or may refuse: "" or a line for people.
  virtual std::string advice(const Metadata& metadata, std::string_view video_title,
                             std::uint64_t file_size) const;
  /// Looks an unfinished upload up by its handle. Sends no video byte. not_made is also the answer for a
  /// session that is no longer known: whether all of it may have been sent before is for the caller to know.
  virtual Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop) = 0;
  /// Whether the platform kept a post, and as what. One or two requests; never throws away a post.
  virtual PostCheck look_at_post(std::string_view post_id, const Metadata& metadata,
                                 std::stop_token stop) = 0;
};

}  // namespace asfs
