// The requests of TikTok's Content Posting API, each with the access token, and the chunks of the upload
// host, which never see it. What is asked next is decided elsewhere. Used in this folder alone, from one
// thread at a time.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "uploaders/platform/platform_api.h"
#include "uploaders/tiktok/answers.h"

namespace asfs::tiktok {

class Api : public PlatformApi {
 public:
  Api(const UploaderContext& context, Http& http, std::stop_token stop)
      : PlatformApi(context, http, std::move(stop)) {}

  Answered<Creator> creator(Progress alive);
  Answered<Begun> begin(const std::string& post, bool draft, Progress alive);
  Answered<PostStatus> status(const std::string& publish_id, Progress alive);
  Answered<std::vector<ListedPost>> newest_videos();

  /// HTTP status of a chunk's answer.
  Answered<int> put(const std::string& url, HttpBody body, std::string_view type, std::uint64_t offset,
                    std::uint64_t total, Progress progress);

 private:
  HttpRequest post(std::string_view path, std::string content, Progress alive) const;
};

}  // namespace asfs::tiktok
