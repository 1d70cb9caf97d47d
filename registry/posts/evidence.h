// Posts that are known from elsewhere than a video's row and our own attempts: the audit trail, rows that
// were deleted or overwritten, words in a row, a file that was written over. What is tied to the content is a
// duplicate; what only bears the same id may be of another video, for the Python program calls every source's
// first clip clip_001, and is a question to a person.
//
// Internal to registry/. What takes a Database runs in the caller's transaction; a failing statement throws
// SqliteError.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/base/sqlite.h"

namespace asfs {

struct Evidence {
  std::string source;    ///< `audit/events.db`, `the history of clip_001`; "" for our own attempts
  std::string video_id;  ///< under which it was posted
  std::string at;        ///< local time
  std::optional<std::string> post_id;
  bool certain = false;     ///< of this very content
  bool other_form = false;  ///< or of one that was made of it, or it of that
};

/// Of a row with these columns: time, post id, certain, anything, source, and the words of a row that is
/// BLOCKED, which alone tell of a post: nullopt when they do not.
std::optional<Evidence> read_evidence(const Statement& row);

/// When a person last answered that it is not live there; "" for never.
std::string answered_at(Database& db, std::string_view video_id, std::string_view platform);
void note_answer(Database& db, std::string_view video_id, std::string_view platform, std::string_view at);

/// A post of `video_id` that turned out to be of the content `checksum`, or may be.
void note_evidence(Database& db, const Evidence& evidence, std::string_view platform,
                   const std::optional<std::string>& checksum);

/// A post that words tell of: `already uploaded to Instagram at 2026-02-11T08:00:00 (Post ID: abc)`, as the
/// Python program writes into the row of the very post that it forgets by that.
struct LostPost {
  std::string at;  ///< "" when the words give no time
  std::optional<std::string> post_id;
};
std::optional<LostPost> lost_post_in(std::string_view words);

/// The Python program writes such texts in place of an id when it did not see the post appear.
bool is_inconclusive(std::string_view post_id);

}  // namespace asfs
