#include "tests/simulation/platform.h"

#include <algorithm>
#include <cstdio>

#include "registry/files/checksum.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::sim {

using namespace std::chrono;

std::string sha256_of(std::string_view bytes) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(bytes)));
  return hash.finish();
}

bool read_range(std::string_view text, std::uint64_t& first, std::uint64_t& last, std::uint64_t& total) {
  unsigned long long f = 0, l = 0, t = 0;
  if (std::sscanf(std::string(text).c_str(), "bytes %llu-%llu/%llu", &f, &l, &t) != 3) return false;
  first = f, last = l, total = t;
  return true;
}

std::string Question::header(std::string_view name) const {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return {};
}

std::string Question::parameter(std::string_view name) const {
  std::string text =
      "&" + request.url.substr(std::min(request.url.find('?'), request.url.size() - 1) + 1) + "&" + body;
  const auto at = text.find("&" + std::string(name) + "=");
  if (at == text.npos) return {};
  const auto from = at + name.size() + 2;
  return form_decode(std::string_view(text).substr(from, text.find('&', from) - from));
}

bool SimPlatform::postpone(const Question& question, Duration by) {
  Task* task = task_of(question);
  if (!task || !question.whole()) return false;
  std::uint64_t first = 0, last = question.size - 1, total = 0;
  read_range(question.header("Content-Range"), first, last, total);
  const bool makes_post =
      publishes_by_itself() ? last + 1 >= task->size : question.request.body == std::nullopt;
  // What the ledger has to say beforehand is asked now.
  if (publishes_by_itself() || !makes_post) {
    if (on_bytes) on_bytes(*task, last + 1);
  } else if (on_publish) {
    on_publish(*task);
  }
  task->coming += makes_post;
  auto request = std::make_shared<HttpRequest>(question.request);
  request->body.reset();
  request->on_progress = {};
  late_.push_back({world_.clock.truth() + by, task, makes_post, [this, request, body = question.body] {
                     answer({*request, body, body.size()});
                   }});
  return true;
}

void SimPlatform::expects_bytes(const Question& question) {
  if (const Task* task = task_of(question); task && task->acknowledged == world_.process)
    throw Violation{"bytes are sent again although all were acknowledged"};
}

void SimPlatform::acknowledged(const Question& question) {
  if (Task* task = task_of(question); task && task->size > 0 && task->bytes.size() == task->size)
    task->acknowledged = world_.process;
}

void SimPlatform::tick() {
  const TimePoint now = world_.clock.truth();
  for (std::size_t i = 0; i < late_.size();) {
    if (late_[i].at > now) {
      ++i;
      continue;
    }
    const Late due = std::move(late_[i]);
    late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(i));
    due.task->coming -= due.makes_post;
    world_.tell("  (the platform does only now what it was told about upload ", due.task->id, ")");
    late_now_ = true;
    due.effect();
    late_now_ = false;
  }
  for (auto& task : tasks_) {
    if (task->stage != Task::Stage::processing || task->hangs || task->until > now) continue;
    if (task->failure.empty())
      processed(*task);
    else
      move(*task, Task::Stage::failed);
  }
}

void SimPlatform::make_peace() {
  for (auto& task : tasks_)
    if (task->hangs && task->stage == Task::Stage::processing) task->failure = "hung";
}

Task& SimPlatform::begin(std::uint64_t size, std::string caption) {
  auto task = std::make_unique<Task>();
  task->size = size;
  task->caption = std::move(caption);
  task->begun = world_.clock.truth();
  task->secret = "adresse-" + world_.dice.hex(16);
  tasks_.push_back(std::move(task));
  return *tasks_.back();
}

Task* SimPlatform::find(std::string_view id) {
  if (id.empty()) return nullptr;
  for (auto& task : tasks_)
    if (task->id == id && !task->forgotten) return task.get();
  return nullptr;
}

void SimPlatform::move(Task& task, Task::Stage stage) {
  static constexpr const char* kWords[] = {"takes bytes", "processes", "is ready", "is a post", "has failed"};
  task.past.push_back({task.stage, task.bytes.size()});
  task.stage = stage;
  world_.tell("  truth: upload ", task.id, " ", kWords[static_cast<int>(stage)]);
  if (on_truth && stage == Task::Stage::processing) on_truth();
}

