// TikTok as it really is: an upload becomes a post by itself once its last byte has arrived.
#include <fmt/format.h>

#include "tests/simulation/platform.h"

namespace asfs::sim {
namespace {

using namespace std::chrono;
using Stage = Task::Stage;

constexpr std::chrono::hours kAddressLives{1};

class TikTok final : public SimPlatform {
 public:
  using SimPlatform::SimPlatform;

  std::string step_of(const HttpRequest& request) const override {
    for (const auto& [part, step] : {std::pair{"/creator_info/", "creator"},
                                     {"/inbox/video/init/", "init"},
                                     {"/video/init/", "init"},
                                     {"/status/fetch/", "status"},
                                     {"/video/list/", "list"}})
      if (request.url.find(part) != std::string::npos) return step;
    return request.method == "PUT" ? "put" : "other";
  }

  HttpResponse answer(const Question& question) override {
    const std::string step = step_of(question.request);
    if (step == "put") return put(question);
    if (step == "creator") return creator();
    if (step == "init") return init(question);
    if (step == "status") return status(question);
    if (step == "list") return list();
    return error(404, "not_found");
  }

  const std::vector<std::string>& optional_fields() const override {
    static const std::vector<std::string> list{"uploaded_bytes", "publicaly_available_post_id",
                                               "fail_reason",    "max_video_post_duration_sec",
                                               "log_id",         "duration",
                                               "create_time"};
    return list;
  }
  HttpResponse token_refused() const override { return error(401, "access_token_invalid"); }

  HttpResponse refusal(const std::string& step, bool done, Dice dice) const override {
    static constexpr std::pair<int, const char*> kAny[] = {{500, "internal_error"},
                                                           {503, "internal_error"},
                                                           {200, "internal_error"},
                                                           {429, "rate_limit_exceeded"}};
    static constexpr std::pair<int, const char*> kInit[] = {{403, "spam_risk_too_many_posts"},
                                                            {400, "invalid_params"},
                                                            {403, "spam_risk_too_many_pending_share"},
                                                            {403, "reached_active_user_cap"},
                                                            {429, "rate_limit_exceeded"},
                                                            {500, "internal_error"}};
    static constexpr std::pair<int, const char*> kStatus[] = {
        {400, "invalid_publish_id"},   {400, "invalid_params"},
        {401, "access_token_invalid"}, {429, "rate_limit_exceeded"},
        {500, "internal_error"},       {403, "token_not_authorized_for_specified_publish_id"}};
    static constexpr int kPut[] = {400, 403, 404, 405, 416, 500, 502, 503, 429};
    if (step == "put") return {dice.pick(kPut), {}, ""};
    const auto [code, word] = done || step == "creator" || step == "list" ? dice.pick(kAny)
                              : step == "status"                          ? dice.pick(kStatus)
                                                                          : dice.pick(kInit);
    return error(code, word);
  }

  // The publish_id stands for the post where no other id is told.
  bool names(const Post& post, std::string_view id) const override {
    return id == post.id || id == post.task;
  }

 private:
  HttpResponse ok(Json data) const {
    return json(
        200, {{"data", std::move(data)}, {"error", {{"code", "ok"}, {"message", ""}, {"log_id", "2026L"}}}});
  }
  HttpResponse error(int status, const char* code) const {
    return json(status, {{"data", Json::object()},
                         {"error", {{"code", code}, {"message", "see the documents"}, {"log_id", "2026E"}}}});
  }

  HttpResponse creator() const {
    return ok({{"creator_avatar_url", "https://p16.tiktokcdn.com/a.webp"},
               {"creator_username", "anna"},
               {"creator_nickname", "Anna"},
               {"privacy_level_options", {"PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"}},
               {"comment_disabled", false},
               {"duet_disabled", false},
               {"stitch_disabled", true},
               {"max_video_post_duration_sec", 600}});
  }

  HttpResponse init(const Question& question) {
    const Json body = Json::parse(question.body, nullptr, false);
    if (!body.is_object() || !body.contains("source_info")) return error(400, "invalid_params");
    Task& task = begin(body["source_info"].value("video_size", std::uint64_t{0}),
                       body.value("post_info", Json::object()).value("title", ""));
    task.id = "v_pub_file~v2-1." + world_.dice.digits(19);
    task.privacy = body.value("post_info", Json::object()).value("privacy_level", "");
    world_.tell("  truth: upload ", task.id, " begins");
    Json id = task.id;
    if (auto dice = world_.swarm.strikes(Trouble::odd_handle))
      id = dice->below(2) ? dice->pick(odd_ids()) : Json("v_pub_file~v2-1." + dice->digits(19));
    return ok(
        {{"publish_id", id},
         {"upload_url", fmt::format("https://open-upload.tiktokapis.com/video/?upload_id={}&upload_token={}",
                                    task.id, task.secret)}});
  }

