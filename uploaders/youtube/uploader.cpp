#include "uploaders/youtube/uploader.h"

#include "uploaders/platform/api_uploader.h"
#include "uploaders/transfer/http_url.h"
#include "uploaders/youtube/api.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/run.h"
#include "uploaders/youtube/settings.h"

namespace asfs {
namespace {

using Kind = Trouble::Kind;
using State = Reconciliation::State;

class YouTubeUploader final : public ApiUploader {
 public:
  explicit YouTubeUploader(const UploaderContext& context) : ApiUploader(context) {}

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
  UploadResult send(const std::filesystem::path&, const Metadata& metadata, UploadAttempt& attempt) override {
    return youtube::run_upload(context_, *http_, metadata, attempt);
  }
  Reconciliation find_post(youtube::Api& api, const Unfinished& attempt, const youtube::Handle& handle,
                           const Trouble& why);
};

// A session that is not there any more made nothing, unless all may have been sent: then its video is looked
// for, once YouTube has said so itself.
Reconciliation YouTubeUploader::reconcile(const Unfinished& attempt, std::stop_token stop) {
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
  if (auto signed_in = api.sign_in(); !signed_in) return failed_because(no_token(signed_in.error()));
  const auto session = patiently(api, [&] { return api.ask(uri, attempt.file_size, {}); });
  if (!session) {
    const Trouble& trouble = session.error();
    const bool gone = trouble.kind == Kind::unknown || trouble.kind == Kind::restart;
    if (gone && !attempt.maybe_published) return failed_because(trouble, State::not_made);
    return gone && trouble.own ? find_post(api, attempt, handle, trouble) : failed_because(trouble);
  }
  // What became of a video that YouTube took and threw away the upload itself tells.
  const bool stands = !session->video_id.empty() && !api.processing_problem(session->video_id, {});
  return stands ? found(State::done, session->video_id) : found(State::part, {}, session->stored);
}

// Among the channel's uploads, or a person must look.
Reconciliation YouTubeUploader::find_post(youtube::Api& api, const Unfinished& attempt,
                                          const youtube::Handle& handle, const Trouble& why) {
  const OwnPost own{.caption = youtube::title_of(attempt.metadata, attempt.video_title),
                    .owners = attempt.owners,
                    .seconds = attempt.video_seconds,
                    .bytes = attempt.file_size};
  const auto uploads = patiently(api, [&] { return youtube::find_upload(api, handle, own, {}); });
  if (!uploads && !youtube::may_not_list(uploads.error())) return failed_because(uploads.error());
  if (!uploads || !uploads->post_id) return failed_because(why, State::unclear);
  const bool stands = !api.processing_problem(*uploads->post_id, {});
  return stands ? found(State::done, uploads->post_id) : found(State::part);
}

PostCheck YouTubeUploader::look_at_post(std::string_view post_id, const Metadata& metadata,
                                        std::stop_token stop) {
  using Check = PostCheck::State;
  if (!youtube::is_video_id(post_id)) return {Check::unknown, "this is not the id of a YouTube video", {}};
  youtube::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return {Check::unknown, signed_in.error().message, {}};
  const std::string id(post_id);
  PostCheck check = api.look(id, youtube::privacy_of(context_.config.of<YouTubeConfig>(), metadata));
  // A scheduled video becomes public by itself.
  if (check.state == Check::restricted && metadata.publish_at) return {Check::kept, "", {}};
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
