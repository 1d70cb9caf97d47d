#include "uploaders/instagram_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/text.h"
#include "uploaders/backoff.h"
#include "uploaders/instagram_api.h"
#include "uploaders/instagram_post.h"
#include "uploaders/trouble.h"
#include "uploaders/video_sender.h"

namespace asfs::instagram {
namespace {

using Kind = Trouble::Kind;
using State = ContainerStatus::State;
using Ended = std::optional<UploadResult>;  ///< nothing: go on with `next_`

constexpr int kMostRestarts = 2;
constexpr int kLooksBeforePublishingAgain = 2;
constexpr int kMediaLooks = 3;  ///< for a published reel in the list of media, which may lag behind
constexpr std::chrono::minutes kLaterLook{10};

// A loop over container, bytes, look and publish, decided by what the last answer means. Once media_publish
// has gone out, nothing is published again before Instagram has said twice that the container is still
// unpublished.
class Run {
 public:
  Run(const UploaderContext& context, Http& http, const Metadata& metadata, UploadSession& session)
      : config_(context.config.instagram),
        clock_(context.clock),
        metadata_(metadata),
        session_(session),
        video_(session.video()),
        sender_(session, VideoSender::LastByte::is_stored),
        api_(context, http, session.stop()),
        backoff_(context.config.upload, context.clock, context.config.upload.transient_tries) {}

  UploadResult result() {
    if (const auto text = session_.handle(); !text.empty()) {
      const auto handle = parse_handle(text);
      if (!handle) return ended(ErrorClass::permanent, "what was noted of the begun upload cannot be read");
      handle_ = *handle;
    }
    if (auto signed_in = api_.sign_in(); !signed_in) return no_token(signed_in.error());
    next_ = handle_.container.empty() ? Next::begin : Next::look;
    while (true)
      if (auto result = step()) return *std::move(result);
  }

 private:
  enum class Next : std::uint8_t { begin, send, look, publish };

  Ended step() {
    if (session_.stop().stop_requested()) return ended(ErrorClass::cancelled, "stopped");
    switch (next_) {
      case Next::begin:
        return begin();
      case Next::send:
        return send();
      case Next::publish:
        return publish();
      default:
        return look();
    }
  }

  bool publishing() const { return handle_.publishing_since != 0; }

  // ---- begin

  Ended begin() {
    if (user_.empty()) {
      const auto user = api_.user();
      if (!user) return on_trouble(user.error());
      user_ = *user;
    }
    if (auto full = quota_is_used_up()) return full;
    const Form form = container_form(metadata_, session_.video_title());
    const auto made = api_.make_container(user_, form, showing(UploadStep::starting));
    if (!made) return on_trouble(made.error());
    if (!metadata_.video_url)
      if (auto why = uri_refusal(made->uri, config_)) return ended(ErrorClass::permanent, *why);
    handle_ = {made->id, made->uri, user_};
    if (auto saved = session_.save_handle(handle_text(handle_)); !saved)
      return ended(ErrorClass::transient, saved.error().message);
    offset_ = best_ = 0;
    next_ = metadata_.video_url ? Next::look : Next::send;
    return std::nullopt;
  }

  // An answer that cannot be read is no reason to wait: publishing itself will tell.
  Ended quota_is_used_up() {
    const auto quota = api_.quota(user_, showing(UploadStep::starting));
    if (!quota) return std::nullopt;
    session_.note_quota(*quota);
    if (quota->total == 0 || quota->used < quota->total) return std::nullopt;
    return ended(ErrorClass::rate_limited,
                 fmt::format("the account has made {} of the {} posts Instagram allows in 24 hours",
                             quota->used, quota->total),
                 clock_.now() + kQuotaAgain);
  }

  // The container comes to nothing, and was not published: a new one.
  Ended begin_anew(ErrorClass error_class, const std::string& message) {
    handle_ = {};
    if (restarts_++ == kMostRestarts) return ended(error_class, message);
    empty_sends_ = 0;
    next_ = Next::begin;
    return std::nullopt;
  }

  // ---- send

  Ended send() {
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
    if (trouble->kind == Kind::restart || trouble->kind == Kind::unknown)
      return begin_anew(ErrorClass::transient, trouble->message);
    return on_trouble(*trouble);
  }

  // ---- look

