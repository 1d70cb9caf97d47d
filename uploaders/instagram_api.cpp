#include "uploaders/instagram_api.h"

#include <fmt/format.h>

namespace asfs::instagram {
namespace {

constexpr std::string_view kName = "Instagram";
constexpr std::string_view kStatusFields = "id,status,status_code,video_status";
constexpr std::chrono::seconds kGlance{20};  // a question that moves no bytes
constexpr std::int64_t kClocksApart = 60;    // seconds that our clock and Instagram's may disagree by

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

HttpRequest Api::make(std::string method, std::string_view call, Progress alive) const {
  const InstagramConfig& config = context_.config.instagram;
  HttpRequest request;
  request.method = std::move(method);
  request.url = fmt::format("{}/{}/{}", config.api_base, config.api_version, call);
  request.headers.emplace_back("Authorization", "Bearer " + token_);
  request.on_progress = std::move(alive);
  request.connect_timeout = std::chrono::seconds(context_.config.upload.connect_timeout_s);
  request.stall_timeout = kGlance;
  request.stop = stop_;
  return request;
}

std::expected<HttpResponse, Trouble> Api::send(const HttpRequest& request) {
  auto response = http_.send(request);
  if (!response) return std::unexpected(read_failure(response.error()));
  return *std::move(response);
}

Answered<std::string> Api::user() {
  if (std::string noted = context_.credentials.account_id(kName); !noted.empty()) return noted;
  const auto origin = url_origin(context_.config.instagram.api_base);
  const bool instagram_login = origin && origin->host == "graph.instagram.com";
  const auto response =
      send(make("GET",
                instagram_login ? "me?fields=user_id,username"
                                : "me/accounts?fields=id,instagram_business_account&limit=100",
                {}));
  if (!response) return std::unexpected(response.error());
  return read_user(*response, context_.clock.now());
}

Answered<Quota> Api::quota(const std::string& user, Progress alive) {
  const auto response =
      send(make("GET", user + "/content_publishing_limit?fields=config,quota_usage", std::move(alive)));
  if (!response) return std::unexpected(response.error());
  return read_quota(*response, context_.clock.now());
}

Answered<Container> Api::make_container(const std::string& user, const Form& form, Progress alive) {
  HttpRequest request = make("POST", user + "/media", std::move(alive));
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.content = form_text(form);
  const auto response = send(request);
  if (!response) return std::unexpected(response.error());
  return read_container(*response, context_.clock.now());
}

Answered<ContainerStatus> Api::status(const std::string& container, Progress alive) {
  const auto response =
      send(make("GET", fmt::format("{}?fields={}", container, kStatusFields), std::move(alive)));
  if (!response) return std::unexpected(response.error());
  return read_status(*response, context_.clock.now());
}

Answered<std::string> Api::publish(const std::string& user, const std::string& container, Progress alive) {
  HttpRequest request = make("POST", user + "/media_publish", std::move(alive));
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.content = form_text({{"creation_id", container}});
  request.stall_timeout = std::chrono::seconds(context_.config.upload.stall_timeout_s);
  const auto response = send(request);
  if (!response) return std::unexpected(response.error());
  return read_id(*response, context_.clock.now());
}

Answered<std::vector<Media>> Api::media_since(const std::string& user, std::int64_t since) {
  const auto response = send(
      make("GET", fmt::format("{}/media?fields=id,caption,timestamp&limit=25&since={}", user, since), {}));
  if (!response) return std::unexpected(response.error());
  return read_media_list(*response, context_.clock.now());
}

Answered<std::string> Api::permalink(const std::string& id) {
  const auto response = send(make("GET", id + "?fields=id,permalink", {}));
  if (!response) return std::unexpected(response.error());
  return read_permalink(*response, context_.clock.now());
}

std::optional<Trouble> Api::send(const std::string& uri, HttpBody body, std::uint64_t offset,
                                 std::uint64_t total, Progress progress) {
  HttpRequest request;
  request.method = "POST";
  request.url = uri;
  request.headers.emplace_back("Authorization", "OAuth " + token_);
  request.headers.emplace_back("Content-Type", "application/octet-stream");
  request.headers.emplace_back("offset", std::to_string(offset));
  request.headers.emplace_back("file_size", std::to_string(total));
  request.body = std::move(body);
  request.on_progress = std::move(progress);
  request.connect_timeout = std::chrono::seconds(context_.config.upload.connect_timeout_s);
  request.stall_timeout = std::chrono::seconds(context_.config.upload.stall_timeout_s);
  request.stop = stop_;
  const auto response = send(request);
  if (!response) return response.error();
  return read_upload(*response, context_.clock.now());
}

Answered<std::optional<std::string>> find_media(Api& api, const Handle& handle, std::string_view caption) {
  if (caption.empty()) return std::nullopt;
  const std::int64_t since = handle.publishing_since - kClocksApart;
  const auto list = api.media_since(handle.user, since);
  if (!list) return std::unexpected(list.error());
  std::vector<std::string> ids;
  for (const Media& media : *list)
    if (media.timestamp >= since && same_caption(media.caption, caption)) ids.push_back(media.id);
  return ids.size() == 1 ? std::optional(ids.front()) : std::nullopt;
}

}  // namespace asfs::instagram
