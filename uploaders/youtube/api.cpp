#include "uploaders/youtube/api.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "uploaders/transfer/http_url.h"
#include "uploaders/youtube/settings.h"

namespace asfs::youtube {
namespace {

constexpr std::string_view kMedia = "video/*";
constexpr std::string_view kInsert = "/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status";
constexpr std::string_view kThumbnail = "/upload/youtube/v3/thumbnails/set?videoId=";
constexpr int kMostUploads = 50;  // that one answer can hold
constexpr std::int64_t kSessionLives = 7 * 24 * 3600;

}  // namespace

Answered<std::string> Api::start(const std::string& post, std::uint64_t file_size, Progress alive) {
  const std::string url = context_.config.of<YouTubeConfig>().upload_base + std::string(kInsert);
  HttpRequest request = call("POST", url, std::move(alive));
  request.headers.emplace_back("Content-Type", "application/json; charset=UTF-8");
  request.headers.emplace_back("X-Upload-Content-Length", std::to_string(file_size));
  request.headers.emplace_back("X-Upload-Content-Type", kMedia);
  request.content = post;
  const auto response = PlatformApi::send(request);
  if (!response) return std::unexpected(response.error());
  return read_initiation(*response, context_.clock.now());
}

Answered<SessionState> Api::ask(const std::string& uri, std::uint64_t file_size, Progress alive) {
  HttpRequest request = call("PUT", uri, std::move(alive));
  request.headers.emplace_back("Content-Range",
                               "bytes */" + (file_size > 0 ? std::to_string(file_size) : "*"));
  request.connect_timeout = std::min(kGlance, request.connect_timeout);
  request.stall_timeout = std::min(kGlance, request.stall_timeout);
  return session_answer(request, file_size > 0 ? file_size : UINT64_MAX);
}

Answered<SessionState> Api::send(const std::string& uri, HttpBody body, std::uint64_t offset,
                                 std::uint64_t total, Progress progress) {
  HttpRequest request = call("PUT", uri, std::move(progress));
  request.headers.emplace_back("Content-Type", kMedia);
  if (body.size < total)
    request.headers.emplace_back("Content-Range",
                                 fmt::format("bytes {}-{}/{}", offset, offset + body.size - 1, total));
  request.body = std::move(body);
  return session_answer(request, total);
}

std::optional<std::string> Api::processing_problem(const std::string& video_id, Progress alive) {
  const auto response = PlatformApi::send(video_request(video_id, "status", std::move(alive)));
  return response ? youtube::processing_problem(*response) : std::nullopt;
}

Answered<bool> Api::is_processed(const std::string& video_id, Progress alive) {
  const auto response = PlatformApi::send(video_request(video_id, "status", std::move(alive)));
  if (!response) return std::unexpected(response.error());
  return youtube::is_processed(*response, context_.clock.now());
}

PostCheck Api::look(const std::string& video_id, std::string_view privacy) {
  const auto response = PlatformApi::send(video_request(video_id, "status,processingDetails", {}));
  if (!response) return {PostCheck::State::unknown, response.error().message, {}};
  return read_post_check(*response, privacy);
}

std::optional<std::string> Api::set_thumbnail(const std::string& video_id, std::string image,
                                              Progress alive) {
  const std::string url = context_.config.of<YouTubeConfig>().upload_base + std::string(kThumbnail);
  HttpRequest request = call("POST", url + url_encode(video_id), std::move(alive));
  request.headers.emplace_back("Content-Type", "application/octet-stream");
  request.content = std::move(image);
  const auto response = PlatformApi::send(request);
  if (!response) return response.error().message;
  if (response->status == 200) return std::nullopt;
  return read_refusal(*response, context_.clock.now());
}

Answered<std::vector<ListedPost>> Api::newest_uploads(Progress alive) {
  const auto ask = [&](const std::string& what, auto read) {
    const auto response = PlatformApi::send(list_request(what, alive));
    return response ? read(*response, context_.clock.now()) : std::unexpected(response.error());
  };
  const auto list = ask("channels?part=contentDetails&mine=true", read_uploads_list);
  if (!list) return std::unexpected(list.error());
  const auto ids = ask(fmt::format("playlistItems?part=contentDetails&maxResults={}&playlistId={}",
                                   kMostUploads, url_encode(*list)),
                       read_listed_ids);
  if (!ids) return std::unexpected(ids.error());
  if (ids->empty()) return std::vector<ListedPost>();
  return ask(fmt::format("videos?part=snippet,contentDetails,fileDetails&id={}", fmt::join(*ids, ",")),
             read_videos);
}

HttpRequest Api::list_request(std::string_view what, Progress alive) const {
  HttpRequest request =
      call("GET", fmt::format("{}/youtube/v3/{}", context_.config.of<YouTubeConfig>().api_base, what),
           std::move(alive));
  request.connect_timeout = request.stall_timeout = kGlance;
  return request;
}

HttpRequest Api::video_request(const std::string& video_id, std::string_view parts, Progress alive) const {
  return list_request(fmt::format("videos?part={}&id={}", parts, url_encode(video_id)), std::move(alive));
}

HttpRequest Api::call(std::string method, std::string url, Progress progress) const {
  HttpRequest request = make(std::move(method), std::move(url), std::move(progress));
  request.headers.emplace_back("Authorization", bearer());
  return request;
}

Answered<SessionState> Api::session_answer(const HttpRequest& request, std::uint64_t total) {
  const auto response = PlatformApi::send(request);
  if (!response) return std::unexpected(response.error());
  return read_session_answer(*response, total, context_.clock.now());
}

Answered<Found> find_upload(Api& api, const Handle& handle, OwnPost own, Api::Progress alive) {
  own.since =
      handle.begun_at ? handle.begun_at : unix_millis(api.context().clock.now()) / 1000 - kSessionLives;
  const auto uploads = api.newest_uploads(std::move(alive));
  if (!uploads) return std::unexpected(uploads.error());
  return find_own_post(*uploads, own, {title_of, is_video_id});
}

bool may_not_list(const Trouble& trouble) {
  return trouble.kind == Trouble::Kind::stop && trouble.error_class == ErrorClass::needs_login;
}

}  // namespace asfs::youtube
