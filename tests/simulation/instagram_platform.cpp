// Instagram as it really is: a container takes bytes, is processed, and becomes a post only by media_publish.
#include <fmt/format.h>

#include <ctime>

#include "tests/simulation/platform.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::sim {
namespace {

using namespace std::chrono;
using Stage = Task::Stage;

constexpr std::chrono::hours kContainerLives{24};
constexpr const char* kUser = "17841400000000001";

class Instagram final : public SimPlatform {
 public:
  using SimPlatform::SimPlatform;

  std::string step_of(const HttpRequest& request) const override {
    const std::string path = url_origin(request.url).value_or(UrlOrigin{}).rest;
    const auto has = [&](const char* part) { return path.find(part) != path.npos; };
    if (has("/ig-api-upload/")) return "bytes";
    if (has("/me/accounts") || has("/me?") || has("/me/permissions") || path.ends_with("/me")) return "me";
    if (has("/content_publishing_limit")) return "quota";
    if (has("/media_publish")) return "publish";
    if (has("/media")) return request.method == "POST" ? "container" : "list";
    return find_post(id_in(request.url)) ? "permalink" : "status";
  }

  HttpResponse answer(const Question& question) override {
    const std::string step = step_of(question.request);
    if (step == "bytes") return bytes(question);
    if (step == "me") return me(question);
    if (step == "quota")
      return json(200, {{"data",
                         {{{"quota_usage", posts_.size() % 50},
                           {"config", {{"quota_total", 100}, {"quota_duration", 86400}}}}}}});
    if (step == "container") return container(question);
    if (step == "publish") return publish(question);
    if (step == "list") return list(question);
    if (step == "permalink") return permalink(question);
    return status(question);
  }

  bool publishes_by_itself() const override { return false; }
  const std::vector<std::string>& optional_fields() const override {
    static const std::vector<std::string> list{
        "video_status", "bytes_transferred", "uploading_phase", "processing_phase", "status",
        "permalink",    "quota_usage",       "config",          "timestamp"};
    return list;
  }
  HttpResponse token_refused() const override {
    return error(401, 190, 463, "Error validating access token");
  }

  HttpResponse refusal(const std::string& step, bool done, Dice dice) const override {
    struct Row {
      int status, code, subcode;
    };
    static constexpr Row kAny[] = {{500, 1, 0},        {503, 2, 0},    {400, -1, 2207001},
                                   {400, -1, 2207032}, {400, 100, 33}, {400, 4, 0}};
    static constexpr Row kPublish[] = {{400, 9007, 2207027}, {400, 9, 2207042}, {400, 24, 2207008},
                                       {400, 24, 2207006},   {403, 10, 0},      {400, 506, 0},
                                       {400, 25, 2207050},   {400, 4, 2207051}};
    static constexpr Row kDone[] = {
        {500, 1, 0}, {400, -1, 2207001}, {400, 24, 2207008}, {400, 100, 33}, {400, 506, 0}};
    static constexpr Row kStatus[] = {{400, 100, 33}, {400, 24, 2207008}, {403, 10, 0},
                                      {400, 17, 0},   {401, 102, 0},      {400, 9004, 2207052}};
    if (step == "bytes") {
      static constexpr const char* kSaid[] = {"Request processing failed",
                                              "{\"error\":{\"message\":\"unauthorized user request\"}}",
                                              "PartialRequestError (did not match length of file)"};
      return json(
          400, {{"debug_info",
                 {{"retriable", false}, {"type", "ProcessingFailedError"}, {"message", dice.pick(kSaid)}}}});
    }
    const Row row = done                                 ? dice.pick(kDone)
                    : step == "publish" && dice.below(2) ? dice.pick(kPublish)
                    : step == "status" && dice.below(2)  ? dice.pick(kStatus)
                                                         : dice.pick(kAny);
    return error(row.status, row.code, row.subcode, "An unknown error has occurred");
  }

