#include "uploaders/practice/instagram/studio.h"

#include <ranges>

#include "registry/base/clock.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/practice/instagram/routes.h"

namespace asfs::practice {
namespace {

constexpr std::size_t kMostSent = 64 * 1024;
constexpr std::size_t kMostWords = 2200;
constexpr std::string_view kBytes = "www/rupload_igvideo/fb_uploader_";

Answer failed(int status, std::string_view message) {
  return json_answer(status, {{"status", "fail"}, {"message", message}});
}

Json media(const std::string& id, const std::string& caption, std::int64_t taken_at) {
  return {{"pk", id},
          {"code", instagram::shortcode(id)},
          {"caption", Json::object({{"text", caption}})},
          {"taken_at", taken_at},
          {"media_type", 2},
          {"product_type", "clips"}};
}

std::int64_t unix_seconds_now() {
  return unix_millis(system_clock().now()) / 1000;
}

}  // namespace

InstagramStudio::InstagramStudio(const StandInParts& parts)
    : Studio(parts, {.platform = "Instagram",
                     .folder = "instagram",
                     .sign_in = "www/accounts/login/",
                     .home = "www/",
                     .page = "studio_instagram.html"}) {}

Json InstagramStudio::context(const StudioAccount& account) const {
  return {{"user_id", account.number("178", 17)}};
}

Answer InstagramStudio::challenge() {
  return notice("Confirm it's you",
                "<p>We suspect automated behavior on your account. This is the practice studio, so "
                "coming back will do.</p>");
}

Answer InstagramStudio::visit(Visit& visit) {
  const std::string& path = visit.path;
  if (path.starts_with(kBytes)) return take_bytes(visit, path.substr(kBytes.size()));
  if (visit.request.method == "POST") {
    if (path == "www/api/v1/media/upload_settings/") return begin(visit);
    if (path == "www/api/v1/media/configure_to_clips/") return configure(visit);
    if (path == "www/api/v1/feed/user/") return feed(visit);
    return failed(404, "the practice studio does not know this call");
  }
  return path == "www" ? to("www/") : page(visit);
}

Answer InstagramStudio::begin(Visit& visit) {
  const Json said = read_json(visit.request.read_text(kMostSent).value_or(""));
  if (count_at(said, "size").value_or(0) == 0) return failed(400, "the file is empty");
  if (strike(visit.request, "web_limit"))
    return failed(429, "We restrict certain activity to protect our community");
  const std::string id = random_digits(16);
  expect(id, visit.account, said, Json::object());
  return json_answer(200, {{"status", "ok"}, {"upload_id", id}});
}

Answer InstagramStudio::configure(Visit& visit) {
  visit.request.step = Step::publish;
  if (strike(visit.request, "web_lost")) return lose(visit.request);
  const Json said = read_json(visit.request.read_text(kMostSent).value_or(""));
  auto session = own_session(visit, text_at(said, "upload_id"));
  const std::string caption = text_at(said, "caption");
  if (!session || !session->post_id.empty() || !is_complete(*session) || utf16_units(caption) > kMostWords)
    return failed(400, "the media cannot be shared");
  if (strike(visit.request, "web_refused")) return failed(400, "feedback_required");
  if (strike(visit.request, "web_accepted")) return failed(202, "Transcode not finished yet.");
  Json known = remembered(session->request);
  known["caption"] = caption;
  known["crop"] = text_at(said, "crop");
  known["is_aigc"] = flag_at(said, "is_aigc");
  known["taken_at"] = unix_seconds_now();
  session->request = dumped(known);
  parts_.store.set_request(session->id, session->request);
  Json answer{{"status", "ok"}, {"media", media(finish(*session), caption, unix_seconds_now())}};
  if (strike(visit.request, "web_no_answer")) return lose(visit.request);
  if (const auto fault = strike(visit.request, "web_garbled")) return garbled(*fault);
  if (strike(visit.request, "web_unconfirmed")) answer["unconfirmed"] = true;
  return json_answer(200, answer);
}

std::string InstagramStudio::finish(const StoredSession& session) {
  const std::string caption = text_at(remembered(session.request), "caption"), id = "179" + random_digits(14);
  parts_.store.finish(session.id, {.post_id = id,
                                   .platform = "Instagram",
                                   .title = caption.substr(0, caption.find('\n')),
                                   .caption = caption,
                                   .request = session.request,
                                   .size = session.total.value_or(0),
                                   .received_at = utc_timestamp(system_clock().now())});
  return id;
}

/// The account's reels, the newest first; those under review are not among them yet.
Answer InstagramStudio::feed(Visit& visit) {
  Json items = Json::array();
  const bool under_review = strike(visit.request, "web_under_review").has_value();
  if (strike(visit.request, "web_pinned")) {
    items.push_back(media("17900000000000001", "My first reel", 1'700'000'000));
    items.back()["pinned"] = true;
  }
  const auto sessions = parts_.store.sessions();
  for (const StoredSession& session : sessions | std::views::reverse) {
    if (under_review || session.post_id.empty() || !own_session(visit, session.id)) continue;
    const Json known = remembered(session.request);
    items.push_back(
        media(session.post_id, text_at(known, "caption"), number_at(known, "taken_at").value_or(0)));
  }
  return json_answer(200, {{"status", "ok"}, {"items", std::move(items)}});
}

}  // namespace asfs::practice
