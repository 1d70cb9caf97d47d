#include "uploaders/instagram/api.h"

#include <fmt/format.h>

#include "uploaders/instagram/settings.h"

namespace asfs::instagram {
namespace {

constexpr std::string_view kStatusFields = "id,status,status_code,video_status";
constexpr std::string_view kFewerFields = "id,status,status_code";

}  // namespace

HttpRequest Api::call(std::string method, std::string_view path, Progress alive) const {
  const InstagramConfig& config = context_.config.of<InstagramConfig>();
  HttpRequest request =
      make(std::move(method), fmt::format("{}/{}/{}", config.api_base, config.api_version, path),
           std::move(alive));
  request.headers.emplace_back("Authorization", bearer());
  request.stall_timeout = kGlance;
  return request;
}

template <typename Read>
auto Api::ask(const HttpRequest& request, Read read) -> decltype(read(HttpResponse{}, TimePoint{})) {
  const auto response = PlatformApi::send(request);
  if (!response) return std::unexpected(response.error());
  auto answer = read(*response, context_.clock.now());
  if (!answer) return std::unexpected(confirmed(std::move(answer.error())));
  return answer;
}

Trouble Api::confirmed(Trouble trouble) {
  const bool login = trouble.kind == Trouble::Kind::sign_in;
  if (!login && !trouble.reason.starts_with("10/")) return trouble;
  const auto response = PlatformApi::send(call("GET", login ? "me?fields=id" : "me/permissions", {}));
  const bool asked = response && response->status < 500;
  const bool agrees = login ? asked && response->status >= 400
                            : asked && (response->status >= 400 || may_publish(*response) == false);
  if (agrees) return trouble;
  trouble.kind = Trouble::Kind::again;
  trouble.error_class = ErrorClass::transient;
  trouble.message += asked ? "; the sign-in itself is in order" : "; the sign-in could not be checked";
  return trouble;
}

Answered<std::string> Api::user() {
  if (std::string noted = context_.credentials.account_id(context_.destination); !noted.empty()) return noted;
  return ask(call("GET",
                  context_.config.of<InstagramConfig>().by_instagram_login
                      ? "me?fields=user_id,username"
                      : "me/accounts?fields=id,instagram_business_account&limit=100",
                  {}),
             read_user);
}

Answered<Quota> Api::quota(const std::string& user, Progress alive) {
  return ask(call("GET", user + "/content_publishing_limit?fields=config,quota_usage", std::move(alive)),
             read_quota);
}

Answered<Container> Api::make_container(const std::string& user, const Form& form, Progress alive) {
  HttpRequest request = call("POST", user + "/media", std::move(alive));
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.content = form_text(form);
  return ask(request, read_container);
}

Answered<ContainerStatus> Api::status(const std::string& container, Progress alive) {
  const auto with = [&](std::string_view fields) {
    return ask(call("GET", fmt::format("{}?fields={}", container, fields), alive), read_status);
  };
  auto status = with(kStatusFields);
  // Not every host of Instagram's knows all fields.
  return !status && status.error().reason.starts_with("100/") ? with(kFewerFields) : status;
}

Answered<std::string> Api::publish(const std::string& user, const std::string& container, Progress alive) {
  HttpRequest request = call("POST", user + "/media_publish", std::move(alive));
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.content = form_text({{"creation_id", container}});
  request.stall_timeout = std::chrono::seconds(context_.config.upload.stall_timeout_s);
  return ask(request, read_id);
}

Answered<std::vector<ListedPost>> Api::media_since(const std::string& user, std::int64_t since) {
  return ask(
      call("GET", fmt::format("{}/media?fields=id,caption,timestamp&limit=25&since={}", user, since), {}),
      read_media_list);
}

Answered<std::string> Api::permalink(const std::string& id) {
  return ask(call("GET", id + "?fields=id,permalink", {}), read_permalink);
}

std::optional<Trouble> Api::send(const std::string& uri, HttpBody body, std::uint64_t offset,
                                 std::uint64_t total, Progress progress) {
  HttpRequest request = make("POST", uri, std::move(progress));
  request.headers.emplace_back("Authorization", "OAuth " + token_);
  request.headers.emplace_back("Content-Type", "application/octet-stream");
  request.headers.emplace_back("offset", std::to_string(offset));
  request.headers.emplace_back("file_size", std::to_string(total));
  request.body = std::move(body);
  const auto response = PlatformApi::send(request);
  if (!response) return response.error();
  auto trouble = read_upload(*response, context_.clock.now());
  return trouble ? std::optional(confirmed(*std::move(trouble))) : std::nullopt;
}

Answered<Found> find_media(Api& api, const Handle& handle, OwnPost own) {
  constexpr std::int64_t kClocksApart = 60;  // seconds
  constexpr std::int64_t kContainerLives = 24 * 3600;
  own.since = handle.publishing_since ? handle.publishing_since
                                      : unix_millis(api.context().clock.now()) / 1000 - kContainerLives;
  const auto list = api.media_since(handle.user, own.since - kClocksApart);
  if (!list) return std::unexpected(list.error());
  return find_own_post(*list, own, {caption_of, is_media_id});
}

}  // namespace asfs::instagram
