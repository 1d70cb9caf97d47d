// The requests of TikTok's Content Posting API, each with the access token, and the chunks of the upload
// host, which never see it. What is asked next is decided elsewhere. Used by tiktok*.cpp alone, from one
// thread at a time.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "uploaders/http.h"
#include "uploaders/platforms.h"
#include "uploaders/tiktok_answers.h"

namespace asfs::tiktok {

class Api {
 public:
  using Progress = std::function<void(std::uint64_t sent)>;

  Api(const UploaderContext& context, Http& http, std::stop_token stop)
      : context_(context), http_(http), stop_(std::move(stop)) {}

  Result<void> sign_in();
  /// After the token was refused.
  Result<void> sign_in_again();

  Answered<Creator> creator(Progress alive);
  Answered<Begun> begin(const std::string& post, bool draft, Progress alive);
  Answered<PostStatus> status(const std::string& publish_id, Progress alive);
  Answered<std::vector<ListedVideo>> newest_videos();

  /// HTTP status of a chunk's answer, or why there was none.
  std::expected<int, HttpError> put(const std::string& url, HttpBody body, std::string_view type,
                                    std::uint64_t offset, std::uint64_t total, Progress progress);

 private:
  Result<void> take(Result<std::string> token);
  HttpRequest post(std::string_view path, std::string content, Progress alive) const;

  const UploaderContext& context_;
  Http& http_;
  std::stop_token stop_;
  std::string token_;
};

}  // namespace asfs::tiktok
