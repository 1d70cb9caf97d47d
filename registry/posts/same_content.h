// Where one content is posted, or may be, under whatever id; what was made of it, or it of what, counts as
// the same. That is the same for all videos that have it, so a plan asks once for each content: asked for
// each video it would take the square of their number.
//
// Internal to registry/. Runs inside the caller's transaction; a failing statement throws SqliteError.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "registry/base/sqlite.h"
#include "registry/posts/evidence.h"

namespace asfs {

/// Another video with the same content that is, or may be, on the platform already.
struct Twin {
  std::string video_id;
  std::optional<std::string> post_id;
  std::string since;        ///< local time
  bool posted = false;      ///< false: being uploaded, or its outcome is unclear
  bool other_form = false;  ///< not these very bytes: one was made of the other
};

/// This content, what it was made of, and all else that was made of that.
std::vector<std::string> forms_of(Database& db, std::string_view checksum);

class SameContent {
 public:
  SameContent(Database& db, std::string_view checksum, std::string_view platform);

  /// The first that was posted after `answered_at`, else one that is on its way. What is certain comes first.
  std::optional<Twin> twin_of(std::string_view video_id, std::string_view answered_at) const;
  /// The strongest and then the newest of what was posted after `answered_at`.
  std::optional<Evidence> evidence_for(std::string_view video_id, std::string_view answered_at) const;

 private:
  void add(Database& db, std::string_view checksum, std::string_view platform, bool other_form);

  struct Told {
    Evidence evidence;
    bool of_others;  ///< it is none for the video that it tells of
  };
  std::vector<Twin> posted_, unclear_;    ///< the oldest first
  std::vector<Told> certain_, doubtful_;  ///< the newest first
};

/// Contents that were asked for already. As long as the transaction lasts in which they were.
class KnownContents {
 public:
  const SameContent& of(Database& db, const std::string& checksum, std::string_view platform);

 private:
  std::unordered_map<std::string, SameContent> known_;
};

}  // namespace asfs
