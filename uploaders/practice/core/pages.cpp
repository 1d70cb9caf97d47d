#include "uploaders/practice/core/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "assets/assets.h"
#include "registry/base/clock.h"
#include "registry/base/json.h"
#include "uploaders/practice/core/content_range.h"

namespace asfs::practice {
namespace {

constexpr std::size_t kMostLogged = 500;
constexpr std::size_t kMostFault = 64 * 1024;
constexpr std::string_view kFaultPath = "/practice/faults/";
constexpr std::string_view kMediaPath = "/media/";

struct Page {
  std::string_view path;
  std::string_view asset;
  std::string_view type;
};
constexpr std::array<Page, 5> kPages{
    {{"/", "practice.html", "text/html; charset=UTF-8"},
     {"/watch", "practice_watch.html", "text/html; charset=UTF-8"},
     {"/practice/page.css", "practice.css", "text/css; charset=UTF-8"},
     {"/practice/page.js", "practice.js", "text/javascript; charset=UTF-8"},
     {"/practice/watch.js", "practice_watch.js", "text/javascript; charset=UTF-8"}}};

Answer page_answer(const Page& page) {
  Answer answer{.body = std::string(asset_text(page.asset)), .content_type = std::string(page.type)};
  answer.headers.emplace_back("Content-Security-Policy",
                              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                              "media-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
                              "frame-ancestors 'none'");
  return answer;
}

std::uint64_t received_bytes(const Store& store, const StoredSession& session) {
  if (!session.post_id.empty()) return session.total.value_or(0);
  std::error_code none;
  const auto size = std::filesystem::file_size(store.part_file(session.id), none);
  return none ? 0 : size;
}

bool is_secret(std::string_view name) {
  constexpr std::array<std::string_view, 8> kSecrets{
      "access_token",      "refresh_token", "client_secret", "code",
      "fb_exchange_token", "code_verifier", "token",         "state"};
  return std::ranges::find(kSecrets, name) != kSecrets.end();
}

/// `/path?a=b` without what could be used: session ids are shortened.
std::string shown_target(const Request& request) {
  std::string shown = request.path;
  for (const auto& [name, value] : request.query)
    shown += fmt::format("{}{}={}", shown.find('?') == std::string::npos ? '?' : '&', name,
                         name == "upload_id" || name == "upload_token" ? value.substr(0, 8) + "…"
                         : is_secret(name)                             ? "…"
                                                                       : value);
  return shown;
}

}  // namespace

Answer Pages::answer(Request& request) {
  if (request.method == "GET" || request.method == "HEAD") return get(request);
  const std::string call = request.method + " " + request.path;
  if (call == "POST /practice/faults") return add_fault(request);
  if (call == "POST /practice/reset") return reset();
  if (call == "DELETE /practice/faults") {
    faults_.clear();
    return json_answer(200, Json::array());
  }
  if (request.method == "DELETE" && request.path.starts_with(kFaultPath)) {
    const auto id = parse_number(std::string_view(request.path).substr(kFaultPath.size()));
    if (!id || !faults_.remove(static_cast<std::int64_t>(*id))) return problem(404, "there is no such fault");
    return json_answer(200, faults_.list());
  }
  return problem(404, fmt::format("there is no {} here", call));
}

Answer Pages::get(const Request& request) {
  if (request.path == "/practice/posts") return posts();
  if (request.path == "/practice/sessions") return sessions();
  if (request.path == "/practice/faults") return json_answer(200, faults_.list());
  if (request.path == "/practice/log") return recent_requests();
  if (request.path == "/practice/token") return token(request);
  if (request.path.starts_with(kMediaPath)) return media(request);
  for (const Page& page : kPages)
    if (request.path == page.path) return page_answer(page);
  return problem(404, fmt::format("there is no page {} here", request.path));
}

Answer Pages::posts() {
  Json all = Json::array();
  for (const StoredPost& post : store_.posts())
    if (post.failure.empty()) {  // a video that could not be processed was never published
      all.push_back({{"platform", post.platform},
                     {"post_id", post.post_id},
                     {"title", post.title},
                     {"caption", post.caption},
                     {"size", post.size},
                     {"sha256", store_.checksum(post)},
                     {"received_at", post.received_at},
                     {"thumbnail", std::filesystem::exists(store_.thumbnail_file(post.post_id))}});
      // How a post came is only told where it came by a page: requests of APIs hold what could be used.
      if (const Json request = read_json(post.request); text_at(request, "route") == "browser")
        all.back()["request"] = request;
    }
  return json_answer(200, all);
}

Answer Pages::sessions() {
  Json all = Json::array();
  for (const StoredSession& session : store_.sessions()) {
    const auto post = session.post_id.empty() ? std::nullopt : store_.post(session.post_id);
    const char* state = post              ? (post->failure.empty() ? "done" : "failed")
                        : session.expired ? "expired"
                                          : "open";
    all.push_back({{"platform", session.platform},
                   {"session", session.id.substr(0, 8)},
                   {"title", session.title},
                   {"state", state},
                   {"receiving", turns_.held(session.id)},
                   {"bytes_received", received_bytes(store_, session)},
                   {"size", session.total ? Json(*session.total) : Json()},
                   {"post_id", session.post_id.empty() ? Json() : Json(session.post_id)},
                   {"created_at", session.created_at}});
  }
  return json_answer(200, all);
}

Answer Pages::token(const Request& request) {
  const std::string platform = request.param("platform");
  if (!is_practised(platform))
    return problem(400, "the parameter 'platform' must be Instagram, TikTok or YouTube");
  return json_answer(200, {{"access_token", store_.issue_token(platform, kTokenSeconds)},
                           {"token_type", "Bearer"},
                           {"expires_in", kTokenSeconds}});
}

Answer Pages::media(const Request& request) {
  std::string id = request.path.substr(kMediaPath.size());
  constexpr std::string_view kThumbnail = ".thumbnail";
  const bool image = id.ends_with(kThumbnail);
  if (image) id.resize(id.size() - kThumbnail.size());
  if (id.ends_with(".mp4")) id.resize(id.size() - 4);
  const auto post = store_.post(id);
  if (!post) return problem(404, "there is no such post");
  if (image && !std::filesystem::exists(store_.thumbnail_file(post->post_id)))
    return problem(404, "this post has no thumbnail of its own");
  if (image) return {.content_type = "image/*", .file = store_.thumbnail_file(post->post_id)};
  return {.content_type = "video/mp4", .file = store_.media_file(post->post_id)};
}

Answer Pages::add_fault(Request& request) {
  const auto text = request.read_text(kMostFault);
  if (!text) return problem(413, "a fault is a small JSON object");
  const auto added = faults_.add(*text);
  return added ? json_answer(200, *added) : problem(400, added.error().message);
}

Answer Pages::reset() {
  turns_.stop_all(false);
  store_.reset();
  return json_answer(200, Json::object({{"reset", true}}));
}

void Pages::log(const Request& request, const Answer& answer) {
  Json entry{{"time", utc_timestamp(system_clock().now())},
             {"platform", request.note.platform},
             {"request", request.method + " " + shown_target(request)},
             {"range", request.note.range},
             {"bytes_stored", request.note.bytes_stored ? Json(*request.note.bytes_stored) : Json()},
             {"answer", answer.drop ? Json("no answer, connection dropped") : Json(answer.status)},
             {"fault", request.note.fault.empty() ? Json() : Json(request.note.fault)}};
  const std::lock_guard lock(log_mutex_);
  log_.push_back(std::move(entry));
  if (log_.size() > kMostLogged) log_.pop_front();
}

Answer Pages::recent_requests() {
  const std::lock_guard lock(log_mutex_);
  return json_answer(200, Json(log_));
}

}  // namespace asfs::practice
