#include "uploaders/youtube/uploader.h"

#include "registry/base/text.h"
#include "uploaders/transfer/http_url.h"
#include "uploaders/youtube/api.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/run.h"
#include "uploaders/youtube/settings.h"

namespace asfs {
namespace {

using Kind = Trouble::Kind;

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
    return youtube::check_post(context_.config.of<YouTubeConfig>(), metadata, video_title, file_size,
                               context_.clock.now());
  }

  PostPreview preview(const Metadata& metadata, std::string_view video_title) const override {
    return youtube::preview_of(context_.config.of<YouTubeConfig>(), metadata, video_title);
  }

  Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop) override;
  PostCheck look_at_post(std::string_view post_id, const Metadata& metadata, std::stop_token stop) override;

 private:
  Reconciliation find_post(youtube::Api& api, const Unfinished& attempt, const youtube::Handle& handle,
                           const Trouble& why);

  UploaderContext context_;
  const std::unique_ptr<Http> http_;
};

Reconciliation failed_because(const Trouble& trouble, Reconciliation::State state) {
  Reconciliation result;
  result.state = state;
  result.error.error_class = trouble.error_class;
  result.error.error_message = one_line(trouble.message);
  result.error.retry_at = trouble.retry_at;
  return result;
}

// A session that is not there any more made nothing, unless all may have been sent: then its video is looked
// for, once YouTube has said so itself.
Reconciliation YouTubeUploader::reconcile(const Unfinished& attempt, std::stop_token stop) {
  using State = Reconciliation::State;
  const std::string& base = context_.config.of<YouTubeConfig>().upload_base;
  const auto handle = youtube::parse_handle(attempt.handle);
  const std::string uri = youtube::current_session_uri(handle.uri, base);
  if (auto why = youtube::session_refusal(uri, base)) {
    // A practice upload made no post on the real platform; one on the real platform waits until we are back
    // there.
    const auto begun = url_origin(uri);
    return failed_because(
        {.error_class = ErrorClass::transient, .message = *why, .not_before = {}, .retry_at = {}},
        begun && begun->loopback() ? State::not_made : State::failed);
  }
  youtube::Api api(context_, *http_, std::move(stop));
  if (auto signed_in = api.sign_in(); !signed_in)
    return failed_because(no_token(signed_in.error()), State::failed);
  const auto session = patiently(api, [&] { return api.ask(uri, attempt.file_size, {}); });
  if (!session) {
    const Trouble& trouble = session.error();
    const bool gone = trouble.kind == Kind::unknown || trouble.kind == Kind::restart;
    if (gone && !attempt.maybe_published) return failed_because(trouble, State::not_made);
    return gone && trouble.own ? find_post(api, attempt, handle, trouble)
                               : failed_because(trouble, State::failed);
  }
  Reconciliation result;
  result.bytes_received = session->stored;
  // What became of a video that YouTube took and threw away the upload itself tells.
  const bool stands = !session->video_id.empty() && !api.processing_problem(session->video_id, {});
  result.state = stands ? State::done : State::part;
  if (stands) result.post_id = session->video_id;
  return result;
}

// Among the channel's uploads, or a person must look.
Reconciliation YouTubeUploader::find_post(youtube::Api& api, const Unfinished& attempt,
                                          const youtube::Handle& handle, const Trouble& why) {
  using State = Reconciliation::State;
  const OwnPost own{.caption = youtube::title_of(attempt.metadata, attempt.video_title),
                    .owners = attempt.owners,
                    .seconds = attempt.video_seconds,
                    .bytes = attempt.file_size};
  const auto uploads = patiently(api, [&] { return youtube::find_upload(api, handle, own, {}); });
  if (!uploads && !youtube::may_not_list(uploads.error()))
    return failed_because(uploads.error(), State::failed);
  Reconciliation result = failed_because(why, State::unclear);
  if (!uploads || !uploads->post_id) return result;
  result.state = api.processing_problem(*uploads->post_id, {}) ? State::part : State::done;
  if (result.state == State::done) result.post_id = uploads->post_id;
  return result;
}

PostCheck YouTubeUploader::look_at_post(std::string_view post_id, const Metadata& metadata,
                                        std::stop_token stop) {
  using State = PostCheck::State;
  if (!youtube::is_video_id(post_id)) return {State::unknown, "this is not the id of a YouTube video", {}};
  youtube::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return {State::unknown, signed_in.error().message, {}};
  const std::string id(post_id);
  PostCheck check = api.look(id, youtube::privacy_of(context_.config.of<YouTubeConfig>(), metadata));
  // A scheduled video becomes public by itself.
  if (check.state == State::restricted && metadata.publish_at) return {State::kept, "", {}};
  return check;
}

}  // namespace

std::unique_ptr<PlatformUploader> make_youtube_uploader(const UploaderContext& context) {
  return std::make_unique<YouTubeUploader>(context);
}

std::string youtube_post_url(const Config& config, std::string_view post_id) {
  return youtube::is_video_id(post_id) ? config.of<YouTubeConfig>().watch_url + std::string(post_id)
                                       : std::string();
}

}  // namespace asfs
