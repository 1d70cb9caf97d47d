// Posts that are known from elsewhere than a video's row and our own attempts: the audit trail, rows that
// were deleted or overwritten, words in a row, a file that was written over. What is tied to the content is a
// duplicate; what only bears the same id may be of another video, for the Python program calls every source's
// first clip clip_001, and is a question to a person.
//
// The registry's thread. Inside registry/; the functions that take a Database run in the caller's transaction
// and throw SqliteError.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/sqlite.h"
#include "registry/video_registry.h"

namespace asfs {

struct Evidence {
  std::string source;    ///< `audit/events.db`, `the history of clip_001`; "" for our own attempts
  std::string video_id;  ///< under which it was posted
  std::string at;        ///< local time
  std::optional<std::string> post_id;
  bool certain = false;  ///< of this very content
};

/// Reads what audit/events.db tells and has not told before into tables of our own, where it can be looked up
/// by id, content and time. Cheap when nothing is new. What cannot be read is left for the next time.
Result<void> read_audit_trail(VideoRegistry& registry, std::stop_token stop = {});

/// The same for all who judge whether something was posted: an audit trail that cannot be read stops nobody.
void know_audit_trail(VideoRegistry& registry, std::stop_token stop = {});

/// Of whom evidence is wanted.
struct EvidenceQuery {
  std::string_view video_id;
  std::string_view platform;
  std::optional<std::string> checksum;  ///< of the content that would be sent
  bool registered = true;               ///< it is the video's own; false: of a file that is newer than a post
  std::string_view file_path;
  std::string_view created_at;
  std::string_view answered_at;  ///< what was known up to then a person has answered; "" for nothing
};

class SameContent;

/// The strongest and then the newest; nullopt for none. `content`: what is known of its content under other
/// ids, null where the content is not known.
std::optional<Evidence> find_evidence(Database& db, const EvidenceQuery& query, const SameContent* content);

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
