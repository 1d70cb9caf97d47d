#include "uploaders/practice/youtube/studio.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <ranges>

#include "registry/base/clock.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::practice {
namespace {

constexpr std::size_t kMostSaid = 64 * 1024;
constexpr std::size_t kMostTitle = 100, kMostDescription = 5000, kMostTags = 500;
constexpr std::string_view kCalls = "studio/youtubei/v1/";

std::string channel_of(const StudioAccount& account) {
  return account.id("UC", 24);
}

Answer refused(int status, std::string_view code, std::string_view message) {
  return json_answer(status,
                     Json::object({{"error", {{"code", status}, {"status", code}, {"message", message}}}}));
}

Answer saved(std::string_view state) {
  return json_answer(200,
                     {{"overallResult", Json::object({{"resultCode", "UPDATE_SUCCESS"}})}, {"state", state}});
}

/// `/a/b/c` from the part of that number on; "" when there are not so many.
std::string part_of(std::string_view path, int number) {
  for (const auto part : path | std::views::split('/'))
    if (number-- == 0) return std::string(part.begin(), part.end());
  return {};
}

std::string words_of(const Json& known, std::string_view part, std::string_view field) {
  return text_at(child_at(child_at(known, "body"), part), field);
}

/// What is wrong with the words of a video that is to be published; "" when nothing.
std::string fault_of(const Json& known) {
  const std::string title = words_of(known, "snippet", "title");
  std::size_t tags = 0;
  for (const Json& tag : child_at(child_at(child_at(known, "body"), "snippet"), "tags")) tags += tag.size();
  if (title.empty() || utf16_units(title) > kMostTitle || title.find_first_of("<>") != title.npos)
    return "the title is empty, too long, or has < or > in it";
  if (utf16_units(words_of(known, "snippet", "description")) > kMostDescription)
    return "the description is too long";
  if (tags > kMostTags) return "the tags are too long";
  const Json& status = child_at(child_at(known, "body"), "status");
  if (!child_at(status, "selfDeclaredMadeForKids").is_boolean()) return "the audience is missing";
  const std::string privacy = text_at(status, "privacyStatus");
  if (privacy != "public" && privacy != "unlisted" && privacy != "private")
    return "the visibility is missing";
  return {};
}

/// A row of the list, and what the edit page knows.
Json row_of(const std::string& id, const Json& known, std::string_view time, std::string_view state) {
  return {{"videoId", id},
          {"title", words_of(known, "snippet", "title")},
          {"description", words_of(known, "snippet", "description")},
          {"privacy", words_of(known, "status", "privacyStatus")},
          {"timeCreated", time},
          {"state", state}};
}

}  // namespace

YouTubeStudio::YouTubeStudio(const StandInParts& parts)
    : Studio(parts, {.platform = "YouTube",
                     .folder = "youtube",
                     .sign_in = "accounts/v3/signin/identifier",
                     .home = "studio/",
                     .page = "studio_youtube.html"}) {}

Json YouTubeStudio::context(const StudioAccount& account) const {
  return {{"channel", channel_of(account)}};
}

Answer YouTubeStudio::challenge() {
  return notice(
      "Verify it's you",
      "<p>To protect your channel, Google has to make sure that it is really you. Nothing can be done here "
      "until then; this is the practice studio, so coming back will do.</p>");
}

Answer YouTubeStudio::visit(Visit& visit) {
  const std::string& path = visit.path;
  if (path.starts_with("www/")) return www(visit);
  if (path == "studio/upload") return upload(visit);
  if (path.starts_with(kCalls)) return call(visit, std::string_view(path).substr(kCalls.size()));
  if (path.starts_with("studio/channel/")) return channel_page(visit);
  if (path.starts_with("studio/video/")) return edit_page(visit);
  return to(fmt::format("studio/channel/{}/", channel_of(visit.account)));
}

Answer YouTubeStudio::www(Visit& visit) {
  const std::string page = part_of(visit.path, 1), id = part_of(visit.path, 2);
  if (page == "upload")
    return to(fmt::format("studio/channel/{}/videos/upload?d=ud", channel_of(visit.account)));
  if (page == "oembed") {
    const std::string address = visit.request.param("url");
    const auto post = parts_.store.post(address.substr(address.find_last_of("/=") + 1));
    if (!post || post->platform != "YouTube" || !post->failure.empty())
      return refused(404, "NOT_FOUND", "Not Found");
    const bool open = words_of(remembered(post->request), "status", "privacyStatus") != "private";
    return open ? json_answer(200, {{"title", post->title}, {"type", "video"}, {"provider_name", "YouTube"}})
                : refused(401, "UNAUTHENTICATED", "Unauthorized");
  }
  const std::string shown = page == "watch" ? visit.request.param("v") : id;
  Answer answer{.status = 302};
  answer.headers.emplace_back("Location", is_plain_id(shown) ? "/watch?v=" + shown : "/");
  return answer;
}

Answer YouTubeStudio::channel_page(Visit& visit) {
  if (part_of(visit.path, 2) == channel_of(visit.account)) return page(visit);
  return notice("Oops, something went wrong",
                fmt::format("<p>You don't have permission to view this page. You are signed in as {}.</p>"
                            "<p><a href=\"/studios/youtube/studio/\">Your own channel</a></p>",
                            visit.account.name));
}

// Whose page it is not, and what is gone, leads to the list.
Answer YouTubeStudio::edit_page(Visit& visit) {
  if (!own_session(visit, part_of(visit.path, 2)))
    return to(fmt::format("studio/channel/{}/videos/upload", channel_of(visit.account)));
  return page(visit);
}

