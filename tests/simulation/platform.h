// A simulated platform: an honest state machine that knows the truth. What it answers is honest, too; the
// world distorts it on the way (world.cpp).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "registry/base/json.h"
#include "tests/simulation/world.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::sim {

/// A request as it arrives.
struct Question {
  const HttpRequest& request;
  std::string body;
  std::uint64_t size = 0;  ///< of the whole body; more than arrived when the connection broke
  bool whole() const { return body.size() == size; }
  std::string header(std::string_view name) const;
  /// Of the query, or of the form in the body.
  std::string parameter(std::string_view name) const;
  UrlOrigin origin() const { return url_origin(request.url).value_or(UrlOrigin{}); }
};

/// An upload as the platform knows it.
struct Task {
  enum class Stage : std::uint8_t { open, processing, ready, made, failed };
  /// How it stood, for a mouth that tells old news.
  struct Past {
    Stage stage;
    std::uint64_t bytes;
  };
  std::string id, secret, caption, privacy;
  std::uint64_t size = 0;
  std::string bytes;
  Stage stage = Stage::open;
  TimePoint begun, until;  ///< until: the end of processing
  std::string failure;     ///< why, for failed, or what processing will end in
  bool hangs = false, forgotten = false, dead = false;
  int acknowledged = 0;  ///< the process that has heard that all bytes are there
  int coming = 0;        ///< effects under way that may make the post
  std::string post_id;
  std::vector<Past> past;
};

struct Post {
  std::string id, task, sha256, caption;
  TimePoint made, shown_at, listed_at;
  double seconds = 0;
  std::uint64_t size = 0;
  bool live = true;  ///< false: rejected after all
};

class SimPlatform {
 public:
  explicit SimPlatform(World& world, const std::vector<Film>& films) : world_(world), films_(films) {}
  virtual ~SimPlatform() = default;

  /// What is asked, in a word.
  virtual std::string step_of(const HttpRequest& request) const = 0;
  virtual HttpResponse answer(const Question& question) = 0;
  /// An error the platform documents for this step. `done`: one that is also seen after it was done.
  virtual HttpResponse refusal(const std::string& step, bool done, Dice dice) const = 0;
  virtual HttpResponse token_refused() const = 0;
  /// Fields of answers that a real one was seen without, or that no document promises.
  virtual const std::vector<std::string>& optional_fields() const = 0;
  /// Throws Violation when these are bytes of an upload of which all were acknowledged already.
  void expects_bytes(const Question& question);
  void acknowledged(const Question& question);
  /// Time goes on: processing ends, what was late is done.
  void tick();
  /// Does what it is asked only later. False when that can make no difference to an upload.
  bool postpone(const Question& question, Duration by);

  /// Live posts of this content, and what may still become one.
  int posts_of(std::string_view sha256) const;
  bool may_appear(std::string_view sha256) const;
  const Post* post_of(std::string_view sha256) const;
  /// A post of this content goes by this id, be it live or rejected since.
  bool knows(std::string_view sha256, std::string_view id) const;
  /// What stands in a row's platform_post_id is this post.
  virtual bool names(const Post& post, std::string_view id) const { return id == post.id; }
  const std::vector<Post>& posts() const { return posts_; }
  void make_peace();  ///< hung uploads end, and are known never to come
  /// Which film's bytes a task has, or is to have.
  std::string film_of(const Task& task) const;

  std::function<void(const Task&, std::uint64_t arrived)> on_bytes;  ///< before they are taken
  std::function<void(const Task&)> on_publish;                       ///< before a post is made by request
  std::function<void()> on_truth;                                    ///< after the truth has changed
  virtual bool publishes_by_itself() const { return true; }          ///< once all bytes are there

 protected:
  /// This is an effect of a request that was sent long before.
  bool late() const { return late_now_; }
  Task& begin(std::uint64_t size, std::string caption);
  Task* find(std::string_view id);
  void take(Task& task, std::string_view bytes);
  virtual Task* task_of(const Question& question) = 0;  ///< whose bytes it brings, or which it publishes
  virtual void completed(Task& task) = 0;               ///< all bytes are there
  virtual void processed(Task& task) = 0;               ///< processing ended well
  void process(Task& task);
  Post& make_post(Task& task, std::string id);
  void move(Task& task, Task::Stage stage);
  /// As it stands, or as the mouth says it stood.
  Task::Past told(const Task& task);
  HttpResponse json(int status, const Json& body, HttpHeaders headers = {}) const;
  std::vector<const Post*> listed() const;  ///< newest first

  World& world_;
  const std::vector<Film>& films_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::vector<Post> posts_;

 private:
  struct Late {
    TimePoint at;
    Task* task;
    bool makes_post;
    std::function<void()> effect;
  };
  std::vector<Late> late_;
  bool late_now_ = false;
};

std::unique_ptr<SimPlatform> make_tiktok(World& world, const std::vector<Film>& films);
std::unique_ptr<SimPlatform> make_instagram(World& world, const std::vector<Film>& films);
std::unique_ptr<SimPlatform> make_youtube(World& world, const std::vector<Film>& films);

std::string sha256_of(std::string_view bytes);
/// `bytes FIRST-LAST/TOTAL`; false for anything else.
bool read_range(std::string_view text, std::uint64_t& first, std::uint64_t& last, std::uint64_t& total);

}  // namespace asfs::sim
