#include "uploaders/instagram/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "uploaders/instagram/api.h"
#include "uploaders/instagram/post.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/platform/upload_run.h"

namespace asfs::instagram {
namespace {

using State = ContainerStatus::State;

constexpr int kLooksBeforePublishingAgain = 2;
constexpr int kMostPublishes = 3;
constexpr int kMediaLooks = 3;  ///< for a published reel in the list of media, which may lag behind
constexpr std::string_view kAlike =
    "Instagram published the reel, but it cannot be told apart from others by its caption";

// Bytes alone make no post: media_publish does. It is only repeated for the same container, which Instagram
// publishes once at most, after it has said twice that the container is still unpublished, and never while
// the list of media shows what might be the reel.
class Run final : public UploadRun {
 public:
  Run(const UploaderContext& context, Api& api, const Metadata& metadata, UploadAttempt& attempt)
      : UploadRun("Instagram", api, attempt, VideoSender::LastByte::is_stored,
                  context.config.of<InstagramConfig>().polling),
        config_(context.config.of<InstagramConfig>()),
        metadata_(metadata),
        api_(api),
        look_for_{caption_of(metadata, attempt.video_title()), &attempt.owners()} {}

 private:
  Ended take_up(const std::string& text) override {
    const auto handle = parse_handle(text);
    if (!handle) return ended(ErrorClass::permanent, "what was noted of the begun upload cannot be read");
    handle_ = *handle;
    return std::nullopt;
  }
  bool has_handle() const override { return !handle_.container.empty(); }
  void drop_handle() override { handle_ = {}; }
  bool publishing() const { return handle_.publishing_since != 0 || attempt_.maybe_published(); }

  Ended begin() override {
    if (user_.empty()) {
      const auto user = api_.user();
      if (!user) return on_trouble(user.error());
      user_ = *user;
    }
    if (auto full = quota_is_used_up()) return full;
    const Form form = container_form(metadata_, attempt_.video_title());
    const auto made = api_.make_container(user_, form, showing(UploadStep::starting));
    if (!made) return on_trouble(made.error());
    if (!metadata_.video_url)
      if (auto why = uri_refusal(made->uri, config_)) return ended(ErrorClass::permanent, *why);
    handle_ = {made->id, made->uri, user_};
    empty_sends_ = 0;
    auto end = begun(handle_text(handle_));
    if (metadata_.video_url) next_ = Next::look;
    return end;
  }

  // An answer that cannot be read is no reason to wait: publishing itself will tell.
  Ended quota_is_used_up() {
    const auto quota = api_.quota(user_, showing(UploadStep::starting));
    if (!quota) return std::nullopt;
    attempt_.note_quota(*quota);
    if (quota->total == 0 || quota->used < quota->total) return std::nullopt;
    return ended(ErrorClass::rate_limited,
                 fmt::format("the account has made {} of the {} posts Instagram allows in 24 hours",
                             quota->used, quota->total),
                 clock().now() + kQuotaAgain);
  }

  Ended send() override {
    if (auto moved = sender_.move_to(offset_); !moved) return local(moved.error());
    const auto trouble =
        api_.send(current_upload_uri(handle_.uri, config_.upload_base), sender_.body(video_.size() - offset_),
                  offset_, video_.size(), sender_.progress());
    if (sender_.error()) return local(*sender_.error());
    next_ = Next::look;  // it may have gone on although an error was answered
    if (!trouble) {
      headway(video_.size());
      return std::nullopt;
    }
    ++empty_sends_;
    if (trouble->kind == Kind::restart || trouble->kind == Kind::unknown) return begin_anew(*trouble, false);
    return on_trouble(*trouble);
  }

  Ended look() override {
    const auto status = api_.status(handle_.container, showing(UploadStep::looking_up));
    if (!status) return on_unanswered(of_a_question(status.error()));
    switch (status->state) {
      case State::published:
        // The platform's own sample shows PUBLISHED beside an unfinished upload: that is none.
        return publishing() || status->upload_complete ? on_published() : on_in_progress(*status);
      case State::finished:
        headway(video_.size());
        if (publishing()) return on_still_unpublished();
        next_ = Next::publish;
        return std::nullopt;
      case State::failed:
        if (publishing()) return find_or(status->trouble, true);
        if (status->trouble.kind == Kind::restart) return begin_anew(status->trouble, true);
        drop_handle();
        return ended(status->trouble);
      case State::expired:
        if (publishing()) return find_or(passing("the upload expired on Instagram"), true);
        return begin_anew(passing("the upload expired on Instagram"), true);
      case State::in_progress:
        return on_in_progress(*status);
    }
    std::unreachable();
  }

