// The requests of YouTube's upload protocol, each with the access token; what is asked next is decided
// elsewhere. Used in this folder alone, from one thread at a time.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "uploaders/platform/platform_api.h"
#include "uploaders/youtube/answers.h"
#include "uploaders/youtube/post.h"

namespace asfs::youtube {

class Api : public PlatformApi {
 public:
  Api(const UploaderContext& context, Http& http, std::stop_token stop)
      : PlatformApi(context, http, std::move(stop)) {}

  /// Begins an upload session for a file of `file_size` bytes described by `post` (JSON).
  Answered<std::string> start(const std::string& post, std::uint64_t file_size, Progress alive);
  /// How far the session is. `file_size` 0: not known.
  Answered<SessionState> ask(const std::string& uri, std::uint64_t file_size, Progress alive);
  /// `body` is the part of the file from `offset` on.
  Answered<SessionState> send(const std::string& uri, HttpBody body, std::uint64_t offset,
                              std::uint64_t total, Progress progress);

  /// What went wrong with a video after it was taken, as far as is known by now. Best effort: the token may
  /// lack the right to read.
  std::optional<std::string> processing_problem(const std::string& video_id, Progress alive);

  /// Whether a video has been processed, as far as is told.
  Answered<bool> is_processed(const std::string& video_id, Progress alive);

  /// How a video stands; `privacy` is what was asked for.
  PostCheck look(const std::string& video_id, std::string_view privacy);

  /// The newest of the channel's own uploads. Three requests, and as many units of the day's quota.
  Answered<std::vector<ListedPost>> newest_uploads(Progress alive);

  /// Sets an image (PNG or JPEG) as a video's thumbnail. What went wrong, for people; the video stands
  /// anyway.
  std::optional<std::string> set_thumbnail(const std::string& video_id, std::string image, Progress alive);

 private:
  HttpRequest call(std::string method, std::string url, Progress progress) const;
  HttpRequest list_request(std::string_view what, Progress alive) const;
  HttpRequest video_request(const std::string& video_id, std::string_view parts, Progress alive) const;
  Answered<SessionState> session_answer(const HttpRequest& request, std::uint64_t total);
};

/// Our video among the channel's uploads since its session was begun.
Answered<Found> find_upload(Api& api, const Handle& handle, OwnPost own, Api::Progress alive);

/// This sign-in may not ask for the channel's uploads: a person must look.
bool may_not_list(const Trouble& trouble);

}  // namespace asfs::youtube
