#include "uploaders/practice/youtube/shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "registry/base/json.h"

namespace asfs::practice::youtube {
namespace {

struct Reason {
  std::string_view name;
  std::string_view domain;
  std::string_view message;
};

constexpr std::array<Reason, 19> kReasons{{
    {"quotaExceeded", "youtube.quota",
     "The request cannot be completed because you have exceeded your quota."},
    {"dailyLimitExceeded", "usageLimits", "Daily Limit Exceeded"},
    {"rateLimitExceeded", "usageLimits",
     "Quota exceeded for quota metric 'Video Uploads' and limit 'Video Uploads per day'."},
    {"userRateLimitExceeded", "usageLimits", "User Rate Limit Exceeded"},
    {"uploadLimitExceeded", "youtube.video", "The user has exceeded the number of videos they may upload."},
    {"uploadRateLimitExceeded", "youtube.thumbnail",
     "The channel has uploaded too many thumbnails recently. Please try the request again later."},
    {"authError", "global", "Invalid Credentials"},
    {"youtubeSignupRequired", "youtube.header", "Unauthorized"},
    {"insufficientPermissions", "global", "Request had insufficient authentication scopes."},
    {"accessNotConfigured", "usageLimits",
     "YouTube Data API v3 has not been used in this project or is disabled."},
    {"forbidden", "youtube.common", "Forbidden"},
    {"backendError", "global", "Backend Error"},
    {"internalError", "global", "Internal Error"},
    {"notFound", "global", "Not Found"},
    {"invalidTitle", "youtube.video", "The request metadata specifies an invalid or empty video title."},
    {"invalidDescription", "youtube.video", "The request metadata specifies an invalid video description."},
    {"invalidTags", "youtube.video", "The request metadata specifies invalid video keywords."},
    {"invalidCategoryId", "youtube.video", "The request metadata specifies an invalid category ID."},
    {"invalidPublishAt", "youtube.video",
     "The request metadata specifies an invalid scheduled publishing time."},
}};

struct StatusName {
  int status;
  std::string_view name;
  std::string_view usual_reason;
};

constexpr std::array<StatusName, 9> kStatusNames{{
    {400, "INVALID_ARGUMENT", "badRequest"},
    {401, "UNAUTHENTICATED", "authError"},
    {403, "PERMISSION_DENIED", "forbidden"},
    {404, "NOT_FOUND", "notFound"},
    {410, "NOT_FOUND", "notFound"},
    {413, "INVALID_ARGUMENT", "uploadTooLarge"},
    {429, "RESOURCE_EXHAUSTED", "rateLimitExceeded"},
    {500, "INTERNAL", "internalError"},
    {503, "UNAVAILABLE", "backendError"},
}};

const StatusName* find_status(int status) {
  const auto found = std::ranges::find(kStatusNames, status, &StatusName::status);
  return found == kStatusNames.end() ? nullptr : &*found;
}

}  // namespace

Answer error(int status, std::string_view reason, std::string_view message) {
  const auto known = std::ranges::find(kReasons, reason, &Reason::name);
  const std::string_view domain = known == kReasons.end() ? "global" : known->domain;
  if (message.empty()) message = known == kReasons.end() ? reason : known->message;
  Json body{{"code", status},
            {"message", message},
            {"errors",
             Json::array({Json::object({{"message", message}, {"domain", domain}, {"reason", reason}})})}};
  if (const StatusName* name = find_status(status)) body["status"] = name->name;
  Answer answer = json_answer(status, Json::object({{"error", body}}));
  if (status == 401)
    answer.headers.emplace_back("WWW-Authenticate",
                                R"(Bearer realm="https://accounts.google.com/", error="invalid_token")");
  return answer;
}

Answer fault_answer(const Fault& fault) {
  if (fault.kind == "token_expired") return error(401, "authError");
  if (fault.kind == "malformed") return malformed();
  if (fault.kind == "expired_session")
    return error(static_cast<int>(fault.number("status", 404)), "notFound");
  const int status = static_cast<int>(fault.number("status", 503));
  const StatusName* name = find_status(status);
  std::string reason = fault.text("reason");
  if (reason.empty()) reason = name ? name->usual_reason : status >= 500 ? "backendError" : "badRequest";
  Answer answer = error(status, reason);
  spoil(answer, fault.text("body"));
  if (const auto seconds = fault.number("retry_after", -1); seconds >= 0)
    answer.headers.emplace_back("Retry-After", std::to_string(seconds));
  return answer;
}

Answer bad_media_type(std::string_view type) {
  return error(
      400, "badContent",
      fmt::format("Media type '{}' is not supported. Valid media types: [video/*, application/octet-stream]",
                  type));
}

Answer disk_error(std::string_view message) {
  return error(503, "backendError", fmt::format("The practice platform cannot store the video: {}", message));
}

std::string api_time(std::string_view utc_timestamp) {
  return fmt::format("{}Z", utc_timestamp.substr(0, utc_timestamp.find('.')));
}

namespace {

constexpr std::array<std::string_view, 9> kRejections{"claim",         "copyright", "duplicate",
                                                      "inappropriate", "legal",     "length",
                                                      "termsOfUse",    "trademark", "uploaderAccountClosed"};

std::string etag(const StoredPost& post, bool processing) {
  return fmt::format("\"{}-{}{}\"", post.post_id, post.failure, processing ? "p" : "");
}

/// What was written, with what the platform adds.
Json part_of(const Json& body, const std::string& part) {
  return body.contains(part) ? body[part] : Json::object();
}

Json snippet(const StoredPost& post, const Json& body) {
  Json snippet = part_of(body, "snippet");
  snippet["publishedAt"] = api_time(post.received_at);
  snippet["channelId"] = kChannelId;
  snippet["channelTitle"] = "Practice channel";
  snippet["title"] = post.title;
  snippet["description"] = post.caption;
  if (!snippet.contains("categoryId")) snippet["categoryId"] = "22";
  snippet["liveBroadcastContent"] = "none";
  return snippet;
}

Json status(const StoredPost& post, const Json& body, bool processing) {
  Json status = part_of(body, "status");
  const bool rejected = std::ranges::find(kRejections, post.failure) != kRejections.end();
  if (processing) {
    status["uploadStatus"] = "uploaded";
  } else if (post.failure.empty()) {
    status["uploadStatus"] = "processed";
  } else {
    status["uploadStatus"] = rejected ? "rejected" : "failed";
    status[rejected ? "rejectionReason" : "failureReason"] = post.failure;
  }
  if (!status.contains("privacyStatus")) status["privacyStatus"] = "public";
  if (!status.contains("license")) status["license"] = "youtube";
  if (!status.contains("embeddable")) status["embeddable"] = true;
  if (!status.contains("publicStatsViewable")) status["publicStatsViewable"] = true;
  status["madeForKids"] = status.value("selfDeclaredMadeForKids", false);
  return status;
}

Json processing_details(const StoredPost& post, bool processing) {
  if (processing)
    return {{"processingStatus", "processing"},
            {"processingProgress", {{"partsTotal", "10"}, {"partsProcessed", "4"}, {"timeLeftMs", "3000"}}}};
  if (post.failure.empty()) return Json::object({{"processingStatus", "succeeded"}});
  return {{"processingStatus", "failed"}, {"processingFailureReason", "transcodeFailed"}};
}

}  // namespace

Json video_resource(const StoredPost& post, const Json& parts, bool processing) {
  const Json request = read_json(post.request);
  const Json body = request.is_object() ? request.value("body", Json::object()) : Json::object();
  Json video{{"kind", "youtube#video"}, {"etag", etag(post, processing)}, {"id", post.post_id}};
  for (const Json& part : parts) {
    const std::string name = part;
    if (name == "snippet")
      video[name] = snippet(post, body);
    else if (name == "status")
      video[name] = status(post, body, processing);
    else if (name == "processingDetails")
      video[name] = processing_details(post, processing);
    else if (name == "fileDetails")
      video[name] = {{"fileName", request.value("file_name", "")}, {"fileSize", std::to_string(post.size)}};
    else if (name != "id" && body.contains(name))
      video[name] = body[name];
  }
  return video;
}

Json playlist_item(const StoredPost& post, std::size_t position) {
  const std::string time = api_time(post.received_at);
  return {{"kind", "youtube#playlistItem"},
          {"etag", etag(post, false)},
          {"id", "item-" + post.post_id},
          {"snippet",
           {{"publishedAt", time},
            {"channelId", kChannelId},
            {"title", post.title},
            {"description", post.caption},
            {"channelTitle", "Practice channel"},
            {"playlistId", kUploadsId},
            {"position", position},
            {"resourceId", {{"kind", "youtube#video"}, {"videoId", post.post_id}}}}},
          {"contentDetails", {{"videoId", post.post_id}, {"videoPublishedAt", time}}}};
}

}  // namespace asfs::practice::youtube
