#include "uploaders/tiktok.h"

#include "registry/base/text.h"
#include "uploaders/backoff.h"
#include "uploaders/tiktok_api.h"
#include "uploaders/tiktok_post.h"
#include "uploaders/tiktok_run.h"
#include "uploaders/trouble.h"

namespace asfs {
namespace {

using State = Reconciliation::State;
using tiktok::PostStatus;
using tiktok::Trouble;

constexpr int kLookupTries = 3;
constexpr std::int64_t kClocksApart = 60;  // seconds that our clock and TikTok's may disagree by

class TikTokUploader final : public PlatformUploader {
 public:
  explicit TikTokUploader(const UploaderContext& context) : context_(context), http_(context.http()) {}

  UploadResult upload(const std::filesystem::path& video_path, const Metadata& metadata,
                      UploadSession& session) override {
    session.progress(UploadStep::checking, 0, session.video().size());
    if (auto fits = check(metadata, session.video_title(), session.video().size()); !fits)
      return {.error_message = fits.error().message, .error_class = ErrorClass::permanent};
    return tiktok::run_upload(context_, *http_, video_path, metadata, session);
  }

  Result<void> check(const Metadata& metadata, std::string_view video_title,
                     std::uint64_t file_size) const override {
    return tiktok::check_post(context_.config.tiktok, metadata, video_title, file_size);
  }

  PostPreview preview(const Metadata& metadata, std::string_view video_title) const override {
    return tiktok::preview_of(context_.config.tiktok, metadata, video_title);
  }

  Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop) override;
  PostCheck look_at_post(std::string_view post_id, const Metadata& metadata, std::stop_token stop) override;

 private:
  tiktok::Answered<PostStatus> ask(tiktok::Api& api, const std::string& publish_id,
                                   const std::stop_token& stop);
  Reconciliation find_post(tiktok::Api& api, const Unfinished& attempt, const tiktok::Handle& handle,
                           const Trouble& why);

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

// A post that failed is none: the upload goes on with it, which begins a new one.
Reconciliation judge(const PostStatus& status, const std::string& publish_id) {
  switch (status.state) {
    case PostStatus::State::complete:
      return found(State::done, status.post_ids.empty() ? publish_id : status.post_ids.front());
    case PostStatus::State::in_inbox:
      return found(State::done, publish_id);
    default:
      return found(State::part, {}, status.uploaded_bytes.value_or(0));
  }
}

tiktok::Answered<PostStatus> TikTokUploader::ask(tiktok::Api& api, const std::string& publish_id,
                                                 const std::stop_token& stop) {
  Backoff backoff(context_.config.upload, context_.clock, kLookupTries - 1);
  bool refreshed = false;
  while (true) {
    auto status = api.status(publish_id, {});
    if (status) return status;
    const Trouble& trouble = status.error();
    if (trouble.kind == Trouble::Kind::sign_in && !refreshed) {
      if (auto again = api.sign_in_again(); !again) return std::unexpected(no_token(again.error()));
      refreshed = true;
      continue;
    }
    if (trouble.kind != Trouble::Kind::again || backoff.spent() || backoff.too_long(trouble.not_before))
      return status;
    if (!backoff.wait(trouble.not_before, stop, [] {}))
      return std::unexpected(Trouble{.error_class = ErrorClass::cancelled, .message = "stopped"});
  }
}

Reconciliation TikTokUploader::reconcile(const Unfinished& attempt, std::stop_token stop) {
  const auto handle = tiktok::parse_handle(attempt.handle);
  if (!handle) return found(attempt.maybe_published ? State::unclear : State::not_made);
  // A practice upload made no post on the real platform; one on the real platform waits until we are back
  // there.
  const auto begun = url_origin(handle->upload_url);
  const auto base = url_origin(context_.config.tiktok.api_base);
  if (begun && base && begun->loopback() != base->loopback()) {
    auto elsewhere = failed_because({.error_class = ErrorClass::transient,
                                     .message = "the upload was begun on another platform than this one"});
    if (begun->loopback()) elsewhere.state = State::not_made;
    return elsewhere;
  }
  tiktok::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return failed_because(no_token(signed_in.error()));
  const auto status = ask(api, handle->publish_id, stop);
  if (status) return judge(*status, handle->publish_id);
  if (status.error().kind != Trouble::Kind::unknown) return failed_because(status.error());
  if (!attempt.maybe_published) return found(State::not_made);
  return find_post(api, attempt, *handle, status.error());
}

// By its caption and the time it was begun, among the newest public videos. Exactly one, or a person must
// look.
Reconciliation TikTokUploader::find_post(tiktok::Api& api, const Unfinished& attempt,
                                         const tiktok::Handle& handle, const Trouble& why) {
  Reconciliation unclear = failed_because(why);
  unclear.state = State::unclear;
  const std::string caption = tiktok::caption_of(attempt.metadata, attempt.video_title);
  const auto videos = api.newest_videos();
  if (!videos || caption.empty()) return unclear;
  std::vector<std::string> ids;
  for (const tiktok::ListedVideo& video : *videos)
    if (video.description == caption && video.create_time >= handle.issued_at - kClocksApart)
      ids.push_back(video.id);
  return ids.size() == 1 && tiktok::is_post_id(ids.front()) ? found(State::done, ids.front()) : unclear;
}

PostCheck TikTokUploader::look_at_post(std::string_view post_id, const Metadata& metadata,
                                       std::stop_token stop) {
  using Check = PostCheck::State;
  tiktok::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return {Check::unknown, signed_in.error().message, {}};
  if (tiktok::is_post_id(post_id)) {
    const auto videos = api.newest_videos();
    if (!videos) return {Check::unknown, videos.error().message, {}};
    for (const auto& video : *videos)
      if (video.id == post_id) return {Check::kept, "", {}};
    return {Check::unknown, "it is not among the newest public videos of the account", {}};
  }
  const auto status = ask(api, std::string(post_id), stop);
  if (!status) return {Check::unknown, status.error().message, {}};
  if (status->state == PostStatus::State::failed) return {Check::gone, status->trouble.message, {}};
  if (!status->post_ids.empty()) return {Check::kept, "", status->post_ids.front()};
  const bool draft = status->state == PostStatus::State::in_inbox;
  const std::string privacy = tiktok::privacy_of(context_.config.tiktok, metadata);
  const bool moderated = !draft && (privacy.empty() || privacy == "PUBLIC_TO_EVERYONE");
  if (moderated) return {Check::processing, "TikTok has not made it public yet", {}};
  return {Check::kept, draft ? "it waits in the inbox of the TikTok app, to be finished there" : "", {}};
}

}  // namespace

std::unique_ptr<PlatformUploader> make_tiktok_uploader(const UploaderContext& context) {
  return std::make_unique<TikTokUploader>(context);
}

std::string tiktok_post_url(const Config& config, std::string_view post_id) {
  if (!tiktok::is_post_id(post_id)) return {};
  std::string url = config.tiktok.post_url;
  const auto fill = [&](std::string_view name, std::string_view value) {
    if (const auto at = url.find(name); at != url.npos) url.replace(at, name.size(), value);
  };
  fill("{user}", "");  // the site finds the owner by the number
  fill("{id}", post_id);
  return url;
}

}  // namespace asfs
