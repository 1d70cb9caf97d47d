// YouTube as it really is: a session takes bytes and becomes a video with the last one; asked again, it
// repeats its final answer until it is forgotten.
#include <fmt/format.h>

#include <ctime>

#include "tests/simulation/platform.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::sim {
namespace {

using namespace std::chrono;
using Stage = Task::Stage;

class YouTube final : public SimPlatform {
 public:
  using SimPlatform::SimPlatform;

  std::string step_of(const HttpRequest& request) const override {
    const std::string path = url_origin(request.url).value_or(UrlOrigin{}).rest;
    const auto has = [&](const char* part) { return path.find(part) != path.npos; };
    if (has("upload_id=")) {
      for (const auto& [key, value] : request.headers)
        if (key == "Content-Range" && value.starts_with("bytes */")) return "ask";
      return "send";
    }
    if (has("/upload/youtube/v3/videos")) return "start";
    return has("/channels")            ? "channel"
           : has("/playlistItems")     ? "list"
           : has("/youtube/v3/videos") ? "video"
                                       : "other";
  }

  HttpResponse answer(const Question& question) override {
    const std::string step = step_of(question.request);
    if (step == "start") return start(question);
    if (step == "ask" || step == "send") return session(question, step == "send");
    if (step == "video") return videos(question.parameter("id"));
    if (step == "channel")
      return json(
          200, {{"items",
                 {{{"id", "UCanna"}, {"contentDetails", {{"relatedPlaylists", {{"uploads", "UUanna"}}}}}}}}});
    if (step == "list") return list();
    return error(404, "notFound", "global");
  }

  const std::vector<std::string>& optional_fields() const override {
    static const std::vector<std::string> list{"Range", "status",  "uploadStatus", "processingDetails",
                                               "kind",  "snippet", "errors",       "fileDetails"};
    return list;
  }
  HttpResponse token_refused() const override { return error(401, "authError", "global"); }

  HttpResponse refusal(const std::string& step, bool done, Dice dice) const override {
    static constexpr std::pair<int, const char*> kAny[] = {{500, "backendError"},
                                                           {503, "backendError"},
                                                           {500, "internalError"},
                                                           {429, "rateLimitExceeded"},
                                                           {403, "userRateLimitExceeded"}};
    static constexpr std::pair<int, const char*> kStart[] = {
        {403, "quotaExceeded"}, {400, "uploadLimitExceeded"}, {403, "forbidden"},
        {400, "invalidTitle"},  {403, "accessNotConfigured"}, {500, "backendError"}};
    static constexpr std::pair<int, const char*> kSession[] = {{404, "notFound"},
                                                               {410, "gone"},
                                                               {403, "quotaExceeded"},
                                                               {400, "badRequest"},
                                                               {416, "requestedRangeNotSatisfiable"},
                                                               {401, "authError"},
                                                               {503, "backendError"}};
    const auto [status, reason] = done || (step != "start" && step != "ask" && step != "send")
                                      ? dice.pick(kAny)
                                  : step == "start" ? dice.pick(kStart)
                                                    : dice.pick(kSession);
    return error(status, reason, "global");
  }

 private:
  HttpResponse error(int status, const char* reason, const char* domain) const {
    return json(
        status,
        {{"error",
          {{"code", status},
           {"message", "see the documents"},
           {"errors", {{{"message", "see the documents"}, {"domain", domain}, {"reason", reason}}}}}}});
  }

  HttpResponse start(const Question& question) {
    const Json body = Json::parse(question.body, nullptr, false);
    const auto size = std::strtoull(question.header("X-Upload-Content-Length").c_str(), nullptr, 10);
    Task& task =
        begin(size, body.is_object() ? body.value("snippet", Json::object()).value("title", "") : "");
    task.id = task.secret;
    world_.tell("  truth: session ", task.id, " is opened");
    std::string id = task.id;
    if (auto dice = world_.swarm.strikes(Trouble::odd_handle)) id = "adresse-" + dice->hex(16);
    return {
        200,
        {{"Location",
          fmt::format("https://www.googleapis.com/upload/youtube/v3/videos?uploadType=resumable&upload_id={}",
                      id)}},
        ""};
  }

  HttpResponse incomplete(std::uint64_t stored) const {
    if (stored == 0) return {308, {}, ""};
    return {308, {{"Range", fmt::format("bytes=0-{}", stored - 1)}}, ""};
  }

