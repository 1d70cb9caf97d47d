// Whether a video was posted, by all that is known from elsewhere than its row (evidence.h).
//
// Internal to registry/. Runs inside the caller's transaction; a failing statement throws SqliteError.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/base/sqlite.h"
#include "registry/posts/evidence.h"
#include "registry/posts/same_content.h"

namespace asfs {

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

/// The strongest and then the newest; nullopt for none. `content`: what is known of its content under other
/// ids, null where the content is not known.
std::optional<Evidence> find_evidence(Database& db, const EvidenceQuery& query, const SameContent* content);

}  // namespace asfs
