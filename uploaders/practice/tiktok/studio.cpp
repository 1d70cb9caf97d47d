#include "uploaders/practice/tiktok/studio.h"

#include <fmt/format.h>

#include <array>
#include <ranges>

#include "registry/base/clock.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::practice {
namespace {

constexpr std::size_t kMostAsked = 64 * 1024;
constexpr std::size_t kMostCharacters = 4000;
constexpr std::int64_t kMadeLater = 1500;  // milliseconds after an accepted request
/// By the numbers that the page uses.
constexpr std::array<std::string_view, 3> kAudiences{"PUBLIC_TO_EVERYONE", "SELF_ONLY",
                                                     "MUTUAL_FOLLOW_FRIENDS"};

std::int64_t now_millis() {
  return unix_millis(system_clock().now());
}

Answer told(int code, std::string_view message, Json more = Json::object()) {
  more["status_code"] = code;
  more["status_msg"] = message;
  return json_answer(200, more);
}

Json made(const std::string& project, const std::string& item) {
  return {{"project_id", project},
          {"single_post_resp_list", Json::array({Json::object({{"status_code", 0}, {"item_id", item}})})}};
}

}  // namespace

TikTokStudio::TikTokStudio(const StandInParts& parts)
    : Studio(parts, {.platform = "TikTok",
                     .folder = "tiktok",
                     .sign_in = "www/login",
                     .home = "www/tiktokstudio",
                     .page = "studio_tiktok.html",
                     .signs_out_late = true}) {}

Json TikTokStudio::context(const StudioAccount& account) const {
  return {{"uid", account.number("7", 19)}};
}

Answer TikTokStudio::challenge() {
  return notice("Drag the slider to fit the puzzle",
                "<div class=\"secsdk-captcha-wrapper\"><div id=\"captcha-verify-image\" style=\"height:160px;"
                "background:linear-gradient(135deg,#8cf,#264)\"></div></div>");
}

Answer TikTokStudio::visit(Visit& visit) {
  const std::string& path = visit.path;
  if (path == "www/upload/bytes") return take_bytes(visit, visit.request.param("upload_id"));
  if (path == "www/tiktok/web/project/status/v1/") return project_status(visit);
  if (visit.request.method == "POST") {
    if (path == "www/tiktok/web/project/create/v1/") return begin(visit);
    if (path == "www/tiktok/web/project/post/v1/") return post(visit);
    if (path == "www/tiktok/creator/manage/item_list/v1/") return list(visit);
    return problem(404, "the practice studio does not know this call");
  }
  if (path == "www/upload" || path == "www/creator-center/upload") return to("www/tiktokstudio/upload");
  if (const auto video = path.find("/video/"); video != path.npos) {
    Answer answer{.status = 302};
    answer.headers.emplace_back("Location", "/watch?v=" + path.substr(video + 7));
    return answer;
  }
  return path.starts_with("www/tiktokstudio") ? page(visit) : to("www/tiktokstudio");
}

Answer TikTokStudio::begin(Visit& visit) {
  const Json said = read_json(visit.request.read_text(kMostAsked).value_or(""));
  if (count_at(said, "size").value_or(0) == 0) return told(10000, "the file is empty");
  if (strike(visit.request, "web_limit"))
    return told(10008, "Too many uploading attempts. Please try again later");
  const std::string id = random_digits(19);
  expect(id, visit.account, said, Json::object());
  return told(0, "", {{"project_id", id}});
}

Answer TikTokStudio::post(Visit& visit) {
  visit.request.step = Step::publish;
  if (strike(visit.request, "web_lost")) return lose(visit.request);
  const Json said = read_json(visit.request.read_text(kMostAsked).value_or(""));
  auto session = own_session(visit, text_at(said, "project_id"));
  const auto audience = count_at(said, "visibility_type").value_or(9);
  if (!session || !session->post_id.empty() || !is_complete(*session) || audience >= kAudiences.size() ||
      utf16_units(text_at(said, "text")) > kMostCharacters)
    return told(10000, "Something went wrong");
  if (strike(visit.request, "web_refused"))
    return told(3013046, "Post not created due to a potential violation of our Community Guidelines");
  Json known = remembered(session->request);
  known["post_info"] = {{"title", text_at(said, "text")},
                        {"privacy_level", kAudiences[audience]},
                        {"disable_comment", flag_at(said, "disable_comment")},
                        {"is_aigc", flag_at(said, "is_aigc")}};
  known["visibility"] = kAudiences[audience];
  const bool later = strike(visit.request, "web_accepted").has_value();
  known["due"] = now_millis() + (later ? kMadeLater : 0);
  session->request = dumped(known);
  parts_.store.set_request(session->id, session->request);
  Json answer = made(session->id, finish(*session));
  if (later) return told(0, "", {{"project_id", session->id}});
  if (strike(visit.request, "web_no_answer")) return lose(visit.request);
  if (const auto fault = strike(visit.request, "web_garbled")) return garbled(*fault);
  if (strike(visit.request, "web_unconfirmed")) answer["unconfirmed"] = true;
  return told(0, "", std::move(answer));
}

std::string TikTokStudio::finish(const StoredSession& session) {
  const Json known = remembered(session.request);
  const std::string caption = text_at(child_at(known, "post_info"), "title"), id = "75" + random_digits(17);
  parts_.store.finish(session.id, {.post_id = id,
                                   .platform = "TikTok",
                                   .title = caption.substr(0, caption.find('\n')),
                                   .caption = caption,
                                   .request = session.request,
                                   .size = session.total.value_or(0),
                                   .received_at = utc_timestamp(system_clock().now())});
  return id;
}

/// What was only accepted is shown after a while.
bool TikTokStudio::is_shown(const StoredSession& session) {
  return !session.post_id.empty() &&
         number_at(remembered(session.request), "due").value_or(0) <= now_millis();
}

Answer TikTokStudio::project_status(Visit& visit) {
  const auto session = own_session(visit, visit.request.param("project_id"));
  if (!session) return told(10000, "there is no such project");
  const bool is_made = is_shown(*session);
  return told(0, "",
              {{"project_status", is_made ? 2 : 1},
               {"task_status", is_made ? 2 : 1},
               {"item_id", is_made ? session->post_id : ""}});
}

/// The account's posts, the newest first.
Answer TikTokStudio::list(Visit& visit) {
  const bool under_review = strike(visit.request, "web_under_review").has_value();
  Json items = Json::array();
  if (strike(visit.request, "web_pinned"))
    items.push_back({{"item_id", "7400000000000000001"},
                     {"desc", "My first video"},
                     {"post_time", "1700000000"},
                     {"create_time", "1700000000"},
                     {"visibility", 0},
                     {"pinned", true}});
  const auto sessions = parts_.store.sessions();
  for (const StoredSession& session : sessions | std::views::reverse) {
    if (!is_shown(session) || !own_session(visit, session.id)) continue;
    const Json known = remembered(session.request);
    const auto time = std::to_string(number_at(known, "due").value_or(0) / 1000);
    const Json& info = child_at(known, "post_info");
    const auto* const audience = std::ranges::find(kAudiences, text_at(info, "privacy_level"));
    items.push_back({{"item_id", session.post_id},
                     {"desc", text_at(info, "title")},
                     {"post_time", time},
                     {"create_time", time},
                     {"visibility", under_review ? 1 : audience - kAudiences.begin()},
                     {"in_reviewing", under_review}});
  }
  Json answer{{"has_more", false}, {"cursor", 0}};
  if (!items.empty()) answer["item_list"] = std::move(items);
  return told(0, "", std::move(answer));
}

}  // namespace asfs::practice
