// What YouTube's answers mean, as one table of status and reason. Pure; any thread. Used in this folder
// alone.
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

namespace asfs::youtube {

/// How an upload session stands.
struct SessionState {
  std::string video_id;      ///< complete; empty: not yet, and then
  std::uint64_t stored = 0;  ///< bytes are there
  std::string moved_to;      ///< the session's new address, if it moved
};

/// The session's address in the answer to the initiation.
Answered<std::string> read_initiation(const HttpResponse& response, TimePoint now);

/// The answer to sent bytes or to a status query on a session for `total` bytes. Kind::unknown: it is not
/// known (any more). Kind::restart: it has failed for good.
Answered<SessionState> read_session_answer(const HttpResponse& response, std::uint64_t total, TimePoint now);

/// What a refusal says, for people.
std::string read_refusal(const HttpResponse& response, TimePoint now);

/// Whether videos.list says that a video has been processed, well or not; true where it does not say.
Answered<bool> is_processed(const HttpResponse& response, TimePoint now);

/// What videos.list says went wrong with a video after it was taken; nullopt when nothing is known to be
/// wrong.
std::optional<std::string> processing_problem(const HttpResponse& response);

/// The same as a post's state some time after it was made; `privacy` is what was asked for.
PostCheck read_post_check(const HttpResponse& response, std::string_view privacy);

/// Of channels.list: the list of the channel's own uploads.
Answered<std::string> read_uploads_list(const HttpResponse& response, TimePoint now);
/// Of playlistItems.list: which videos are in it.
Answered<std::vector<std::string>> read_listed_ids(const HttpResponse& response, TimePoint now);
/// Of videos.list: what tells them apart.
Answered<std::vector<ListedPost>> read_videos(const HttpResponse& response, TimePoint now);

/// 11 characters of A-Z a-z 0-9 - _
bool is_video_id(std::string_view text);

/// Why a session URI may not be used, if so: the access token goes along with it, so only to the upload host
/// or, when that is Google's, to another of Google's API hosts.
std::optional<std::string> session_refusal(std::string_view uri, std::string_view upload_base);

/// A stored session URI as it is to be used now: practice platforms may have come back on another port.
std::string current_session_uri(std::string_view handle, std::string_view upload_base);

}  // namespace asfs::youtube