 private:
  HttpResponse error(int status, int code, int subcode, const char* message) const {
    Json error{{"message", message},
               {"type", "OAuthException"},
               {"code", code},
               {"is_transient", false},
               {"fbtrace_id", "AbC"}};
    if (subcode) error["error_subcode"] = subcode;
    return json(status, {{"error", std::move(error)}});
  }

  static std::string id_in(const std::string& url) {
    const std::string path = url_origin(url).value_or(UrlOrigin{}).rest;
    const std::string plain = path.substr(0, path.find('?'));
    return plain.substr(plain.rfind('/') + 1);
  }
  const Post* find_post(const std::string& id) const {
    for (const Post& post : posts_)
      if (post.id == id) return &post;
    return nullptr;
  }

  HttpResponse me(const Question& question) const {
    if (question.request.url.find("permissions") != std::string::npos) {
      Json data = Json::array();
      for (const char* name :
           {"instagram_basic", "instagram_content_publish", "pages_read_engagement", "pages_show_list"})
        data.push_back({{"permission", name}, {"status", "granted"}});
      return json(200, {{"data", std::move(data)}});
    }
    if (question.request.url.find("accounts") == std::string::npos)
      return json(200, {{"id", "1020"}, {"name", "Anna"}, {"user_id", kUser}, {"username", "anna"}});
    return json(200, {{"data",
                       {{{"id", "900"},
                         {"name", "Page"},
                         {"instagram_business_account", {{"id", kUser}, {"username", "anna"}}}}}},
                      {"paging", {{"cursors", {{"before", "a"}, {"after", "b"}}}}}});
  }

  HttpResponse container(const Question& question) {
    Task& task = begin(0, question.parameter("caption"));
    task.id = "178" + world_.dice.digits(14);
    world_.tell("  truth: container ", task.id, " is made");
    Json id = task.id;
    if (auto dice = world_.swarm.strikes(Trouble::odd_handle))
      id = dice->below(2) ? dice->pick(odd_ids()) : Json("178" + dice->digits(14));
    return json(200, {{"id", id},
                      {"uri", fmt::format("https://rupload.facebook.com/ig-api-upload/v25.0/{}?s={}", task.id,
                                          task.secret)}});
  }

  HttpResponse failed_bytes(const char* type, const char* message) const {
    return json(400, {{"debug_info", {{"retriable", false}, {"type", type}, {"message", message}}}});
  }

  HttpResponse bytes(const Question& question) {
    Task* task = find(id_in(question.request.url));
    if (!task || task->dead) return failed_bytes("FILE_NOT_FOUND", "1363008");
    if (world_.swarm.strikes(Trouble::address_dies)) {
      task->dead = true;
      return failed_bytes("FILE_NOT_FOUND", "1363008");
    }
    const auto number = [&](const char* name) {
      return std::strtoull(question.header(name).c_str(), nullptr, 10);
    };
    if (task->size == 0) task->size = number("file_size");
    if (task->stage != Stage::open || number("offset") != task->bytes.size() ||
        number("file_size") != task->size)
      return failed_bytes("ProcessingFailedError", "Request processing failed");
    auto part = world_.swarm.strikes(Trouble::part_stored);
    take(*task, part ? std::string_view(question.body).substr(0, part->below(question.body.size() + 1))
                     : question.body);
    if (task->stage == Stage::open) return failed_bytes("ProcessingFailedError", "Request processing failed");
    return json(200, {{"success", true}, {"message", "Upload successful."}});
  }

  HttpResponse status(const Question& question) {
    Task* task = find(id_in(question.request.url));
    if (task && world_.swarm.strikes(Trouble::forgets)) task->forgotten = true, task = nullptr;
    if (!task) return error(400, 100, 33, "Unsupported get request. Object does not exist");
    const auto [stage, bytes] = told(*task);
    const bool over = world_.clock.truth() - task->begun >= kContainerLives && stage != Stage::made;
    static constexpr const char* kPhase[] = {"not_started", "in_progress", "complete", "complete", "error"};
    const bool all = bytes == task->size && bytes > 0;
    Json body{
        {"id", task->id},
        {"status_code", over ? "EXPIRED" : word(stage)},
        {"status", stage == Stage::failed ? "Error: Media upload has failed with error code " + task->failure
                                          : "In Progress: Media is still being processed."},
        {"video_status",
         {{"uploading_phase", {{"status", all ? "complete" : "in_progress"}, {"bytes_transferred", bytes}}},
          {"processing_phase", {{"status", kPhase[static_cast<int>(stage)]}}}}}};
    return json(200, body);
  }
  static const char* word(Stage stage) {
    static constexpr const char* kWords[] = {"IN_PROGRESS", "IN_PROGRESS", "FINISHED", "PUBLISHED", "ERROR"};
    return kWords[static_cast<int>(stage)];
  }

