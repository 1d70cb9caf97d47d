#include "uploaders/instagram.h"

#include <algorithm>

#include "registry/base/text.h"
#include "uploaders/backoff.h"
#include "uploaders/instagram_api.h"
#include "uploaders/instagram_post.h"
#include "uploaders/instagram_run.h"
#include "uploaders/trouble.h"

namespace asfs {
namespace {

using State = Reconciliation::State;
using instagram::ContainerStatus;
using instagram::Trouble;
using Kind = Trouble::Kind;

constexpr int kLookupTries = 3;

class InstagramUploader final : public PlatformUploader {
 public:
  explicit InstagramUploader(const UploaderContext& context) : context_(context), http_(context.http()) {}

  UploadResult upload(const std::filesystem::path&, const Metadata& metadata,
                      UploadSession& session) override {
    session.progress(UploadStep::checking, 0, session.video().size());
    if (auto fits = check(metadata, session.video_title(), session.video().size()); !fits)
      return {.error_message = fits.error().message, .error_class = ErrorClass::permanent};
    return instagram::run_upload(context_, *http_, metadata, session);
  }

  Result<void> check(const Metadata& metadata, std::string_view video_title,
                     std::uint64_t file_size) const override {
    return instagram::check_post(context_.config.instagram, metadata, video_title, file_size);
  }

  PostPreview preview(const Metadata& metadata, std::string_view video_title) const override {
    return instagram::preview_of(context_.config.instagram, metadata, video_title);
  }

  Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop) override;
  PostCheck look_at_post(std::string_view post_id, const Metadata& metadata, std::stop_token stop) override;

 private:
  /// Asks again while the trouble is passing, with a fresh token if need be.
  template <typename Ask>
  auto patiently(instagram::Api& api, const std::stop_token& stop, Ask ask) -> decltype(ask());
  Reconciliation find_post(instagram::Api& api, const Unfinished& attempt, const instagram::Handle& handle,
                           const std::string& why, const std::stop_token& stop);

  UploaderContext context_;
  const std::unique_ptr<Http> http_;
};

Reconciliation failed_because(const Trouble& trouble) {
  Reconciliation result;
  result.error.error_class = trouble.error_class;
  result.error.error_message = one_line(trouble.message);
  result.error.retry_at = trouble.retry_at;
  return result;
}

Reconciliation found(State state, std::optional<std::string> post_id = {}, std::uint64_t bytes = 0) {
  Reconciliation result;
  result.state = state;
  result.post_id = std::move(post_id);
  result.bytes_received = bytes;
  return result;
}

Trouble no_token(const Error& error) {
  return {.error_class = class_of_token_error(error), .message = error.message};
}

template <typename Ask>
auto InstagramUploader::patiently(instagram::Api& api, const std::stop_token& stop, Ask ask)
    -> decltype(ask()) {
  Backoff backoff(context_.config.upload, context_.clock, kLookupTries - 1);
  bool refreshed = false;
  while (true) {
    auto answer = ask();
    if (answer) return answer;
    const Trouble& trouble = answer.error();
    if (trouble.kind == Kind::sign_in && !refreshed) {
      if (auto again = api.sign_in_again(); !again) return std::unexpected(no_token(again.error()));
      refreshed = true;
      continue;
    }
    if (trouble.kind != Kind::again || backoff.spent() || backoff.too_long(trouble.not_before)) return answer;
    if (!backoff.wait(trouble.not_before, stop, [] {}))
      return std::unexpected(Trouble{.error_class = ErrorClass::cancelled, .message = "stopped"});
  }
}

Reconciliation InstagramUploader::reconcile(const Unfinished& attempt, std::stop_token stop) {
  const auto handle = instagram::parse_handle(attempt.handle);
  if (!handle) return found(attempt.maybe_published ? State::unclear : State::not_made);
  // A practice upload made no post on the real platform; one on the real platform waits until we are back
  // there.
  const auto begun = url_origin(handle->uri);
  const auto base = url_origin(context_.config.instagram.upload_base);
  if (begun && base && begun->loopback() != base->loopback()) {
    auto elsewhere = failed_because({.error_class = ErrorClass::transient,
                                     .message = "the upload was begun on another platform than this one"});
    if (begun->loopback()) elsewhere.state = State::not_made;
    return elsewhere;
  }
  instagram::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return failed_because(no_token(signed_in.error()));
  const auto status = patiently(api, stop, [&] { return api.status(handle->container, {}); });
  const bool forgotten =
      !status && (status.error().kind == Kind::unknown || status.error().kind == Kind::restart);
  if (!status && !forgotten) return failed_because(status.error());
  const bool publishing = attempt.maybe_published || handle->publishing_since != 0;
  using Is = ContainerStatus::State;
  const bool goes_on = status && (status->state == Is::in_progress || status->state == Is::finished);
  if (goes_on) return found(State::part, {}, status->bytes);
  if (!publishing && !(status && status->state == Is::published && status->upload_complete))
    return status && status->state == Is::published ? found(State::part, {}, status->bytes)
                                                    : found(State::not_made);
  const std::string why = !status ? status.error().message
                          : status->state == Is::published
                              ? "Instagram published the reel, but it cannot be told "
                                "apart from others by its caption"
                              : "the upload is no longer known to Instagram";
  return find_post(api, attempt, *handle, why, stop);
}

Reconciliation InstagramUploader::find_post(instagram::Api& api, const Unfinished& attempt,
                                            const instagram::Handle& handle, const std::string& why,
                                            const std::stop_token& stop) {
  const std::string caption = instagram::caption_of(attempt.metadata, attempt.video_title);
  const auto media = patiently(api, stop, [&] { return instagram::find_media(api, handle, caption); });
  if (!media) return failed_because(media.error());
  if (*media) return found(State::done, **media);
  Reconciliation unclear = failed_because({.error_class = ErrorClass::doubt, .message = why});
  unclear.state = State::unclear;
  return unclear;
}

PostCheck InstagramUploader::look_at_post(std::string_view post_id, const Metadata&, std::stop_token stop) {
  using Check = PostCheck::State;
  if (!instagram::is_media_id(post_id)) return {Check::unknown, "this is not the id of a reel", {}};
  instagram::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return {Check::unknown, signed_in.error().message, {}};
  const std::string id(post_id);
  const auto media = patiently(api, stop, [&] { return api.permalink(id); });
  if (media) return {.state = Check::kept, .link = *media};
  if (media.error().kind == Kind::unknown)
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
  const std::string& base = config.instagram.post_url;
  if (base.ends_with('='))  // practice
    return instagram::is_media_id(post_id) ? base + std::string(post_id) : std::string();
  return is_shortcode(post_id) ? base + std::string(post_id) + "/" : std::string();
}

}  // namespace asfs
