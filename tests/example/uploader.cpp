#include "tests/example/uploader.h"

#include <fmt/format.h>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "tests/example/settings.h"
#include "uploaders/platform/api_uploader.h"
#include "uploaders/platform/platform_api.h"
#include "uploaders/platform/upload_run.h"

namespace asfs {
namespace example {
namespace {

/// What Example says of an upload.
struct State {
  std::uint64_t stored = 0;
  std::string post_id;  ///< "" until its last byte is there
  std::string failure;  ///< why it makes no post and never will; "" while it may
};

/// Its own words are `{"error": "NAME"}`; anything else comes from something on the way.
Trouble trouble_of(const HttpResponse& response) {
  const std::string name = text_at(read_json(response.body), "error");
  Trouble trouble{
      .kind = Trouble::Kind::again,
      .error_class = ErrorClass::transient,
      .message = answered_text("Example", response.status, !name.empty()) + (name.empty() ? "" : ": " + name),
      .not_before = {},
      .retry_at = {},
      .reason = name,
      .own = !name.empty()};
  if (name == "token") trouble.kind = Trouble::Kind::sign_in, trouble.error_class = ErrorClass::needs_login;
  if (name == "unknown_upload")
    trouble.kind = Trouble::Kind::unknown, trouble.error_class = ErrorClass::permanent;
  return trouble;
}

class Api : public PlatformApi {
 public:
  using PlatformApi::PlatformApi;

  Answered<std::string> open(const std::string& title, std::uint64_t size, Progress alive) {
    HttpRequest request = call("POST", "/example/uploads", std::move(alive));
    request.headers.emplace_back("Content-Type", "application/json");
    request.content = dumped({{"title", title}, {"size", size}});
    const auto response = PlatformApi::send(request);
    if (!response) return std::unexpected(response.error());
    if (std::string id = id_at(read_json(response->body), "id"); response->status == 200 && !id.empty())
      return id;
    return std::unexpected(trouble_of(*response));
  }
  Answered<State> ask(const std::string& id, Progress alive) {
    return state_of(call("GET", "/example/uploads/" + id, std::move(alive)));
  }
  Answered<State> put(const std::string& id, HttpBody body, std::uint64_t from, std::uint64_t total,
                      Progress progress) {
    HttpRequest request = call("PUT", "/example/uploads/" + id, std::move(progress));
    request.headers.emplace_back("Content-Range",
                                 fmt::format("bytes {}-{}/{}", from, from + body.size - 1, total));
    request.body = std::move(body);
    return state_of(request);
  }
  PostCheck look(std::string_view post_id) {
    const auto response = PlatformApi::send(call("GET", fmt::format("/example/posts/{}", post_id), {}));
    if (!response) return {PostCheck::State::unknown, response.error().message, {}};
    if (response->status == 200) return {PostCheck::State::kept, "", {}};
    if (text_at(read_json(response->body), "error") == "unknown_post")
      return {PostCheck::State::gone, "the post is not on Example any more", {}};
    return {PostCheck::State::unknown, trouble_of(*response).message, {}};
  }

 private:
  HttpRequest call(std::string method, const std::string& path, Progress alive) {
    HttpRequest request =
        make(std::move(method), context_.config.of<ExampleConfig>().api_base + path, std::move(alive));
    request.headers.emplace_back("Authorization", bearer());
    return request;
  }
  Answered<State> state_of(const HttpRequest& request) {
    const auto response = PlatformApi::send(request);
    if (!response) return std::unexpected(response.error());
    const Json document = read_json(response->body);
    const auto stored = count_at(document, "stored");
    if (response->status != 200 || !stored) return std::unexpected(trouble_of(*response));
    return State{*stored, id_at(document, "post"), one_line(text_at(document, "failure"), 200)};
  }
};

class Run final : public UploadRun {
 public:
  Run(Api& api, std::string title, UploadAttempt& attempt)
      : UploadRun("Example", api, attempt, VideoSender::LastByte::completes_session, {}),
        api_(api),
        title_(std::move(title)) {}

 private:
  Ended take_up(const std::string& handle) override {
    id_ = handle;
    return std::nullopt;
  }
  bool has_handle() const override { return !id_.empty(); }
  void drop_handle() override { id_.clear(); }