void SimPlatform::take(Task& task, std::string_view bytes) {
  if (bytes.empty()) return;
  if (on_bytes && !late_now_) on_bytes(task, task.bytes.size() + bytes.size());
  task.past.push_back({task.stage, task.bytes.size()});
  task.bytes += bytes;
  if (task.bytes.size() == task.size) completed(task);
}

// Unless trouble strikes, a video is processed in some seconds, and well.
void SimPlatform::process(Task& task) {
  Duration takes = seconds(world_.dice.between(0, 20));
  if (auto dice = world_.swarm.strikes(Trouble::slow))
    takes = seconds(static_cast<long>(dice->scaled(60, 4 * 3600)));
  if (world_.swarm.strikes(Trouble::hang)) task.hangs = true;
  if (world_.swarm.strikes(Trouble::fails)) task.failure = "internal";
  task.until = world_.clock.truth() + takes;
  move(task, Task::Stage::processing);
}

Post& SimPlatform::make_post(Task& task, std::string id) {
  const TimePoint now = world_.clock.truth();
  Post post{.id = std::move(id),
            .task = task.id,
            .sha256 = sha256_of(task.bytes),
            .caption = task.caption,
            .made = now,
            .shown_at = now,
            .listed_at = now};
  post.size = task.bytes.size();
  for (const Film& film : films_)
    if (film.sha256 == post.sha256) post.seconds = film.seconds;
  if (auto dice = world_.swarm.strikes(Trouble::list_late))
    post.listed_at += seconds(static_cast<long>(dice->scaled(5, 7200)));
  move(task, Task::Stage::made);
  task.post_id = post.id;
  world_.tell("  truth: POST ", post.id, " with the content of ", film_of(task));
  posts_.push_back(post);
  if (on_truth) on_truth();
  return posts_.back();
}

std::string SimPlatform::film_of(const Task& task) const {
  for (const Film& film : films_)
    if (film.content.size() == task.size && film.content.starts_with(task.bytes)) return film.id;
  return "nothing we know";
}

int SimPlatform::posts_of(std::string_view sha256) const {
  int count = 0;
  for (const Post& post : posts_) count += post.live && post.sha256 == sha256;
  for (const auto& task : tasks_) {
    if (task->stage == Task::Stage::made || task->stage == Task::Stage::failed || !task->failure.empty())
      continue;
    const bool comes = task->coming > 0 || (task->stage == Task::Stage::processing && publishes_by_itself());
    if (!comes) continue;
    for (const Film& film : films_)
      count +=
          film.sha256 == sha256 && film.content.size() == task->size && film.content.starts_with(task->bytes);
  }
  return count;
}

bool SimPlatform::may_appear(std::string_view sha256) const {
  int live = 0;
  for (const Post& post : posts_) live += post.live && post.sha256 == sha256;
  return posts_of(sha256) > live;
}

const Post* SimPlatform::post_of(std::string_view sha256) const {
  for (const Post& post : posts_)
    if (post.live && post.sha256 == sha256) return &post;
  return nullptr;
}

bool SimPlatform::knows(std::string_view sha256, std::string_view id) const {
  return std::ranges::any_of(
      posts_, [&](const Post& post) { return post.sha256 == sha256 && (id.empty() || names(post, id)); });
}

Task::Past SimPlatform::told(const Task& task) {
  const Task::Past present{task.stage, task.bytes.size()};
  if (task.past.empty()) return present;
  if (auto dice = world_.swarm.strikes(Trouble::lag)) {
    world_.tell("  (it tells how it stood just before)");
    return task.past[task.past.size() - 1 - dice->below(std::min<std::size_t>(task.past.size(), 2))];
  }
  if (auto dice = world_.swarm.strikes(Trouble::go_back)) {
    world_.tell("  (it tells an old state)");
    return dice->pick(task.past);
  }
  return present;
}

HttpResponse SimPlatform::json(int status, const Json& body, HttpHeaders headers) const {
  headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  return {status, std::move(headers), body.is_null() ? std::string() : body.dump()};
}

std::vector<const Post*> SimPlatform::listed() const {
  std::vector<const Post*> list;
  for (const Post& post : posts_)
    if (post.live && post.listed_at <= world_.clock.truth()) list.insert(list.begin(), &post);
  return list;
}

}  // namespace asfs::sim
