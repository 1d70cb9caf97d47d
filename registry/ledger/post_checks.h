// Posts to be looked at once more, some minutes after they were made: a platform may reject a video late, or
// show it to fewer people than asked for. Kept in the library, so that any later run asks.
//
// A SUCCESS stays a SUCCESS whatever is found, since nothing is ever posted again on its own; what the
// platform did is noted in the row's error_message, for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/videos/video_registry.h"

namespace asfs {

struct PostToCheck {
  std::string video_id;
  std::string platform;
  std::string post_id;
  std::string metadata_json;
  std::string place;  ///< address of the platform it was made on: only that one can tell
  int tries = 0;      ///< how often it was looked at in vain
  std::string account =
      {};  ///< whose post it is, as far as that is known: only as that one it can be asked for
};

/// What a look at the post found.
struct PostFinding {
  std::optional<TimePoint> again_at;   ///< not settled yet: look again then
  std::optional<std::string> note;     ///< what is wrong with the post; nothing: all is as it should be
  std::optional<std::string> post_id;  ///< its final id, when it is known only now
};

/// Due now, oldest first. `all`: those that are not due yet as well.
Result<std::vector<PostToCheck>> posts_to_check(VideoRegistry& registry, bool all = false);

/// Writes down what was found, with a line in the audit trail when the row changed by it. Does nothing when
/// the row has meanwhile become another post's. The row as it is now; nullopt when there is none.
Result<std::optional<Upload>> record_post_check(VideoRegistry& registry, const PostToCheck& post,
                                                const PostFinding& finding);

/// Within the caller's transaction: the post is to be looked at, at `due`.
void schedule_post_check(Database& db, const PostToCheck& post, TimePoint due);

}  // namespace asfs
