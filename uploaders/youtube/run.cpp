#include "uploaders/youtube/run.h"

#include <fmt/format.h>

#include <algorithm>

#include "uploaders/platform/upload_run.h"
#include "uploaders/youtube/api.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/settings.h"

namespace asfs::youtube {
namespace {

constexpr std::chrono::seconds kThumbnailLook{15};
constexpr int kThumbnailLooks = 12;  ///< some minutes
constexpr int kListLooks = 3;

// A session makes one video at most, and says itself what it lacks. So it may be sent its last bytes again,
// but after them no other session is begun. One that is gone by then has left a video in the list of uploads,
// or a doubt.
class Run final : public UploadRun {
 public:
  Run(const UploaderContext& context, Api& api, const Metadata& metadata, UploadAttempt& attempt)
      : UploadRun("YouTube", api, attempt, VideoSender::LastByte::completes_session, {}),
        config_(context.config.of<YouTubeConfig>()),
        metadata_(metadata),
        api_(api),
        post_(post_json(config_, metadata, attempt.video_title())),
        look_for_{.caption = title_of(metadata, attempt.video_title()),
                  .owners = &attempt.owners(),
                  .seconds = attempt.video_seconds(),
                  .bytes = attempt.video().size()} {}

 private:
  Ended take_up(const std::string& text) override {
    handle_ = parse_handle(text);
    handle_.uri = current_session_uri(handle_.uri, config_.upload_base);
    if (auto why = session_refusal(handle_.uri, config_.upload_base))
      return ended(ErrorClass::permanent, *why);
    return std::nullopt;
  }
  bool has_handle() const override { return !handle_.uri.empty(); }
  void drop_handle() override { handle_ = {}; }

  Ended begin() override {
    const auto uri = api_.start(post_, video_.size(), showing(UploadStep::starting));
    if (!uri) return on_trouble(uri.error());
    if (auto why = session_refusal(*uri, config_.upload_base)) return ended(ErrorClass::permanent, *why);
    handle_ = {*uri, unix_seconds()};
    return begun(handle_text(handle_));
  }

  // One chunk, or all that is left.
  Ended send() override {
    if (auto moved = sender_.move_to(offset_); !moved) return local(moved.error());
    const std::uint64_t rest = video_.size() - offset_;
    const std::uint64_t length = config_.chunk_bytes == 0 ? rest : std::min(config_.chunk_bytes, rest);
    const std::uint64_t sent_from = offset_;
    const auto state =
        api_.send(handle_.uri, sender_.body(length), offset_, video_.size(), sender_.progress());
    if (sender_.error()) return local(*sender_.error());
    next_ = Next::look;
    if (state && !state->video_id.empty()) return on_created(state->video_id);
    if (!state) return on_refused(state.error());
    if (auto end = on_incomplete(*state)) return end;
    // Without headway the same bytes would go out for ever.
    if (next_ == Next::send && offset_ <= sent_from) {
      next_ = Next::look;
      return wait(passing("YouTube answered to the video's bytes but stored none of them"));
    }
    return std::nullopt;
  }

  // Once the last byte is out, nobody but the session itself can tell what a refusal means.
  Ended on_refused(const Trouble& trouble) {
    if (attempt_.maybe_published()) return on_trouble(of_a_question(trouble));
    const bool gone = trouble.kind == Kind::unknown || trouble.kind == Kind::restart;
    return gone ? begin_anew(trouble, false) : on_trouble(trouble);
  }

  Ended look() override {
    const auto state = api_.ask(handle_.uri, video_.size(), showing(UploadStep::looking_up));
    if (state) return state->video_id.empty() ? on_incomplete(*state) : on_created(state->video_id);
    const Trouble trouble = of_a_question(state.error());
    const bool gone = trouble.kind == Kind::unknown || trouble.kind == Kind::restart;
    if (gone && !attempt_.maybe_published()) return begin_anew(trouble, false);
    return gone && trouble.own ? find_or_doubt(trouble) : on_trouble(trouble);
  }

  // The session does not tell any more: only the list of the channel's uploads can, which may lag behind.
  Ended find_or_doubt(const Trouble& why) {
    const auto there = find_upload(api_, handle_, look_for_, showing(UploadStep::waiting));
    if (!there && may_not_list(there.error())) return in_doubt(why.message);
    if (!there) return on_trouble(of_a_question(there.error()));
    if (there->post_id) return on_created(*there->post_id);
    if (there->candidates > 0 || ++list_looks_ == kListLooks) return in_doubt(why.message);
    return pause(std::chrono::seconds(config_.list_wait_s));
  }

  Ended on_incomplete(const SessionState& state) {
    next_ = Next::look;
    if (state.stored == video_.size() && !attempt_.maybe_published())
      return wait(passing("YouTube says that it has every byte, but not all were sent"));
    if (!state.moved_to.empty() && state.moved_to != handle_.uri && !attempt_.maybe_published()) {
      if (auto why = session_refusal(state.moved_to, config_.upload_base))
        return ended(ErrorClass::permanent, *why);
      handle_.uri = state.moved_to;
      if (auto saved = attempt_.save_handle(handle_text(handle_)); !saved) return local(saved.error());
    }
    headway(state.stored);
    offset_ = state.stored;
    attempt_.progress(UploadStep::sending, offset_, video_.size());
    next_ = offset_ == video_.size() ? Next::look : Next::send;
    if (next_ == Next::send) return std::nullopt;
    return wait(passing("YouTube has every byte but does not say that the upload is complete"));
  }

  Ended on_created(const std::string& video_id) {
    headway(video_.size());
    if (auto problem = api_.processing_problem(video_id, showing(UploadStep::waiting))) {
      if (auto free = attempt_.start_over(true); !free) return local(free.error());
      drop_handle();
      return ended(ErrorClass::permanent, *problem);
    }
    return done(video_id, {}, set_thumbnail(video_id));
  }

  // The video stands, whatever becomes of its thumbnail.
  std::string set_thumbnail(const std::string& video_id) {
    if (!metadata_.thumbnail) return {};
    const auto image = read_thumbnail(config_, metadata_);
    if (image) wait_until_processed(video_id);
    std::optional<std::string> problem;
    if (!image)
      problem = image.error().message;
    else if (attempt_.stop().stop_requested())
      problem = "stopped";
    else
      problem = api_.set_thumbnail(video_id, *image, showing(UploadStep::waiting));
    return problem ? "the thumbnail was not set: " + *problem : std::string();
  }

  // Before that a Short takes no thumbnail. For some minutes; where it is not told, not at all.
  void wait_until_processed(const std::string& video_id) {
    for (int look = 0; look < kThumbnailLooks && !attempt_.stop().stop_requested(); ++look) {
      const auto processed = api_.is_processed(video_id, showing(UploadStep::waiting));
      if (processed && *processed) return;
      const Kind kind = processed ? Kind::again : processed.error().kind;
      if (kind != Kind::again && (kind != Kind::sign_in || !api_.sign_in_again())) return;
      pause(kThumbnailLook);
    }
  }

  const YouTubeConfig& config_;
  const Metadata& metadata_;
  Api& api_;
  const std::string post_;
  const OwnPost look_for_;
  Handle handle_;
  int list_looks_ = 0;
};

}  // namespace

UploadResult run_upload(const UploaderContext& context, Http& http, const Metadata& metadata,
                        UploadAttempt& attempt) {
  Api api(context, http, attempt.stop());
  return Run(context, api, metadata, attempt).result();
}

}  // namespace asfs::youtube
