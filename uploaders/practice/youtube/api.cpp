// The look-ups: videos, the channel, its uploads; thumbnails; the discovery document; who may ask.
#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "assets/assets.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "uploaders/practice/core/content_range.h"
#include "uploaders/practice/youtube/routes.h"
#include "uploaders/practice/youtube/shapes.h"

namespace asfs::practice {
namespace {

using youtube::error;

constexpr std::size_t kMostThumbnail = 50'000'000;
constexpr std::size_t kMostPage = 50;

Json page_info(std::size_t total, std::size_t per_page) {
  return Json::object({{"totalResults", total}, {"resultsPerPage", per_page}});
}

Json list_response(std::string_view kind, Json items) {
  const std::size_t count = items.size();
  return {{"kind", kind},
          {"etag", "\"practice\""},
          {"items", std::move(items)},
          {"pageInfo", page_info(count, count)}};
}

bool is_image(std::string_view bytes) {
  return bytes.starts_with("\x89PNG\r\n") || bytes.starts_with("\xFF\xD8\xFF");
}

}  // namespace

bool YouTube::serves(std::string_view path) const {
  return path.starts_with("/upload/youtube/v3/") || path.starts_with("/resumable/upload/youtube/v3/") ||
         path.starts_with("/youtube/v3/") || path.starts_with("/discovery/v1/apis/youtube/v3/");
}

Answer YouTube::answer(Request& request) {
  request.note.platform = "YouTube";
  const std::string& path = request.path;
  if (path == "/upload/youtube/v3/videos" || path == "/resumable/upload/youtube/v3/videos")
    return insert(request);
  if (path == "/discovery/v1/apis/youtube/v3/rest") return discovery(request);
  if (auto refused = check_token(request, true)) return *std::move(refused);
  if (const auto fault = fault_before(request, Step::api)) return youtube::fault_answer(*fault);
  const bool get = request.method == "GET";
  if (get && path == "/youtube/v3/videos") return list_videos(request);
  if (get && path == "/youtube/v3/channels") return list_channels(request);
  if (get && path == "/youtube/v3/playlistItems") return list_playlist_items(request);
  if (request.method == "POST" && path == "/upload/youtube/v3/thumbnails/set") return set_thumbnail(request);
  return error(404, "notFound", "The practice platform does not know this method of the API");
}

std::optional<Answer> YouTube::check_token(const Request& request, bool needed) {
  const auto header = request.header("Authorization");
  if (!header && !needed) return std::nullopt;
  constexpr std::string_view scheme = "Bearer ";
  if (header && header->starts_with(scheme) && store_.token_is_good("YouTube", header->substr(scheme.size())))
    return std::nullopt;
  return error(401, "authError");
}

std::optional<Fault> YouTube::fault_before(Request& request, Step step) {
  request.step = step;
  auto fault = faults_.find("YouTube", Moment::before, step);
  if (!fault || !faults_.fire(*fault)) return std::nullopt;
  request.note.fault = fault->kind;
  return fault;
}

bool YouTube::listing_fault(Request& request, std::string_view kind) {
  const auto fault =
      faults_.find("YouTube", Moment::listing, Step::api, [&](const Fault& f) { return f.kind == kind; });
  if (!fault || !faults_.fire(*fault)) return false;
  request.note.fault = kind;
  return true;
}

// Why the video counts as rejected from now on, if a fault says so.
std::optional<std::string> YouTube::rejection(Request& request) {
  const auto fault = faults_.find("YouTube", Moment::listing, Step::api,
                                  [](const Fault& f) { return f.kind == "rejected_later"; });
  if (!fault || !faults_.fire(*fault)) return std::nullopt;
  request.note.fault = fault->kind;
  const std::string reason = fault->text("reason");
  return reason.empty() ? "duplicate" : reason;
}

Answer YouTube::list_videos(Request& request) {
  const auto parts = youtube::check_parts(request.list_param("part"));
  if (!parts) return parts.error();
  const auto ids = request.list_param("id");
  if (ids.empty())
    return error(400, "missingRequiredParameter", "No filter selected: give the parameter 'id'");
  Json items = Json::array();
  if (!listing_fault(request, "not_listed")) {
    const bool processing = listing_fault(request, "still_processing");
    const auto rejected = rejection(request);
    const bool hidden = listing_fault(request, "forced_private");
    for (const std::string& id : ids) {
      auto post = store_.post(id);
      if (!post || post->platform != "YouTube") continue;
      if (rejected) post->failure = *rejected;
      items.push_back(youtube::video_resource(*post, *parts, processing));
      if (hidden && items.back().contains("status")) items.back()["status"]["privacyStatus"] = "private";
    }
  }
  return json_answer(200, list_response("youtube#videoListResponse", std::move(items)));
}

/// Each account that one can sign in to has a channel of its own.
std::string channel_of(const Request& request) {
  const std::string account = account_of_token(request.header("Authorization").value_or(""));
  return account.empty() ? std::string(youtube::kChannelId) : "UCpractice-" + account;
}

Answer YouTube::list_channels(Request& request) {
  const auto ids = request.list_param("id");
  const bool ours =
      request.param("mine") == "true" || std::ranges::find(ids, youtube::kChannelId) != ids.end();
  if (request.list_param("part").empty())
    return error(400, "missingRequiredParameter", "No parts were named");
  if (!ours && ids.empty())
    return error(400, "missingRequiredParameter", "No filter selected: say mine=true");
  Json channel{{"kind", "youtube#channel"}, {"etag", "\"practice\""}, {"id", channel_of(request)}};
  for (const std::string& part : request.list_param("part")) {
    if (part == "snippet")
      channel[part] = {
          {"title", channel_of(request) == youtube::kChannelId ? "Practice channel" : channel_of(request)},
          {"description", ""}};
    if (part == "contentDetails")
      channel[part] = Json::object(
          {{"relatedPlaylists", Json::object({{"likes", "LL"}, {"uploads", youtube::kUploadsId}})}});
    if (part == "status") channel[part] = {{"privacyStatus", "public"}, {"longUploadsStatus", "allowed"}};
  }
  return json_answer(
      200, list_response("youtube#channelListResponse", ours ? Json::array({channel}) : Json::array()));
}

Answer YouTube::list_playlist_items(Request& request) {
  if (request.list_param("part").empty())
    return error(400, "missingRequiredParameter", "No parts were named");
  if (request.param("playlistId") != youtube::kUploadsId)
    return error(404, "playlistNotFound", "The playlist cannot be found.");
  const std::size_t per_page =
      parse_number(request.query.contains("maxResults") ? request.param("maxResults") : "5")
          .value_or(kMostPage + 1);
  const std::string token = request.param("pageToken");
  const auto start = parse_number(token.empty() ? "0" : token);
  if (per_page > kMostPage) return error(400, "invalidParameter", "maxResults must be from 0 to 50");
  if (!start) return error(400, "invalidPageToken", "The page token is not valid");

  std::vector<StoredPost> live;
  if (!listing_fault(request, "not_listed"))
    for (StoredPost& post : store_.posts())
      if (post.platform == "YouTube" && post.failure.empty()) live.push_back(std::move(post));
  std::ranges::reverse(live);
  Json items = Json::array();
  const std::size_t end = std::min(live.size(), static_cast<std::size_t>(*start) + per_page);
  for (std::size_t i = *start; i < end; ++i) items.push_back(youtube::playlist_item(live[i], i));
  Json response = list_response("youtube#playlistItemListResponse", std::move(items));
  response["pageInfo"] = page_info(live.size(), per_page);
  if (end < live.size() && per_page > 0) response["nextPageToken"] = std::to_string(end);
  return json_answer(200, response);
}

Answer YouTube::set_thumbnail(Request& request) {
  const auto post = store_.post(request.param("videoId"));
  if (!post || post->platform != "YouTube") return error(404, "videoNotFound", "The video cannot be found.");
  const auto image = request.read_text(kMostThumbnail);
  if (!image) return error(413, "uploadTooLarge", "A thumbnail has 50 MB at most");
  if (image->empty())
    return error(400, "mediaBodyRequired", "The request does not include the image content.");
  if (!is_image(*image)) return error(400, "invalidImage", "The provided image content is invalid.");
  if (!write_file_atomically(store_.thumbnail_file(post->post_id), *image))
    return error(503, "backendError", "The practice platform cannot store the image");
  const std::string url = fmt::format("{}/media/{}.thumbnail", request.origin(), post->post_id);
  const Json size = Json::object({{"url", url}, {"width", 120}, {"height", 90}});
  return json_answer(
      200, {{"kind", "youtube#thumbnailSetResponse"},
            {"etag", "\"practice\""},
            {"items", Json::array({Json::object({{"default", size}, {"medium", size}, {"high", size}})})}});
}

Answer YouTube::discovery(const Request& request) {
  Json document = read_json(asset_text("youtube_discovery.json"));
  document["rootUrl"] = request.origin() + "/";
  document["baseUrl"] = request.origin() + "/youtube/v3/";
  document["basePath"] = "/youtube/v3/";
  return json_answer(200, document);
}

}  // namespace asfs::practice
