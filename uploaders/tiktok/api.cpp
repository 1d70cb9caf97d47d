#include "uploaders/tiktok/api.h"

#include <fmt/format.h>

#include "registry/base/json.h"
#include "uploaders/tiktok/settings.h"

namespace asfs::tiktok {
namespace {

constexpr std::string_view kCreator = "/v2/post/publish/creator_info/query/";
constexpr std::string_view kInit = "/v2/post/publish/video/init/";
constexpr std::string_view kDraftInit = "/v2/post/publish/inbox/video/init/";
constexpr std::string_view kStatus = "/v2/post/publish/status/fetch/";
constexpr std::string_view kList = "/v2/video/list/?fields=id,create_time,duration,video_description";

}  // namespace

HttpRequest Api::post(std::string_view path, std::string content, Progress alive) const {
  HttpRequest request =
      make("POST", context_.config.of<TikTokConfig>().api_base + std::string(path), std::move(alive));
  request.headers.emplace_back("Authorization", bearer());
  request.headers.emplace_back("Content-Type", "application/json; charset=UTF-8");
  request.content = std::move(content);
  request.stall_timeout = kGlance;
  return request;
}

Answered<Creator> Api::creator(Progress alive) {
  const auto response = send(post(kCreator, "{}", std::move(alive)));
  if (!response) return std::unexpected(response.error());
  return read_creator(*response, context_.clock.now());
}

Answered<Begun> Api::begin(const std::string& body, bool draft, Progress alive) {
  const auto response = send(post(draft ? kDraftInit : kInit, body, std::move(alive)));
  if (!response) return std::unexpected(response.error());
  return read_begun(*response, context_.clock.now());
}

Answered<PostStatus> Api::status(const std::string& publish_id, Progress alive) {
  const std::string body = Json{{"publish_id", publish_id}}.dump();
  const auto response = send(post(kStatus, body, std::move(alive)));
  if (!response) return std::unexpected(response.error());
  return read_status(*response, context_.clock.now());
}

Answered<std::vector<ListedPost>> Api::newest_videos() {
  const auto response = send(post(kList, R"({"max_count":20})", {}));
  if (!response) return std::unexpected(response.error());
  return read_list(*response, context_.clock.now());
}

Answered<int> Api::put(const std::string& url, HttpBody body, std::string_view type, std::uint64_t offset,
                       std::uint64_t total, Progress progress) {
  HttpRequest request = make("PUT", url, std::move(progress));
  request.headers.emplace_back("Content-Type", type);
  request.headers.emplace_back("Content-Range",
                               fmt::format("bytes {}-{}/{}", offset, offset + body.size - 1, total));
  request.body = std::move(body);
  const auto response = send(request);
  if (!response) return std::unexpected(response.error());
  return response->status;
}

}  // namespace asfs::tiktok