  Ended look() {
    const auto status = api_.status(handle_.container, showing(UploadStep::looking_up));
    if (!status) {
      const Trouble& trouble = status.error();
      if (trouble.kind != Kind::unknown && trouble.kind != Kind::restart) return on_trouble(trouble);
      return publishing() ? find_or_doubt(trouble.message)
                          : begin_anew(ErrorClass::transient, trouble.message);
    }
    switch (status->state) {
      case State::published:
        // The platform's own sample shows PUBLISHED beside an unfinished upload: that is none.
        return publishing() || status->upload_complete ? on_published() : on_in_progress(*status);
      case State::finished:
        headway(video_.size());
        return publishing() ? on_still_unpublished() : to_publish();
      case State::failed:
        if (publishing()) return find_or_doubt(status->trouble.message);
        if (status->trouble.kind == Kind::restart)
          return begin_anew(ErrorClass::transient, status->trouble.message);
        handle_ = {};
        return ended(status->trouble.error_class, status->trouble.message, status->trouble.retry_at);
      case State::expired:
        if (publishing()) return find_or_doubt("the upload expired on Instagram");
        return begin_anew(ErrorClass::transient, "the upload expired on Instagram");
      default:
        return on_in_progress(*status);
    }
  }

  Ended on_in_progress(const ContainerStatus& status) {
    const std::uint64_t there = std::min(status.bytes, video_.size());
    const bool all = there == video_.size() || status.upload_complete || handle_.uri.empty();
    if (all) return on_processing();
    headway(there);
    if (there == 0 && empty_sends_ >= 2)
      return begin_anew(ErrorClass::transient, "Instagram stored none of the video's bytes, twice");
    offset_ = there;
    next_ = Next::send;
    return std::nullopt;
  }

  Ended on_processing() {
    headway(video_.size());
    if (!processing_since_) processing_since_ = clock_.now();
    if (clock_.now() - *processing_since_ >= std::chrono::seconds(config_.poll_total_s))
      return ended(ErrorClass::rate_limited, "Instagram has every byte and is still processing the video",
                   clock_.now() + kLaterLook);
    const auto pause = std::chrono::milliseconds(std::min<std::uint64_t>(
        config_.poll_max_ms, std::uint64_t{config_.poll_first_ms} << std::min(polls_++, 10)));
    next_ = Next::look;
    return pause_for(pause);
  }

  // ---- publish

  Ended to_publish() {
    next_ = Next::publish;
    return std::nullopt;
  }

  Ended publish() {
    session_.progress(UploadStep::publishing, video_.size(), video_.size());
    if (!publishing()) {
      handle_.publishing_since = unix_millis(clock_.now()) / 1000;
      if (auto saved = session_.save_handle(handle_text(handle_)); !saved)
        return ended(ErrorClass::transient, saved.error().message);
    }
    if (auto ours = session_.before_publish(); !ours)
      return ended(ErrorClass::transient, ours.error().message);
    const auto media = api_.publish(handle_.user, handle_.container, showing(UploadStep::publishing));
    if (media) return done(*media);
    const Trouble& trouble = media.error();
    next_ = Next::look;
    if (trouble.kind == Kind::not_ready) return on_processing();
    if (trouble.kind == Kind::unknown || trouble.kind == Kind::restart)
      return wait(trouble.message, ErrorClass::doubt);
    return on_trouble(trouble);
  }

  Ended on_still_unpublished() {
    if (++unpublished_looks_ < kLooksBeforePublishingAgain) {
      next_ = Next::look;
      return pause_for(std::chrono::seconds(config_.publish_doubt_s));
    }
    const auto found = find_media(api_, handle_, caption());
    if (!found) return on_trouble(found.error());
    if (*found) return done(**found);
    unpublished_looks_ = 0;
    if (publishes_again_++ == kMostRestarts)
      return ended(ErrorClass::transient, "Instagram answered to publishing but did not publish");
    return to_publish();
  }

  Ended on_published() {
    if (!publishing()) handle_.publishing_since = 1;  // by an earlier process
    const auto found = find_media(api_, handle_, caption());
    if (!found) return on_trouble(found.error());
    if (*found) return done(**found);
    if (++media_looks_ < kMediaLooks) return pause_for(std::chrono::milliseconds(config_.poll_first_ms));
    return ended(ErrorClass::doubt,
                 "Instagram published the reel, but it cannot be told apart from others by its "
                 "caption");
  }