  HttpResponse put(const Question& question) {
    Task* task = find(question.parameter("upload_id"));
    if (!task) return {404, {}, ""};
    if (world_.swarm.strikes(Trouble::address_dies)) task->dead = true;
    if (task->dead || world_.clock.truth() - task->begun >= kAddressLives) return {403, {}, ""};
    std::uint64_t first = 0, last = 0, total = 0;
    if (!read_range(question.header("Content-Range"), first, last, total) || total != task->size)
      return {400, {}, ""};
    const auto where = [&] {
      return HttpHeaders{{"Content-Range", fmt::format("bytes 0-{}/{}", task->bytes.size(), task->size)}};
    };
    if (first != task->bytes.size() || task->stage != Stage::open) return {416, where(), ""};
    if (!question.whole()) return {400, where(), ""};  // of a broken chunk nothing is kept
    take(*task, question.body);
    return {task->bytes.size() == task->size ? 201 : 206, where(), ""};
  }

  HttpResponse status(const Question& question) {
    Task* task = find(Json::parse(question.body, nullptr, false).value("publish_id", ""));
    if (task && task->stage == Stage::made && world_.swarm.strikes(Trouble::forgets))
      task->forgotten = true, task = nullptr;
    if (!task) return error(400, "invalid_publish_id");
    const auto [stage, bytes] = told(*task);
    Json data{{"uploaded_bytes", bytes}};
    data["status"] = stage == Stage::made     ? "PUBLISH_COMPLETE"
                     : stage == Stage::failed ? "FAILED"
                                              : "PROCESSING_UPLOAD";
    if (stage == Stage::failed) data["fail_reason"] = task->failure;
    data["publicaly_available_post_id"] = Json::array();
    if (stage != Stage::made) return ok(std::move(data));
    const Post& post = *std::ranges::find(posts_, task->post_id, &Post::id);
    if (post.shown_at > world_.clock.truth() || task->privacy != "PUBLIC_TO_EVERYONE")
      return ok(std::move(data));
    if (auto dice = world_.swarm.strikes(Trouble::odd_id))
      data["publicaly_available_post_id"] = dice->pick(odd_ids());
    else
      data["publicaly_available_post_id"].push_back(std::stoull(task->post_id));
    return ok(std::move(data));
  }

  static const std::vector<Json>& odd_ids() {
    static const std::vector<Json> list{Json::array({7.4e18}),
                                        Json::array({"12"}),
                                        Json::array({std::string(300, '7')}),
                                        Json::array({nullptr}),
                                        Json("7412345678901234567"),
                                        Json::array({Json::object()}),
                                        Json::array({-741234567890123456})};
    return list;
  }

  HttpResponse list() const {
    Json videos = Json::array();
    for (const Post* post : listed()) {
      if (post->shown_at > world_.clock.truth()) continue;
      std::string words = post->caption;
      if (world_.swarm.strikes(Trouble::caption_cut)) words = words.substr(0, 150);
      videos.push_back({{"id", post->id},
                        {"create_time", unix_millis(post->made) / 1000},
                        {"video_description", words},
                        {"title", words},
                        {"duration", static_cast<int>(post->seconds)},
                        {"share_url", "https://www.tiktok.com/@anna/video/" + post->id}});
    }
    return ok({{"videos", std::move(videos)}, {"cursor", 0}, {"has_more", false}});
  }

  Task* task_of(const Question& question) override {
    return question.request.method == "PUT" ? find(question.parameter("upload_id")) : nullptr;
  }
  void completed(Task& task) override { process(task); }

  void processed(Task& task) override {
    if (world_.swarm.strikes(Trouble::rejects)) {
      task.failure = "frame_rate_check_failed";
      return move(task, Stage::failed);
    }
    Post& post = make_post(task, "7" + world_.dice.digits(18));
    const bool hidden = task.privacy != "PUBLIC_TO_EVERYONE" || world_.swarm.strikes(Trouble::keeps_private);
    post.shown_at = hidden ? TimePoint::max() : post.made + seconds(world_.dice.between(0, 40));
  }
};

}  // namespace

std::unique_ptr<SimPlatform> make_tiktok(World& world, const std::vector<Film>& films) {
  return std::make_unique<TikTok>(world, films);
}

}  // namespace asfs::sim
