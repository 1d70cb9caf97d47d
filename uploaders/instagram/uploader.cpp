#include "uploaders/instagram/uploader.h"

#include <algorithm>

#include "uploaders/instagram/api.h"
#include "uploaders/instagram/post.h"
#include "uploaders/instagram/run.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/platform/api_uploader.h"

namespace asfs {
namespace {

using State = Reconciliation::State;
using instagram::ContainerStatus;
using Kind = Trouble::Kind;

class InstagramUploader final : public ApiUploader {
 public:
  explicit InstagramUploader(const UploaderContext& context) : ApiUploader(context) {}

  Result<void> check(const Metadata& metadata, std::string_view video_title,
                     std::uint64_t file_size) const override {
    return instagram::check_post(context_.config.of<InstagramConfig>(), metadata, video_title, file_size);
  }

  PostPreview preview(const Metadata& metadata, std::string_view video_title) const override {
    return instagram::preview_of(context_.config.of<InstagramConfig>(), metadata, video_title);
  }
  std::string advice(const Metadata& metadata, std::string_view video_title,
                     std::uint64_t file_size) const override {
    return instagram::advice(metadata, video_title, file_size);
  }

  Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop) override;
  PostCheck look_at_post(std::string_view post_id, const Metadata& metadata, std::stop_token stop) override;

 private:
  UploadResult send(const std::filesystem::path&, const Metadata& metadata, UploadAttempt& attempt) override {
    return instagram::run_upload(context_, *http_, metadata, attempt);
  }
  Reconciliation find_post(instagram::Api& api, const Unfinished& attempt, const instagram::Handle& handle,
                           const Trouble& why);
};

Reconciliation InstagramUploader::reconcile(const Unfinished& attempt, std::stop_token stop) {
  const auto handle = instagram::parse_handle(attempt.handle);
  if (!handle) return found(attempt.maybe_published ? State::unclear : State::not_made);
  if (auto elsewhere = begun_elsewhere(handle->uri, context_.config.of<InstagramConfig>().upload_base))
    return *elsewhere;
  instagram::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return failed_because(no_token(signed_in.error()));
  const auto status = patiently(api, [&] { return api.status(handle->container, {}); });
  const bool publishing = attempt.maybe_published || handle->publishing_since != 0;
  using Is = ContainerStatus::State;
  if (!status) {
    const Trouble& trouble = status.error();
    const bool gone = trouble.kind == Kind::unknown || trouble.kind == Kind::restart;
    if (publishing && (gone || trouble.kind == Kind::again)) return find_post(api, attempt, *handle, trouble);
    return gone ? found(State::not_made) : failed_because(trouble);
  }
  const bool shown = status->state == Is::published && (publishing || status->upload_complete);
  if (shown)
    return find_post(
        api, attempt, *handle,
        {.error_class = ErrorClass::doubt,
         .message = "Instagram published the reel, but it cannot be told apart from others by its "
                    "caption",
         .not_before = {},
         .retry_at = {},
         .own = true});
  if (status->state != Is::failed && status->state != Is::expired)
    return found(State::part, {}, status->bytes);
  if (!publishing) return found(State::not_made);
  return find_post(api, attempt, *handle,
                   {.error_class = ErrorClass::doubt,
                    .message = "the upload is no longer known to Instagram",
                    .not_before = {},
                    .retry_at = {},
                    .own = true});
}

// In the list of media. Where Instagram has said that it knows no more, a person must look.
Reconciliation InstagramUploader::find_post(instagram::Api& api, const Unfinished& attempt,
                                            const instagram::Handle& handle, const Trouble& why) {
  const OwnPost own{instagram::caption_of(attempt.metadata, attempt.video_title), attempt.owners};
  const auto media = patiently(api, [&] { return instagram::find_media(api, handle, own); });
  if (!media) return failed_because(media.error());
  if (media->post_id) return found(State::done, media->post_id);
  return failed_because(why, why.own && why.kind != Kind::again ? State::unclear : State::failed);
}

PostCheck InstagramUploader::look_at_post(std::string_view post_id, const Metadata&, std::stop_token stop) {
  using Check = PostCheck::State;
  if (!instagram::is_media_id(post_id)) return {Check::unknown, "this is not the id of a reel", {}};
  instagram::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return {Check::unknown, signed_in.error().message, {}};
  const std::string id(post_id);
  const auto media = patiently(api, [&] { return api.permalink(id); });
  if (media) return {.state = Check::kept, .link = *media};
  if (media.error().kind == Kind::unknown && media.error().own)
    return {Check::gone,
            "Instagram no longer shows the reel: it was removed, or this sign-in may not see it",
            {}};
  return {Check::unknown, media.error().message, {}};
}

bool is_shortcode(std::string_view text) {
  return text.size() == 11 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                  c == '_';
         });
}

}  // namespace

std::unique_ptr<PlatformUploader> make_instagram_uploader(const UploaderContext& context) {
  return std::make_unique<InstagramUploader>(context);
}

std::string instagram_post_url(const Config& config, std::string_view post_id) {
  const std::string& base = config.of<InstagramConfig>().post_url;
  if (base.ends_with('='))  // practice
    return instagram::is_media_id(post_id) ? base + std::string(post_id) : std::string();
  return is_shortcode(post_id) ? base + std::string(post_id) + "/" : std::string();
}

}  // namespace asfs
