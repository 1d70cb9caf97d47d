// Finding the post that an upload made in the list of an account's posts. A post is claimed by its proof, not
// by its words: it must say what ours says, have been made since ours was begun, be as long and as large,
// and be nobody else's; and nothing else may look the same. Pure but for the owners; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uploaders/platform/platform_uploader.h"

namespace asfs {

struct ListedPost {
  std::string id;
  std::string caption;
  std::int64_t made_at = 0;                 ///< unix seconds; 0: not said, and then it proves nothing
  std::optional<double> seconds;            ///< how long the video is
  std::optional<std::uint64_t> bytes = {};  ///< of the file, as it was sent
};

struct OwnPost {
  std::string caption;
  const PostOwners* owners = nullptr;  ///< null: nothing is known of others
  double seconds = 0;                  ///< 0: not known
  std::int64_t since = 0;              ///< unix seconds
  std::uint64_t bytes = 0;             ///< 0: not known
};

struct Found {
  std::optional<std::string> post_id;
  int candidates =
      0;  ///< that look like ours; more than one, or one that could be another's: a person must look
};

/// What the platform's files know: the caption of a post, and the shape of a post's id.
struct PostShape {
  std::string (*caption_of)(const Metadata& metadata, std::string_view video_title);
  bool (*is_id)(std::string_view text);
  std::size_t caption_cut = 0;  ///< the list shows so many characters of a caption; 0: all
};

Found find_own_post(const std::vector<ListedPost>& list, const OwnPost& own, const PostShape& shape);

/// `2026-02-11T08:00:00Z`, and the same with +0000, as unix seconds; 0 for anything else.
std::int64_t unix_time(const std::string& text);

/// The same caption, but for blanks and line breaks; `listed` may be cut off.
bool same_caption(std::string_view listed, std::string_view own, std::size_t cut);

}  // namespace asfs
