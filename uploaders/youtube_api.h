// The requests of YouTube's upload protocol, each with the access token; what is asked next is decided
// elsewhere. Used by youtube.cpp alone, from one thread at a time.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "uploaders/http.h"
#include "uploaders/platforms.h"
#include "uploaders/youtube_answers.h"

namespace asfs::youtube {

class Api {
 public:
  /// Hears the bytes of the running request, about once a second at least.
  using Progress = std::function<void(std::uint64_t sent)>;

  Api(const UploaderContext& context, Http& http, std::stop_token stop)
      : context_(context), http_(http), stop_(std::move(stop)) {}

  Result<void> sign_in();
  /// After the token was refused.
  Result<void> sign_in_again();

  /// Begins an upload session for a file of `file_size` bytes described by `post` (JSON).
  Answer start(const std::string& post, std::uint64_t file_size, Progress alive);
  /// How far the session is. `file_size` 0: not known. `timeout`: at most this long without a sign of life.
  Answer ask(const std::string& uri, std::uint64_t file_size, Progress alive,
             std::optional<std::chrono::seconds> timeout = {});
  /// `body` is the part of the file from `offset` on.
  Answer send(const std::string& uri, HttpBody body, std::uint64_t offset, std::uint64_t total,
              Progress progress);

  /// What went wrong with a video after it was taken, as far as is known by now. Best effort: the token may
  /// lack the right to read.
  std::optional<std::string> processing_problem(const std::string& video_id, Progress alive);

  /// How a video stands; `privacy` is what was asked for.
  PostCheck look(const std::string& video_id, std::string_view privacy);

  /// Sets an image (PNG or JPEG) as a video's thumbnail. What went wrong, for people; the video stands
  /// anyway.
  std::optional<std::string> set_thumbnail(const std::string& video_id, std::string image, Progress alive);

 private:
  Result<void> take(Result<std::string> token);
  HttpRequest make(std::string method, std::string url, Progress progress) const;
  HttpRequest list_request(const std::string& video_id, std::string_view parts, Progress alive) const;
  Answer session_answer(const HttpRequest& request, std::uint64_t total);

  const UploaderContext& context_;
  Http& http_;
  std::stop_token stop_;
  std::string token_;
};

}  // namespace asfs::youtube