  HttpResponse created(const Task& task) const {
    Json body{{"kind", "youtube#video"},
              {"etag", "x"},
              {"id", task.post_id},
              {"snippet", {{"title", task.caption}}},
              {"status", {{"uploadStatus", "uploaded"}, {"privacyStatus", "private"}}}};
    if (auto dice = world_.swarm.strikes(Trouble::odd_id)) body["id"] = dice->pick(odd_ids());
    return json(201, body);
  }
  // None has the shape of an id, also when its type is changed on the way.
  static const std::vector<Json>& odd_ids() {
    static const std::vector<Json> list{
        Json(""),           Json("abc"),  Json(std::string(5000, 'x')), Json("a\x1b[31mbbbbb"),
        Json(123456789012), Json::array()};
    return list;
  }

  HttpResponse session(const Question& question, bool sends) {
    Task* task = find(question.parameter("upload_id"));
    if (task && world_.swarm.strikes(Trouble::forgets)) task->forgotten = true, task = nullptr;
    if (!task) return error(404, "notFound", "global");
    if (task->stage == Stage::open && world_.swarm.strikes(Trouble::address_dies)) task->forgotten = true;
    if (task->forgotten) return error(404, "notFound", "global");
    if (!sends) {
      const auto [stage, bytes] = told(*task);
      return stage == Stage::open ? incomplete(std::min<std::uint64_t>(bytes, task->size)) : created(*task);
    }
    if (task->stage != Stage::open) return created(*task);
    std::uint64_t first = 0, last = 0, total = task->size;
    if (!question.header("Content-Range").empty() &&
        !read_range(question.header("Content-Range"), first, last, total))
      return error(400, "badRequest", "global");
    if (total != task->size || first != task->bytes.size()) return incomplete(task->bytes.size());
    auto part = world_.swarm.strikes(Trouble::part_stored);
    take(*task, part ? std::string_view(question.body).substr(0, part->below(question.body.size() + 1))
                     : question.body);
    return task->stage == Stage::open ? incomplete(task->bytes.size()) : created(*task);
  }

  std::string upload_status(const Post& post) const {
    const Task& task = **std::ranges::find(tasks_, post.task, &Task::id);
    if (!post.live) return task.failure == "internal" ? "failed" : "rejected";
    return world_.clock.truth() < task.until ? "uploaded" : "processed";
  }

  Json item(const Post& post) const {
    Json status{{"uploadStatus", upload_status(post)}, {"privacyStatus", "public"}};
    if (status["uploadStatus"] == "rejected") status["rejectionReason"] = "copyright";
    if (status["uploadStatus"] == "failed") status["failureReason"] = "codec";
    return {{"kind", "youtube#video"},
            {"id", post.id},
            {"status", std::move(status)},
            {"snippet", {{"title", post.caption}, {"publishedAt", time_text(post.made)}}},
            {"contentDetails", {{"duration", fmt::format("PT{}S", static_cast<int>(post.seconds))}}},
            {"fileDetails",
             {{"fileSize", std::to_string(post.size)},
              {"durationMs", std::to_string(static_cast<int>(post.seconds * 1000))}}},
            {"processingDetails", {{"processingStatus", "processing"}}}};
  }
  static std::string time_text(TimePoint time) {
    const std::time_t at = unix_millis(time) / 1000;
    char text[40];
    std::tm parts{};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &parts));
    return text;
  }

  HttpResponse videos(const std::string& ids) const {
    Json items = Json::array();
    for (const Post& post : posts_)
      if (("," + ids + ",").find("," + post.id + ",") != std::string::npos &&
          post.listed_at <= world_.clock.truth())
        items.push_back(item(post));
    return json(200, {{"kind", "youtube#videoListResponse"}, {"items", std::move(items)}});
  }

  HttpResponse list() const {
    Json items = Json::array();
    for (const Post* post : listed())
      items.push_back(
          {{"snippet",
            {{"title", post->caption},
             {"publishedAt", time_text(post->made)},
             {"resourceId", {{"videoId", post->id}}}}},
           {"contentDetails", {{"videoId", post->id}, {"videoPublishedAt", time_text(post->made)}}}});
    return json(200, {{"items", std::move(items)}});
  }

  Task* task_of(const Question& question) override {
    return step_of(question.request) == "send" ? find(question.parameter("upload_id")) : nullptr;
  }
  void completed(Task& task) override {
    Post& post = make_post(task, video_id());
    task.until = world_.clock.truth() + seconds(world_.dice.between(0, 60));
    if (world_.swarm.strikes(Trouble::fails)) post.live = false, task.failure = "internal";
    if (world_.swarm.strikes(Trouble::rejects)) post.live = false, task.failure = "copyright";
  }
  void processed(Task&) override {}
  std::string video_id() {
    std::string id;
    while (id.size() < 11) id += "ABCDEFabcdef0123456789-_"[world_.dice.below(24)];
    return id;
  }
};

}  // namespace

std::unique_ptr<SimPlatform> make_youtube(World& world, const std::vector<Film>& films) {
  return std::make_unique<YouTube>(world, films);
}

}  // namespace asfs::sim