  // The container tells nothing any more: only the list of media can.
  Ended find_or_doubt(const std::string& why) {
    const auto found = find_media(api_, handle_, caption());
    if (!found) return on_trouble(found.error());
    return *found ? done(**found) : ended(ErrorClass::doubt, why);
  }

  std::string caption() const { return caption_of(metadata_, session_.video_title()); }

  Ended done(const std::string& media_id) {
    UploadResult result;
    result.success = true;
    session_.progress(UploadStep::done, video_.size(), video_.size());
    result.platform_post_id = media_id;
    result.link = api_.permalink(media_id).value_or("");  // the post stands without it
    return result;
  }

  // ---- waiting and giving up

  Ended on_trouble(const Trouble& trouble) {
    if (trouble.kind == Kind::sign_in && !std::exchange(refreshed_, true)) {
      if (auto signed_in = api_.sign_in_again(); !signed_in) return no_token(signed_in.error());
      return std::nullopt;
    }
    const bool passing = trouble.kind == Kind::again || trouble.kind == Kind::unknown ||
                         trouble.kind == Kind::restart || trouble.kind == Kind::not_ready;
    if (!passing) return ended(trouble.error_class, trouble.message, trouble.retry_at);
    if (backoff_.too_long(trouble.not_before))
      return ended(ErrorClass::rate_limited, trouble.message, trouble.not_before);
    return wait(trouble.message, ErrorClass::transient, trouble.not_before);
  }

  Ended wait(const std::string& why, ErrorClass error_class, std::optional<TimePoint> not_before = {}) {
    if (backoff_.spent()) return ended(error_class, why);
    const auto alive = [this] { session_.progress(UploadStep::waiting, best_, video_.size()); };
    if (!backoff_.wait(not_before, session_.stop(), alive)) return ended(ErrorClass::cancelled, "stopped");
    return std::nullopt;
  }

  Ended pause_for(Duration left) {
    constexpr Duration kNap = std::chrono::seconds(5);
    for (; left > Duration::zero(); left -= kNap) {
      session_.progress(UploadStep::waiting, best_, video_.size());
      if (!clock_.wait(std::min(left, kNap), session_.stop())) break;
    }
    return std::nullopt;
  }

  void headway(std::uint64_t bytes) {
    if (bytes <= best_) return;
    best_ = bytes;
    empty_sends_ = 0;
    refreshed_ = false;
    backoff_.progressed(best_);
  }

  // Keeps the lease while a request without bytes is under way.
  Api::Progress showing(UploadStep step) {
    session_.progress(step, best_, video_.size());
    return [this, step](std::uint64_t) { session_.progress(step, best_, video_.size()); };
  }

  Ended local(const Error& error) const { return ended(sender_.class_of(error), error.message); }

  UploadResult no_token(const Error& error) const {
    return ended(class_of_token_error(error), error.message);
  }

  UploadResult ended(ErrorClass error_class, const std::string& message,
                     std::optional<TimePoint> retry_at = {}) const {
    UploadResult result;
    result.error_class = sender_.told_as(error_class);
    result.error_message = one_line(message);
    if (error_class == ErrorClass::rate_limited) result.retry_at = retry_at;
    result.resumable = !handle_.container.empty() && error_class != ErrorClass::changed_file &&
                       (error_class != ErrorClass::permanent || publishing());
    result.got_further = result.resumable && backoff_.got_further();
    return result;
  }

  const InstagramConfig& config_;
  const Clock& clock_;
  const Metadata& metadata_;
  UploadSession& session_;
  VideoFile& video_;
  VideoSender sender_;
  Api api_;
  Backoff backoff_;
  std::string user_;
  Handle handle_;  ///< container empty: none
  Next next_ = Next::begin;
  std::uint64_t offset_ = 0;  ///< where the platform stands
  std::uint64_t best_ = 0;    ///< the furthest it ever stood
  bool refreshed_ = false;    ///< the token, since the last headway
  int empty_sends_ = 0;
  int restarts_ = 0;
  int polls_ = 0;
  int unpublished_looks_ = 0;
  int publishes_again_ = 0;
  int media_looks_ = 0;
  std::optional<TimePoint> processing_since_;
};

}  // namespace

UploadResult run_upload(const UploaderContext& context, Http& http, const Metadata& metadata,
                        UploadSession& session) {
  return Run(context, http, metadata, session).result();
}

}  // namespace asfs::instagram
