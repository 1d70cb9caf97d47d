#include "uploaders/youtube.h"

#include "registry/base/text.h"
#include "uploaders/backoff.h"
#include "uploaders/trouble.h"
#include "uploaders/youtube_api.h"
#include "uploaders/youtube_post.h"
#include "uploaders/youtube_run.h"

namespace asfs {
namespace {

using youtube::Answer;
using Kind = Answer::Kind;

constexpr std::chrono::seconds kLookupTimeout{20};  // a look-up has no sign of life: it must be short
constexpr int kLookupTries = 3;

class YouTubeUploader final : public PlatformUploader {
 public:
  explicit YouTubeUploader(const UploaderContext& context) : context_(context), http_(context.http()) {}

  UploadResult upload(const std::filesystem::path&, const Metadata& metadata,
                      UploadSession& session) override {
    session.progress(UploadStep::checking, 0, session.video().size());
    if (auto fits = check(metadata, session.video_title(), session.video().size()); !fits) {
      UploadResult result;
      result.error_class = ErrorClass::permanent;
      result.error_message = fits.error().message;
      return result;
    }
    return youtube::run_upload(context_, *http_, metadata, session);
  }

  Result<void> check(const Metadata& metadata, std::string_view video_title,
                     std::uint64_t file_size) const override {
    return youtube::check_post(context_.config.youtube, metadata, video_title, file_size,
                               context_.clock.now());
  }

  PostPreview preview(const Metadata& metadata, std::string_view video_title) const override {
    return youtube::preview_of(context_.config.youtube, metadata, video_title);
  }

  Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop) override;
  PostCheck look_at_post(std::string_view post_id, const Metadata& metadata, std::stop_token stop) override;

 private:
  UploaderContext context_;
  const std::unique_ptr<Http> http_;
};

Reconciliation reconciled(Reconciliation::State state, const Answer& answer) {
  Reconciliation result;
  result.state = state;
  if (answer.kind == Kind::created) result.post_id = answer.text;
  result.bytes_received = answer.stored;
  result.error.error_class = answer.error_class;
  result.error.error_message = one_line(answer.message);
  if (answer.error_class == ErrorClass::rate_limited) result.error.retry_at = answer.retry_at;
  result.error.resumable =
      state == Reconciliation::State::failed && answer.error_class != ErrorClass::permanent;
  return result;
}

// not_made is said of every session that is not there any more: whether all bytes may have been sent before,
// so that a post may exist all the same, is in the ledger, and the stage decides by it.
Reconciliation judge(const Answer& answer) {
  using State = Reconciliation::State;
  switch (answer.kind) {
    case Kind::created:
      return reconciled(State::done, answer);
    case Kind::incomplete:
      return reconciled(State::part, answer);
    case Kind::gone:
      return reconciled(State::not_made, answer);
    case Kind::again:
      return reconciled(answer.unreadable ? State::unclear : State::failed, answer);
    default:
      break;
  }
  // HTTP 400 is how an upload that ended in failure answers ever after.
  if (answer.error_class != ErrorClass::permanent || answer.status == 400)
    return reconciled(State::failed, answer);
  return reconciled(State::not_made, answer);
}

Reconciliation failed_locally(const Error& error, ErrorClass error_class) {
  Answer answer;
  answer.message = error.message;
  answer.error_class = error_class;
  return reconciled(Reconciliation::State::failed, answer);
}

Reconciliation YouTubeUploader::reconcile(const Unfinished& attempt, std::stop_token stop) {
  using State = Reconciliation::State;
  const std::string& base = context_.config.youtube.upload_base;
  const std::string uri = youtube::current_session_uri(attempt.handle, base);
  if (auto why = youtube::session_refusal(uri, base)) {
    // A practice upload made no post on the real platform; one on the real platform waits until we are back
    // there.
    auto elsewhere = failed_locally({Code::failed, *why}, ErrorClass::transient);
    if (const auto begun = url_origin(uri); begun && begun->loopback()) elsewhere.state = State::not_made;
    return elsewhere;
  }
  youtube::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in)
    return failed_locally(signed_in.error(), class_of_token_error(signed_in.error()));
  Backoff backoff(context_.config.upload, context_.clock, kLookupTries - 1);
  bool refreshed = false;
  while (true) {
    const Answer answer = api.ask(uri, attempt.file_size, {}, kLookupTimeout);
    if (answer.kind == Kind::again && !backoff.spent() && !backoff.too_long(answer.not_before)) {
      if (!backoff.wait(answer.not_before, stop, [] {}))
        return failed_locally({Code::cancelled, "stopped"}, ErrorClass::cancelled);
    } else if (answer.kind == Kind::sign_in && !refreshed && api.sign_in_again()) {
      refreshed = true;
    } else if (answer.kind != Kind::created) {
      return judge(answer);
    } else if (auto problem = api.processing_problem(answer.text, {})) {
      return failed_locally({Code::failed, *problem}, ErrorClass::permanent);
    } else {
      return judge(answer);
    }
  }
}

PostCheck YouTubeUploader::look_at_post(std::string_view post_id, const Metadata& metadata,
                                        std::stop_token stop) {
  using State = PostCheck::State;
  if (!youtube::is_video_id(post_id)) return {State::unknown, "this is not the id of a YouTube video", {}};
  youtube::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return {State::unknown, signed_in.error().message, {}};
  const std::string id(post_id);
  PostCheck check = api.look(id, youtube::privacy_of(context_.config.youtube, metadata));
  // A scheduled video becomes public by itself.
  if (check.state == State::restricted && metadata.publish_at) return {State::kept, "", {}};
  return check;
}

}  // namespace

std::unique_ptr<PlatformUploader> make_youtube_uploader(const UploaderContext& context) {
  return std::make_unique<YouTubeUploader>(context);
}

std::string youtube_post_url(const Config& config, std::string_view post_id) {
  return youtube::is_video_id(post_id) ? config.youtube.watch_url + std::string(post_id) : std::string();
}

}  // namespace asfs
