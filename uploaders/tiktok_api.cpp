#include "uploaders/tiktok_api.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace asfs::tiktok {
namespace {

constexpr std::string_view kName = "TikTok";
constexpr std::string_view kCreator = "/v2/post/publish/creator_info/query/";
constexpr std::string_view kInit = "/v2/post/publish/video/init/";
constexpr std::string_view kDraftInit = "/v2/post/publish/inbox/video/init/";
constexpr std::string_view kStatus = "/v2/post/publish/status/fetch/";
constexpr std::string_view kList = "/v2/video/list/?fields=id,create_time,video_description";
constexpr std::chrono::seconds kGlance{20};  // a question that moves no bytes

}  // namespace

Result<void> Api::sign_in() {
  return take(context_.credentials.access_token(kName));
}

Result<void> Api::sign_in_again() {
  return take(context_.credentials.refreshed_token(kName));
}

Result<void> Api::take(Result<std::string> token) {
  if (!token) return std::unexpected(std::move(token.error()));
  token_ = std::move(*token);
  return {};
}

HttpRequest Api::post(std::string_view path, std::string content, Progress alive) const {
  HttpRequest request;
  request.method = "POST";
  request.url = context_.config.tiktok.api_base + std::string(path);
  request.headers.emplace_back("Authorization", "Bearer " + token_);
  request.headers.emplace_back("Content-Type", "application/json; charset=UTF-8");
  request.content = std::move(content);
  request.on_progress = std::move(alive);
  request.connect_timeout = std::chrono::seconds(context_.config.upload.connect_timeout_s);
  request.stall_timeout = kGlance;
  request.stop = stop_;
  return request;
}

Answered<Creator> Api::creator(Progress alive) {
  const auto response = http_.send(post(kCreator, "{}", std::move(alive)));
  if (!response) return std::unexpected(read_failure(response.error()));
  return read_creator(*response, context_.clock.now());
}

Answered<Begun> Api::begin(const std::string& body, bool draft, Progress alive) {
  const auto response = http_.send(post(draft ? kDraftInit : kInit, body, std::move(alive)));
  if (!response) return std::unexpected(read_failure(response.error()));
  return read_begun(*response, context_.clock.now());
}

Answered<PostStatus> Api::status(const std::string& publish_id, Progress alive) {
  const std::string body = nlohmann::json{{"publish_id", publish_id}}.dump();
  const auto response = http_.send(post(kStatus, body, std::move(alive)));
  if (!response) return std::unexpected(read_failure(response.error()));
  return read_status(*response, context_.clock.now());
}

Answered<std::vector<ListedVideo>> Api::newest_videos() {
  const auto response = http_.send(post(kList, R"({"max_count":20})", {}));
  if (!response) return std::unexpected(read_failure(response.error()));
  return read_list(*response, context_.clock.now());
}

std::expected<int, HttpError> Api::put(const std::string& url, HttpBody body, std::string_view type,
                                       std::uint64_t offset, std::uint64_t total, Progress progress) {
  HttpRequest request;
  request.method = "PUT";
  request.url = url;
  request.headers.emplace_back("Content-Type", type);
  request.headers.emplace_back("Content-Range",
                               fmt::format("bytes {}-{}/{}", offset, offset + body.size - 1, total));
  request.body = std::move(body);
  request.on_progress = std::move(progress);
  request.connect_timeout = std::chrono::seconds(context_.config.upload.connect_timeout_s);
  request.stall_timeout = std::chrono::seconds(context_.config.upload.stall_timeout_s);
  request.stop = stop_;
  const auto response = http_.send(request);
  if (!response) return std::unexpected(response.error());
  return response->status;
}

}  // namespace asfs::tiktok