  Ended on_unanswered(const Trouble& trouble) {
    const bool gone = trouble.kind == Kind::unknown || trouble.kind == Kind::restart;
    if (trouble.kind == Kind::sign_in || trouble.kind == Kind::stop) return on_trouble(trouble);
    if (publishing()) return find_or(trouble, gone && trouble.own);
    return gone ? begin_anew(trouble, false) : on_trouble(trouble);
  }

  Ended on_in_progress(const ContainerStatus& status) {
    const std::uint64_t there = std::min(status.bytes, video_.size());
    const bool all = attempt_.acknowledged() || there == video_.size() || status.upload_complete ||
                     handle_.uri.empty() || publishing();
    if (all) return processing();
    headway(there);
    if (there > 0) empty_sends_ = 0;
    if (there == 0 && empty_sends_ >= 2)
      return begin_anew(passing("Instagram stored none of the video's bytes, twice"), true);
    offset_ = there;
    next_ = Next::send;
    return std::nullopt;
  }

  Ended publish() override {
    attempt_.progress(UploadStep::publishing, video_.size(), video_.size());
    if (handle_.publishing_since == 0) {
      handle_.publishing_since = unix_seconds();
      if (auto saved = attempt_.save_handle(handle_text(handle_)); !saved) return local(saved.error());
    }
    if (auto ours = attempt_.before_publish(); !ours) return local(ours.error());
    ++publishes_;
    unpublished_looks_ = 0;
    const auto media = api_.publish(handle_.user, handle_.container, showing(UploadStep::publishing));
    next_ = Next::look;
    if (media) return reel(*media);
    const Trouble& trouble = media.error();
    if (trouble.kind == Kind::not_ready) return processing();
    const bool no = trouble.own && trouble.kind == Kind::stop && trouble.error_class == ErrorClass::permanent;
    refusal_ = no ? trouble.message : "";
    return on_trouble(of_a_question(trouble));
  }

  // ---- after media_publish

  Ended on_still_unpublished() {
    const auto there = find_media(api_, handle_, look_for_);
    if (!there) return on_trouble(of_a_question(there.error()));
    const bool lags = there->candidates > 0 || ++unpublished_looks_ < kLooksBeforePublishingAgain;
    if (!lags && !refusal_.empty()) return ended(ErrorClass::doubt, refusal_);
    next_ = lags || publishes_ >= kMostPublishes ? Next::look : Next::publish;
    return next_ == Next::publish ? std::nullopt : doubtful_pause();
  }

  // Until the budget of a processing platform is used up, a later try asks on.
  Ended doubtful_pause() {
    if (auto end = pause(std::chrono::seconds(config_.publish_doubt_s))) return end;
    return processing();
  }

  Ended on_published() {
    const auto there = find_media(api_, handle_, look_for_);
    if (!there) return on_trouble(of_a_question(there.error()));
    if (there->post_id) return reel(*there->post_id);
    if (++media_looks_ < kMediaLooks) return pause(std::chrono::milliseconds(config_.polling.first_ms));
    return ended(ErrorClass::doubt, std::string(kAlike));
  }

  // The container does not tell: only the list of media can. `gone`: nor will it ever.
  Ended find_or(const Trouble& trouble, bool gone) {
    const auto there = find_media(api_, handle_, look_for_);
    if (!there) return on_trouble(of_a_question(there.error()));
    if (there->post_id) return reel(*there->post_id);
    return gone ? in_doubt(trouble.message) : wait(trouble);
  }

  Ended reel(const std::string& media_id) {
    return done(media_id, api_.permalink(media_id).value_or(""));  // the post stands without it
  }

  const InstagramConfig& config_;
  const Metadata& metadata_;
  Api& api_;
  const OwnPost look_for_;
  std::string user_;
  Handle handle_;        ///< container empty: none
  std::string refusal_;  ///< what Instagram said to media_publish, when that was no
  int empty_sends_ = 0;
  int publishes_ = 0;
  int unpublished_looks_ = 0;
  int media_looks_ = 0;
};

}  // namespace

UploadResult run_upload(const UploaderContext& context, Http& http, const Metadata& metadata,
                        UploadAttempt& attempt) {
  Api api(context, http, attempt.stop());
  return Run(context, api, metadata, attempt).result();
}

}  // namespace asfs::instagram
