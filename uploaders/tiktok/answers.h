// What TikTok's answers mean: the envelope of the API, its error codes and the reasons of a failed post, as
// tables. Pure; any thread. Used in this folder alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "uploaders/platform/own_post.h"
#include "uploaders/platform/trouble.h"
#include "uploaders/transfer/http.h"

namespace asfs::tiktok {

/// The API's word for: TikTok has not audited the app. What to do about it depends on the post.
inline constexpr std::string_view kUnaudited = "unaudited_client_can_only_post_to_private_accounts";

struct Creator {
  std::string username;
  std::vector<std::string> privacy_levels;  ///< offered
  bool comment_disabled = false, duet_disabled = false, stitch_disabled = false;
  int max_duration_s = 0;  ///< 0: not said
};

struct Begun {
  std::string publish_id;
  std::string upload_url;
};

struct PostStatus {
  enum class State : std::uint8_t {
    uploading,  ///< bytes are due, or all are there and it is being processed
    in_inbox,   ///< delivered as a draft
    complete,   ///< published
    failed,     ///< `trouble` says why and what it means
  };
  State state = State::uploading;
  std::optional<std::uint64_t> uploaded_bytes;
  std::vector<std::string> post_ids;  ///< digits; empty while moderated, or when not public
  bool restart = false;               ///< failed, but a new try may work
  Trouble trouble;
};

Answered<Creator> read_creator(const HttpResponse& response, TimePoint now);
Answered<Begun> read_begun(const HttpResponse& response, TimePoint now);
Answered<PostStatus> read_status(const HttpResponse& response, TimePoint now);
Answered<std::vector<ListedPost>> read_list(const HttpResponse& response, TimePoint now);

/// The answer of the upload host to a chunk.
enum class ChunkAnswer : std::uint8_t { taken, all_taken, dead_url, again, refused };
ChunkAnswer read_chunk(int status);

/// 15 to 20 digits.
bool is_post_id(std::string_view text);

}  // namespace asfs::tiktok
