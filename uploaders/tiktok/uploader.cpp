#include "uploaders/tiktok/uploader.h"

#include "uploaders/platform/api_uploader.h"
#include "uploaders/tiktok/api.h"
#include "uploaders/tiktok/post.h"
#include "uploaders/tiktok/run.h"
#include "uploaders/tiktok/settings.h"

namespace asfs {
namespace {

using State = Reconciliation::State;
using tiktok::PostStatus;

class TikTokUploader final : public ApiUploader {
 public:
  explicit TikTokUploader(const UploaderContext& context)
      : ApiUploader(context),
        memory_(context.credentials.memory(context.destination)),
        config_(tiktok::choice_of(context.config.of<TikTokConfig>(), memory_)) {}

  Result<void> check(const Metadata& metadata, std::string_view video_title,
                     std::uint64_t file_size) const override {
    if (auto fits = tiktok::check_post(config_, metadata, video_title, file_size); !fits) return fits;
    const std::string privacy = tiktok::privacy_of(config_, metadata);
    const bool fits = tiktok::only_for_oneself(privacy) || tiktok::is_draft(config_, metadata);
    if (!fits && is_unaudited()) return std::unexpected(tiktok::unaudited(privacy));
    return {};
  }

  PostPreview preview(const Metadata& metadata, std::string_view video_title) const override {
    return tiktok::preview_of(config_, metadata, video_title);
  }
  std::string advice(const Metadata& metadata, std::string_view, std::uint64_t) const override {
    return tiktok::advice(context_.config.of<TikTokConfig>(), memory_, metadata);
  }

  Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop) override;
  PostCheck look_at_post(std::string_view post_id, const Metadata& metadata, std::stop_token stop) override;

 private:
  UploadResult send(const std::filesystem::path& video_path, const Metadata& metadata,
                    UploadAttempt& attempt) override {
    return tiktok::run_upload(context_, config_, *http_, video_path, metadata, attempt);
  }
  static Reconciliation judge(const PostStatus& status, const std::string& publish_id);
  Reconciliation find_post(tiktok::Api& api, const Unfinished& attempt, const tiktok::Handle& handle,
                           const Trouble& why);

  // After a day TikTok is asked again: it may have audited the app since.
  bool is_unaudited() const {
    constexpr std::chrono::hours kBelieved{24};
    return memory_.unaudited_at && !has_passed(context_.clock.now(), *memory_.unaudited_at, kBelieved);
  }

  const AccountMemory memory_;
  const TikTokConfig config_;  ///< with what was chosen before for the account
};

// A post that failed is none: the upload goes on with it, which begins a new one.
Reconciliation TikTokUploader::judge(const PostStatus& status, const std::string& publish_id) {
  switch (status.state) {
    case PostStatus::State::complete:
      return found(State::done, status.post_ids.empty() ? publish_id : status.post_ids.front());
    case PostStatus::State::in_inbox:
      return found(State::done, publish_id);
    case PostStatus::State::uploading:
    case PostStatus::State::failed:
      break;
  }
  return found(State::part, {}, status.uploaded_bytes.value_or(0));
}

Reconciliation TikTokUploader::reconcile(const Unfinished& attempt, std::stop_token stop) {
  const auto handle = tiktok::parse_handle(attempt.handle);
  if (!handle) return found(attempt.maybe_published ? State::unclear : State::not_made);
  if (auto elsewhere = begun_elsewhere(handle->upload_url, config_.api_base)) return *elsewhere;
  tiktok::Api api(context_, *http_, stop);
  if (auto signed_in = api.sign_in(); !signed_in) return failed_because(no_token(signed_in.error()));
  const auto status = patiently(api, [&] { return api.status(handle->publish_id, {}); });
  if (status) return judge(*status, handle->publish_id);
  if (status.error().kind != Trouble::Kind::unknown) return failed_because(status.error());
  if (!attempt.maybe_published) return found(State::not_made);
  return find_post(api, attempt, *handle, status.error());
}

// Among the newest public videos, or a person must look.
Reconciliation TikTokUploader::find_post(tiktok::Api& api, const Unfinished& attempt,
                                         const tiktok::Handle& handle, const Trouble& why) {
  constexpr std::size_t kShown = 150;  // characters of a caption
  const Reconciliation unclear = failed_because(why, State::unclear);
  const auto videos = patiently(api, [&] { return api.newest_videos(); });
  if (!videos && videos.error().kind == Trouble::Kind::again) return failed_because(videos.error());
  if (!videos) return unclear;  // not every sign-in may list videos
  const OwnPost own{tiktok::caption_of(attempt.metadata, attempt.video_title), attempt.owners,
                    attempt.video_seconds, handle.issued_at};
  const auto ours = find_own_post(*videos, own, {tiktok::caption_of, tiktok::is_post_id, kShown});
  return ours.post_id ? found(State::done, ours.post_id) : unclear;
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
  const auto status = patiently(api, [&] { return api.status(std::string(post_id), {}); });
  if (!status) return {Check::unknown, status.error().message, {}};
  if (status->state == PostStatus::State::failed) return {Check::gone, status->trouble.message, {}};
  if (!status->post_ids.empty()) return {Check::kept, "", status->post_ids.front()};
  const bool draft = status->state == PostStatus::State::in_inbox;
  const std::string privacy = tiktok::privacy_of(config_, metadata);
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
  std::string url = config.of<TikTokConfig>().post_url;
  const auto fill = [&](std::string_view name, std::string_view value) {
    if (const auto at = url.find(name); at != url.npos) url.replace(at, name.size(), value);
  };
  fill("{user}", "");  // the site finds the owner by the number
  fill("{id}", post_id);
  return url;
}

}  // namespace asfs