  HttpResponse publish(const Question& question) {
    Task* task = find(question.parameter("creation_id"));
    if (!task) return error(400, 100, 33, "Unsupported post request. Object does not exist");
    if (task->stage == Stage::made)
      return error(400, 24, 2207008, "The media you are trying to publish has been published");
    if (task->stage == Stage::failed || world_.clock.truth() - task->begun >= kContainerLives)
      return error(400, -2, 2207020, "The media has expired");
    if (task->stage != Stage::ready)
      return error(400, 9007, 2207027, "The media is not ready to be published");
    if (on_publish && !late()) on_publish(*task);
    make_post(*task, "180" + world_.dice.digits(14));
    if (auto dice = world_.swarm.strikes(Trouble::odd_id)) {
      if (dice->below(2)) return json(200, {{"id", std::stoull(task->post_id)}});
      return json(200, {{"id", dice->pick(odd_ids())}});
    }
    return json(200, {{"id", task->post_id}});
  }

  static const std::vector<Json>& odd_ids() {
    static const std::vector<Json> list{
        Json(""),     Json("12"),        Json(std::string(4000, '1')), Json("1784\x1b[31m"),
        Json(1.8e16), Json::array({"1"})};
    return list;
  }

  HttpResponse list(const Question& question) const {
    const auto since = std::atoll(question.parameter("since").c_str());
    Json data = Json::array();
    for (const Post* post : listed()) {
      const std::time_t made = unix_millis(post->made) / 1000;
      if (made < since) continue;
      char text[40];
      std::tm parts{};
      std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+0000", gmtime_r(&made, &parts));
      std::string caption = post->caption;
      if (world_.swarm.strikes(Trouble::caption_cut)) caption = caption.substr(0, 150);
      data.push_back({{"id", post->id},
                      {"caption", caption},
                      {"timestamp", text},
                      {"media_type", "VIDEO"},
                      {"media_product_type", "REELS"},
                      {"permalink", link_of(*post)},
                      {"shortcode", "C" + post->id.substr(0, 10)}});
    }
    return json(200,
                {{"data", std::move(data)}, {"paging", {{"cursors", {{"before", "a"}, {"after", "b"}}}}}});
  }
  static std::string link_of(const Post& post) {
    return "https://www.instagram.com/reel/C" + post.id.substr(0, 10) + "/";
  }

  HttpResponse permalink(const Question& question) const {
    const Post* post = find_post(id_in(question.request.url));
    return json(200, {{"id", post->id},
                      {"permalink", link_of(*post)},
                      {"shortcode", "C" + post->id.substr(0, 10)},
                      {"media_type", "VIDEO"},
                      {"media_product_type", "REELS"}});
  }

  Task* task_of(const Question& question) override {
    const std::string step = step_of(question.request);
    if (step == "publish") return find(question.parameter("creation_id"));
    return step == "bytes" ? find(id_in(question.request.url)) : nullptr;
  }
  void completed(Task& task) override { process(task); }
  void processed(Task& task) override {
    if (world_.swarm.strikes(Trouble::rejects)) {
      task.failure = "2207026";
      return move(task, Stage::failed);
    }
    move(task, Stage::ready);
  }
};

}  // namespace

std::unique_ptr<SimPlatform> make_instagram(World& world, const std::vector<Film>& films) {
  return std::make_unique<Instagram>(world, films);
}

}  // namespace asfs::sim
