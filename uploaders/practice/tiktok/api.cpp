// The questions: who the creator is, how a post stands, which videos there are; and who may ask.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ranges>

#include "registry/base/json.h"
#include "uploaders/practice/core/content_range.h"
#include "uploaders/practice/tiktok/routes.h"

namespace asfs::practice {
namespace tiktok {
namespace {

struct CodeOf {
  int status;
  std::string_view code;
};
constexpr std::array<CodeOf, 5> kUsualCodes{{{400, "invalid_params"},
                                             {401, "access_token_invalid"},
                                             {403, "spam_risk_too_many_posts"},
                                             {429, "rate_limit_exceeded"},
                                             {500, "internal_error"}}};

std::string_view usual_code(int status) {
  for (const auto& [known, code] : kUsualCodes)
    if (known == status) return code;
  return status >= 500 ? "internal_error" : "invalid_params";
}

}  // namespace

Answer envelope(int status, std::string_view code, std::string_view message, Json data) {
  return json_answer(status, {{"data", std::move(data)},
                              {"error", {{"code", code}, {"message", message}, {"log_id", random_id(24)}}}});
}

Answer fault_answer(const Fault& fault) {
  if (fault.kind == "malformed") return malformed();
  if (fault.kind == "token_expired")
    return envelope(401, "access_token_invalid", "The access token is invalid or not found in the request.");
  const int status = static_cast<int>(fault.number("status", 503));
  const std::string reason = fault.text("reason");
  Answer answer = envelope(status, reason.empty() ? usual_code(status) : reason, "an injected fault");
  spoil(answer, fault.text("body"));
  if (const auto seconds = fault.number("retry_after", -1); seconds >= 0)
    answer.headers.emplace_back("Retry-After", std::to_string(seconds));
  return answer;
}

}  // namespace tiktok

namespace {

using tiktok::envelope;

constexpr std::string_view kPublish = "/v2/post/publish/";
constexpr std::size_t kMostListed = 20;

Json creator() {
  return {{"creator_avatar_url", "https://practice.invalid/avatar.jpeg"},
          {"creator_username", "practice"},
          {"creator_nickname", "Practice creator"},
          {"privacy_level_options", {"PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"}},
          {"comment_disabled", false},
          {"duet_disabled", false},
          {"stitch_disabled", false},
          {"max_video_post_duration_sec", 600}};
}

bool is_public(const StoredPost& post) {
  const Json request = read_json(post.request);
  return request.value("draft", false) == false && request.contains("post_info") &&
         request["post_info"].value("privacy_level", "") == "PUBLIC_TO_EVERYONE";
}

std::int64_t unix_seconds(const std::string& utc) {
  std::chrono::sys_seconds time;
  std::istringstream in(utc.substr(0, 19));
  in.imbue(std::locale::classic());
  std::tm parts{};
  in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%S");
  return static_cast<std::int64_t>(::timegm(&parts));
}

}  // namespace

bool TikTok::serves(std::string_view path) const {
  return path.starts_with(kPublish) || path == "/v2/video/list/" || path == "/video/" || path == "/video";
}

Answer TikTok::answer(Request& request) {
  request.note.platform = "TikTok";
  const std::string& path = request.path;
  if (path.starts_with("/video")) return put(request);
  if (request.method != "POST") return envelope(405, "invalid_params", "The API is called by POST");
  if (auto refused = refuse_token(request)) return *std::move(refused);
  if (path == "/v2/post/publish/creator_info/query/") return creator_info(request);
  if (path == "/v2/post/publish/video/init/") return init(request, false);
  if (path == "/v2/post/publish/inbox/video/init/") return init(request, true);
  if (path == "/v2/post/publish/status/fetch/") return status(request);
  if (path == "/v2/video/list/") return list_videos(request);
  return envelope(404, "invalid_params", "The practice platform does not know this method of the API");
}

std::optional<Answer> TikTok::refuse_token(Request& request) {
  constexpr std::string_view scheme = "Bearer ";
  const auto header = request.header("Authorization");
  if (header && header->starts_with(scheme) && store_.token_is_good("TikTok", header->substr(scheme.size())))
    return std::nullopt;
  return envelope(401, "access_token_invalid", "The access token is invalid or not found in the request.");
}

std::optional<Fault> TikTok::strike(Request& request, Moment moment, Step step,
                                    const Faults::Accept& accept) {
  request.step = step;
  auto fault = faults_.find("TikTok", moment, step, accept);
  if (!fault || !faults_.fire(*fault)) return std::nullopt;
  request.note.fault = fault->kind;
  return fault;
}

Answer TikTok::creator_info(Request& request) {
  if (auto fault = strike(request, Moment::before, Step::api)) {
    // The platform refuses here with HTTP 200.
    if (fault->text("reason").starts_with("spam_risk") || fault->text("reason") == "reached_active_user_cap")
      fault->spec["status"] = 200;
    return tiktok::fault_answer(*fault);
  }
  return envelope(200, "ok", "", creator());
}

Answer TikTok::status(Request& request) {
  const auto not_session = [](const Fault& fault) { return fault.kind != "expired_session"; };
  if (const auto fault = strike(request, Moment::before, Step::status_query, not_session))
    return tiktok::fault_answer(*fault);
  const auto text = request.read_text(tiktok::kMostBody);
  const Json body = read_json(text.value_or(""));
  if (!body.is_object() || !body.contains("publish_id") || !body["publish_id"].is_string())
    return envelope(400, "invalid_params", "publish_id is needed");
  const auto kind = [](std::string_view name) {
    return [name](const Fault& fault) { return fault.kind == name; };
  };
  const std::string publish_id = body["publish_id"];
  const auto session = store_.session(publish_id.substr(publish_id.rfind('.') + 1));
  const Json known = session ? read_json(session->request) : Json();
  if (!session || session->platform != "TikTok" || known.value("publish_id", "") != publish_id ||
      strike(request, Moment::listing, Step::status_query, kind("forgotten")))
    return envelope(400, "invalid_publish_id", "The publish_id does not exist");

  const auto uploading = [&](std::uint64_t bytes) {
    return envelope(200, "ok", "", {{"status", "PROCESSING_UPLOAD"}, {"uploaded_bytes", bytes}});
  };
  auto post = session->post_id.empty() ? std::nullopt : store_.post(session->post_id);
  if (!post) {
    std::error_code none;
    const auto size = std::filesystem::file_size(store_.part_file(session->id), none);
    const std::uint64_t stored = none ? 0 : size;
    // The server died between the last byte and the post: a platform goes on with what it has.
    if (stored == session->total && !turns_.held(session->id)) {
      finish(request, *session, known, stored);
      if (const auto finished = store_.session(session->id)) post = store_.post(finished->post_id);
    }
    if (!post)
      return uploading(tiktok::whole_chunks(stored, known["chunk_size"], known["total_chunk_count"],
                                            session->total.value_or(0)));
  }
  if (!post->failure.empty())
    return envelope(200, "ok", "",
                    {{"status", "FAILED"}, {"fail_reason", post->failure}, {"uploaded_bytes", post->size}});
  if (strike(request, Moment::listing, Step::status_query, kind("still_processing")))
    return uploading(post->size);
  Json data{{"status", known.value("draft", false) ? "SEND_TO_USER_INBOX" : "PUBLISH_COMPLETE"},
            {"uploaded_bytes", post->size}};
  if (is_public(*post) && !strike(request, Moment::listing, Step::status_query, kind("post_id_late")))
    data["publicaly_available_post_id"] = Json::array({parse_number(post->post_id).value_or(0)});
  return envelope(200, "ok", "", std::move(data));
}

Answer TikTok::list_videos(Request& request) {
  if (const auto fault = strike(request, Moment::before, Step::api)) return tiktok::fault_answer(*fault);
  const auto fields = request.list_param("fields");
  if (fields.empty()) return envelope(400, "invalid_params", "fields are needed");
  const bool hidden = strike(request, Moment::listing, Step::api, [](const Fault& f) {
                        return f.kind == "not_listed";
                      }).has_value();
  Json videos = Json::array();
  auto posts = store_.posts();
  for (const StoredPost& post : posts | std::views::reverse) {
    if (hidden || videos.size() == kMostListed) break;
    if (post.platform != "TikTok" || !post.failure.empty() || !is_public(post)) continue;
    const Json whole{{"id", post.post_id},
                     {"create_time", unix_seconds(post.received_at)},
                     {"title", post.caption},
                     {"video_description", post.caption},
                     {"share_url", fmt::format("https://www.tiktok.com/@practice/video/{}", post.post_id)},
                     {"duration", 1}};
    Json shown = Json::object();
    for (const std::string& field : fields)
      if (whole.contains(field)) shown[field] = whole[field];
    videos.push_back(std::move(shown));
  }
  return envelope(200, "ok", "", {{"videos", std::move(videos)}, {"cursor", 0}, {"has_more", false}});
}

}  // namespace asfs::practice