  Ended begin() override {
    const auto id = api_.open(title_, video_.size(), showing(UploadStep::starting));
    if (!id) return on_trouble(id.error());
    id_ = *id;
    return begun(id_);
  }

  Ended send() override {
    if (auto moved = sender_.move_to(offset_); !moved) return local(moved.error());
    const auto state =
        api_.put(id_, sender_.body(video_.size() - offset_), offset_, video_.size(), sender_.progress());
    if (sender_.error()) return local(*sender_.error());
    next_ = Next::look;
    return state ? on_state(*state) : on_refused(state.error());
  }

  Ended look() override {
    const auto state = api_.ask(id_, showing(UploadStep::looking_up));
    return state ? on_state(*state) : on_refused(of_a_question(state.error()));
  }

  // Once the last byte is out, an upload that is not known any more may have made a post.
  Ended on_refused(const Trouble& trouble) {
    if (trouble.kind != Kind::unknown)
      return on_trouble(attempt_.maybe_published() ? of_a_question(trouble) : trouble);
    return attempt_.maybe_published() ? in_doubt(trouble.message) : begin_anew(trouble, false);
  }

  Ended on_state(const State& state) {
    if (!state.failure.empty()) {
      if (auto free = attempt_.start_over(true); !free) return local(free.error());
      drop_handle();
      return ended(ErrorClass::permanent, "Example could not process the video: " + state.failure);
    }
    if (!state.post_id.empty()) {
      headway(video_.size());
      return done(state.post_id);
    }
    headway(state.stored);
    const bool further = state.stored > offset_;
    offset_ = std::min(state.stored, video_.size());
    next_ = offset_ == video_.size() ? Next::look : Next::send;
    if (next_ == Next::send && (further || offset_ == 0)) return std::nullopt;
    return wait(passing("Example does not say what became of the video's bytes"));
  }

  Api& api_;
  const std::string title_;
  std::string id_;
};

class ExampleUploader final : public ApiUploader {
 public:
  explicit ExampleUploader(const UploaderContext& context) : ApiUploader(context) {}

  Result<void> check(const Metadata& metadata, std::string_view video_title, std::uint64_t) const override {
    const std::size_t most = context_.config.of<ExampleConfig>().title_characters;
    const std::size_t length = code_points(preview(metadata, video_title).text);
    if (length <= most) return {};
    return fail(Code::usage, fmt::format("the title has {} characters; Example takes {}", length, most));
  }

  PostPreview preview(const Metadata& metadata, std::string_view video_title) const override {
    return {.text = metadata.title.value_or(std::string(video_title)), .audience = "public"};
  }

  Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop) override {
    using Found = Reconciliation::State;
    Api api(context_, *http_, std::move(stop));
    if (auto signed_in = api.sign_in(); !signed_in) return failed_because(no_token(signed_in.error()));
    const auto state = patiently(api, [&] { return api.ask(attempt.handle, {}); });
    if (!state && state.error().kind == Trouble::Kind::unknown)
      return failed_because(state.error(), attempt.maybe_published ? Found::unclear : Found::not_made);
    if (!state) return failed_because(state.error());
    return state->post_id.empty() ? found(Found::part, {}, state->stored)
                                  : found(Found::done, state->post_id);
  }

  PostCheck look_at_post(std::string_view post_id, const Metadata&, std::stop_token stop) override {
    Api api(context_, *http_, std::move(stop));
    if (auto signed_in = api.sign_in(); !signed_in)
      return {PostCheck::State::unknown, signed_in.error().message, {}};
    return api.look(post_id);
  }

 private:
  UploadResult send(const std::filesystem::path&, const Metadata& metadata, UploadAttempt& attempt) override {
    Api api(context_, *http_, attempt.stop());
    return Run(api, preview(metadata, attempt.video_title()).text, attempt).result();
  }
};

}  // namespace
}  // namespace example

std::unique_ptr<PlatformUploader> make_example_uploader(const UploaderContext& context) {
  return std::make_unique<example::ExampleUploader>(context);
}

std::string example_post_url(const Config&, std::string_view post_id) {
  return post_id.starts_with("EX") && is_plain_id(post_id)
             ? "https://example.org/watch/" + std::string(post_id)
             : std::string();
}

}  // namespace asfs
