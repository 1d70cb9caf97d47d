// VideoRegistry: every short video and its upload state on each platform. The specification's class.
//
// One object owns one connection; use it from one thread at a time (open one per thread, that is cheap). Each
// call is one transaction; a failed call changes nothing. Other processes, the Python program among them, may
// work on the same file at the same time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/base/sqlite.h"
#include "registry/store/library.h"
#include "registry/store/video.h"

namespace asfs {

struct NewVideo {
  std::string id;
  std::string file_path;
  std::string title;  ///< empty: the file's stem
  double duration = 0.0;
  std::optional<std::string> checksum;
  std::optional<FileFacts> facts;  ///< of the content with this checksum
  bool duplicate_allowed = false;
  std::string metadata_json;  ///< what its posts are to say where nobody says otherwise; may be empty
};

/// The answer of can_upload().
struct UploadPermission {
  bool allowed = false;
  std::string reason;      ///< why not, with when and where it was posted; empty when allowed
  bool duplicate = false;  ///< refused because it is posted or blocked: allowing duplicates would lift that
  bool running = false;    ///< refused because somebody is at it
  std::string twin = {};   ///< refused for the sake of this other video, which has the same content
};

class VideoRegistry {
 public:
  static Result<VideoRegistry> open(const Library& library, const Clock& clock = system_clock());
  /// As open(), but of a library that cannot be written (a read-only or full disk, no permission) what any
  /// program stores can still be read: videos and their uploads. Its changes fail.
  static Result<VideoRegistry> open_to_read(const Library& library, const Clock& clock = system_clock());

  /// Fails with Code::blocked when the id is taken, Code::usage when it is empty or not UTF-8.
  Result<void> register_video(const NewVideo& video);
  Result<std::optional<Video>> get_video(std::string_view video_id);
  /// The video whose content has this checksum, the oldest when there are several.
  Result<std::optional<Video>> find_by_checksum(std::string_view checksum);
  /// Newest first.
  Result<std::vector<Video>> get_all_videos();
  Result<std::optional<Upload>> get_upload_status(std::string_view video_id, std::string_view platform);

  /// May this video go to this platform now? No after a SUCCESS, even one that another program has
  /// overwritten since, and for a BLOCKED row (unless duplicates are allowed); while an upload runs; and
  /// while an earlier outcome is unclear. FAILED_FINAL is a no for automatic retries; `by_hand` lifts that
  /// one. Code::not_found: no such video.
  Result<UploadPermission> can_upload(std::string_view video_id, std::string_view platform,
                                      bool by_hand = false);

  /// Writes one status, keeping retry_count (SUCCESS resets it to 0). Refused with Code::blocked when
  /// allowed_transition() says no, and while an attempt of the upload ledger runs: only that may say how it
  /// goes.
  Result<void> record_upload_attempt(std::string_view video_id, std::string_view platform,
                                     UploadStatus status,
                                     const std::optional<std::string>& platform_post_id = std::nullopt,
                                     const std::optional<std::string>& error_message = std::nullopt);

  /// One more failure: returns the new count; the row becomes FAILED, or FAILED_FINAL after the fourth.
  Result<int> increment_retry_count(std::string_view video_id, std::string_view platform,
                                    const std::optional<std::string>& error_message = std::nullopt);

  Result<void> set_duplicate_allowed(std::string_view video_id, bool allowed);
  /// Those of them that exist.
  Result<void> set_duplicate_allowed(std::span<const std::string> video_ids, bool allowed);
  Result<void> set_title(std::string_view video_id, std::string_view title);
  /// What its posts are to say where nobody says otherwise, a JSON document; "{}" when there is none.
  Result<std::string> get_metadata(std::string_view video_id);
  /// As it was registered with its present checksum; nullopt when another program did that.
  Result<std::optional<FileFacts>> get_file_facts(std::string_view video_id);
  /// New documents for these videos, all in one transaction. `change` gets an index into `ids` and what that
  /// video says so far; an id may stand there twice. An Error of it, and Code::not_found for an unknown id,
  /// leave everything as it was.
  Result<void> change_metadata(
      std::span<const std::string> ids,
      const std::function<Result<std::string>(std::size_t, const std::string&)>& change);
  /// Absolute, or relative to the library.
  Result<void> set_file_path(std::string_view video_id, std::string_view file_path);
  /// Removes the row and its uploads (their history stays). Refused with Code::blocked while an upload runs.
  Result<void> delete_video(std::string_view video_id);

  /// Opens the library again when it was moved, or its drive was away, and is back. Call it now and then
  /// where a registry is kept for long. Code::library while it is gone, or another one lies in its place.
  Result<void> follow();

  const Library& library() const { return library_; }
  const Clock& clock() const { return *clock_; }
  Database& database() { return *db_; }

 private:
  VideoRegistry(Library library, const Clock& clock, std::unique_ptr<Database> db)
      : library_(std::move(library)), clock_(&clock), db_(std::move(db)) {}

  Library library_;
  const Clock* clock_;
  std::unique_ptr<Database> db_;
};

/// The Error for an id that is not in the registry (Code::not_found).
Error no_such_video(std::string_view video_id);

}  // namespace asfs