// ---- what the pages ask for ------------------------------------------------------------------------

Answer YouTubeStudio::call(Visit& visit, std::string_view method) {
  const Json said = read_json(visit.request.read_text(kMostSaid).value_or(""));
  if (visit.request.method != "POST" || !said.is_object())
    return refused(400, "INVALID_ARGUMENT", "not understood");
  if (method == "upload/createvideo") return create_video(visit, said);
  if (method == "video_manager/metadata_update") return update(visit, said);
  if (method == "creator/list_creator_videos") return list(visit, "");
  if (method == "creator/get_creator_videos") return list(visit, text_at(said, "videoId"));
  return refused(404, "NOT_FOUND", "the practice studio does not know this call");
}

Answer YouTubeStudio::create_video(Visit& visit, const Json& said) {
  if (strike(visit.request, "web_limit")) return refused(429, "UPLOAD_LIMIT", "Daily upload limit reached");
  if (count_at(said, "size").value_or(0) == 0) return refused(400, "INVALID_ARGUMENT", "the file is empty");
  const std::string id = random_id(11), name = text_at(said, "name");
  expect(id, visit.account, said,
         {{"channel", channel_of(visit.account)},
          {"parts", {"snippet", "status"}},
          {"body", Json::object({{"snippet", Json::object({{"title", name.substr(0, name.rfind('.'))}})},
                                 {"status", Json::object()}})}});
  return json_answer(200, {{"videoId", id}, {"status", "DRAFT"}});
}

Answer YouTubeStudio::upload(Visit& visit) {
  const std::string id = visit.request.param("upload_id");
  Answer answer = take_bytes(visit, id);
  // It was published while its bytes were on their way.
  if (const auto session = own_session(visit, id);
      session && session->post_id.empty() && flag_at(remembered(session->request), "published"))
    finish(*session);
  return answer;
}

// Saves a draft, and publishes it where that is said.
Answer YouTubeStudio::update(Visit& visit, const Json& said) {
  auto session = own_session(visit, text_at(said, "videoId"));
  if (!session) return refused(404, "NOT_FOUND", "there is no such video");
  if (!session->post_id.empty()) return saved("PUBLISHED");
  Json known = remembered(session->request);
  for (const auto& [name, value] : child_at(said, "snippet").items()) known["body"]["snippet"][name] = value;
  for (const auto& [name, value] : child_at(said, "status").items()) known["body"]["status"][name] = value;
  session->request = dumped(known);
  parts_.store.set_request(session->id, session->request);
  return flag_at(said, "publish") ? publish(visit, *std::move(session)) : saved("DRAFT");
}

Answer YouTubeStudio::publish(Visit& visit, StoredSession session) {
  visit.request.step = Step::publish;
  if (strike(visit.request, "web_lost")) return lose(visit.request);
  if (strike(visit.request, "web_refused"))
    return refused(400, "FAILED_PRECONDITION", "This video violates our policies and was not published");
  Json known = remembered(session.request);
  if (const std::string wrong = fault_of(known); !wrong.empty())
    return refused(400, "INVALID_ARGUMENT", wrong);
  known["published"] = true;
  std::string visibility = words_of(known, "status", "privacyStatus");
  std::ranges::transform(visibility, visibility.begin(), [](unsigned char c) { return std::toupper(c); });
  known["visibility"] = visibility;  // as the page calls it
  session.request = dumped(known);
  parts_.store.set_request(session.id, session.request);
  const bool made = finish(session);
  if (strike(visit.request, "web_no_answer")) return lose(visit.request);
  if (const auto fault = strike(visit.request, "web_garbled")) return garbled(*fault);
  if (strike(visit.request, "web_unconfirmed")) return saved("UNCONFIRMED");
  return saved(!made || strike(visit.request, "web_accepted") ? "PROCESSING" : "PUBLISHED");
}

/// False while bytes are missing: it is published when they have come.
bool YouTubeStudio::finish(const StoredSession& session) {
  if (!is_complete(session)) return false;
  const Json known = remembered(session.request);
  return parts_.store.finish(session.id, {.post_id = session.id,
                                          .platform = "YouTube",
                                          .title = words_of(known, "snippet", "title"),
                                          .caption = words_of(known, "snippet", "description"),
                                          .request = session.request,
                                          .size = *session.total,
                                          .received_at = utc_timestamp(system_clock().now())});
}

/// The channel's videos, the newest first; `only` one when that is an id.
Answer YouTubeStudio::list(Visit& visit, std::string_view only) {
  Json videos = Json::array();
  const bool pending = strike(visit.request, "web_under_review").has_value();
  const auto sessions = parts_.store.sessions();
  for (const StoredSession& session : sessions | std::views::reverse) {
    if (!own_session(visit, session.id) || (!only.empty() && session.id != only)) continue;
    const Json known = remembered(session.request);
    const bool published = flag_at(known, "published");
    Json row = row_of(session.id, known, session.created_at,
                      !published                           ? "DRAFT"
                      : pending || session.post_id.empty() ? "PENDING"
                                                           : "PUBLISHED");
    row["received"] = received(session);
    row["size"] = session.total.value_or(0);
    row["fileName"] = text_at(known, "file_name");
    videos.push_back(std::move(row));
  }
  return json_answer(200, Json::object({{"videos", std::move(videos)}}));
}

}  // namespace asfs::practice
