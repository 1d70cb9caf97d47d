#include "uploaders/tiktok_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/text.h"
#include "uploaders/backoff.h"
#include "uploaders/tiktok_api.h"
#include "uploaders/tiktok_post.h"
#include "uploaders/trouble.h"
#include "uploaders/video_sender.h"

namespace asfs::tiktok {
namespace {

using Kind = Trouble::Kind;
using Ended = std::optional<UploadResult>;  ///< nothing: go on with `next_`

constexpr int kMostRestarts = 2;
constexpr int kMostOdd = 2;  ///< 405 in a row, which the upload host was seen to answer for no reason
constexpr std::chrono::minutes kLaterLook{10};

// A loop over begin, send and look, decided by what the last answer means. What was sent to the end is always
// looked up before anything is sent again.
class Run {
 public:
  Run(const UploaderContext& context, Http& http, const std::filesystem::path& path, const Metadata& metadata,
      UploadSession& session)
      : config_(context.config.tiktok),
        clock_(context.clock),
        path_(path),
        metadata_(metadata),
        session_(session),
        video_(session.video()),
        sender_(session, VideoSender::LastByte::publishes),
        api_(context, http, session.stop()),
        backoff_(context.config.upload, context.clock, context.config.upload.transient_tries) {}

  UploadResult result() {
    if (const auto text = session_.handle(); !text.empty()) {
      const auto handle = parse_handle(text);
      if (handle && handle->plan.size == video_.size()) handle_ = *handle, resumed_ = true;
      if (!handle) return ended(ErrorClass::permanent, "what was noted of the begun upload cannot be read");
    }
    if (auto signed_in = api_.sign_in(); !signed_in) return no_token(signed_in.error());
    next_ = resumed_ ? Next::look : Next::begin;
    while (true)
      if (auto result = step()) return *std::move(result);
  }

 private:
  enum class Next : std::uint8_t { begin, send, look };

  Ended step() {
    if (session_.stop().stop_requested()) return ended(ErrorClass::cancelled, "stopped");
    return next_ == Next::begin ? begin() : next_ == Next::send ? send() : look();
  }

  // ---- begin

  Ended begin() {
    const bool draft = is_draft(config_, metadata_);
    const ChunkPlan plan = plan_chunks(config_, video_.size());
    std::string body = draft_json(plan);
    if (!draft) {
      const auto creator = api_.creator(showing(UploadStep::starting));
      if (!creator) return on_trouble(creator.error());
      const auto privacy = fit_to_creator(*creator, privacy_of(config_, metadata_), session_.video_seconds());
      if (!privacy) return ended(ErrorClass::permanent, privacy.error().message);
      body = post_json(config_, metadata_, session_.video_title(), *creator, *privacy, plan);
    }
    const auto begun = api_.begin(body, draft, showing(UploadStep::starting));
    if (!begun) return on_trouble(begun.error());
    if (!url_is_safe(begun->upload_url))
      return ended(ErrorClass::permanent, "TikTok's answer names an upload address that is not safe to use");
    handle_ = {begun->publish_id, begun->upload_url, unix_seconds(), plan};
    if (auto saved = session_.save_handle(handle_text(handle_)); !saved)
      return ended(ErrorClass::transient, saved.error().message);
    offset_ = best_ = 0;
    resumed_ = short_twice_ = dead_url_ = false;
    next_ = Next::send;
    return std::nullopt;
  }

  // What was begun makes no post, as TikTok itself says: a new one.
  Ended begin_anew(ErrorClass error_class, const std::string& message) {
    handle_ = {};
    if (restarts_++ == kMostRestarts) return ended(error_class, message);
    sender_.forget_sent();
    next_ = Next::begin;
    return std::nullopt;
  }

  // ---- send

  Ended send() {
    const std::uint64_t end = handle_.plan.end_of(offset_);
    if (auto moved = sender_.move_to(offset_); !moved) return local(moved.error());
    const auto answer =
        api_.put(current_upload_url(handle_.upload_url, config_.api_base), sender_.body(end - offset_),
                 content_type(path_), offset_, video_.size(), sender_.progress());
    if (sender_.error()) return local(*sender_.error());
    next_ = Next::look;  // whatever was answered to the last chunk, or not answered
    if (!answer) return on_trouble(read_failure(answer.error()));
    const ChunkAnswer meaning = read_chunk(*answer);
    if (meaning == ChunkAnswer::taken || meaning == ChunkAnswer::all_taken) return on_taken(end);
    const std::string said = fmt::format("TikTok answered HTTP {} to the video's bytes", *answer);
    dead_url_ = meaning == ChunkAnswer::dead_url;
    if (sender_.all_sent() || meaning == ChunkAnswer::elsewhere || meaning == ChunkAnswer::again)
      return wait(said);
    if (meaning == ChunkAnswer::refused) return ended(ErrorClass::permanent, said);
    if (meaning == ChunkAnswer::odd && odd_++ < kMostOdd) return wait(said);
    return begin_anew(ErrorClass::transient, said);
  }

  Ended on_taken(std::uint64_t end) {
    odd_ = 0;
    headway(end);
    if (end < video_.size()) offset_ = end, next_ = Next::send;
    return std::nullopt;
  }

  // ---- look

  Ended look() {
    const bool all = sender_.all_sent();
    const auto status =
        api_.status(handle_.publish_id, showing(all ? UploadStep::waiting : UploadStep::looking_up));
    if (!status)
      return status.error().kind == Kind::unknown ? on_forgotten(status.error()) : on_trouble(status.error());
    switch (status->state) {
      case PostStatus::State::complete:
        return on_complete(*status);
      case PostStatus::State::in_inbox:
        return done(handle_.publish_id);
      case PostStatus::State::failed:
        return on_failed(*status);
      default:
        return on_uploading(*status);
    }
  }

  Ended on_forgotten(const Trouble& trouble) {
    if (sender_.all_sent() || resumed_)
      return ended(ErrorClass::doubt, "TikTok no longer knows the upload: " + trouble.message);
    return begin_anew(ErrorClass::transient, trouble.message);
  }

  // A failure that an earlier try left behind was told about then.
  Ended on_failed(const PostStatus& status) {
    if (resumed_ || status.restart) return begin_anew(status.trouble.error_class, status.trouble.message);
    handle_ = {};
    return ended(status.trouble.error_class, status.trouble.message, status.trouble.retry_at);
  }

  Ended on_uploading(const PostStatus& status) {
    const std::uint64_t there = std::min(status.uploaded_bytes.value_or(offset_), video_.size());
    if (there == video_.size()) return on_processing();
    const std::uint64_t border = handle_.plan.border(there);
    headway(border);
    if (dead_url_ || unix_seconds() - handle_.issued_at >= config_.upload_url_s) {
      // Once all had been sent, a platform that lags behind must not look like one that lacks bytes.
      if (sender_.all_sent() && !std::exchange(short_twice_, true))
        return wait("TikTok lacks bytes of the video");
      return begin_anew(ErrorClass::transient, "the upload address is not good any more");
    }
    offset_ = border;
    resumed_ = false;
    next_ = Next::send;
    return std::nullopt;
  }

  Ended on_processing() {
    headway(video_.size());
    if (!processing_since_) processing_since_ = clock_.now();
    if (clock_.now() - *processing_since_ >= std::chrono::seconds(config_.poll_total_s))
      return ended(ErrorClass::rate_limited, "TikTok has every byte and is still processing the video",
                   clock_.now() + kLaterLook);
    return poll();
  }

  // A public post has its id some time after it is complete; other posts never tell one.
  Ended on_complete(const PostStatus& status) {
    if (!status.post_ids.empty()) return done(status.post_ids.front());
    const std::string privacy = privacy_of(config_, metadata_);
    const bool may_come = privacy.empty() || privacy == "PUBLIC_TO_EVERYONE";
    if (!complete_since_) complete_since_ = clock_.now();
    const bool waited = clock_.now() - *complete_since_ >= std::chrono::seconds(config_.post_id_wait_s);
    return may_come && !waited ? poll() : done(handle_.publish_id);
  }

  Ended done(const std::string& post_id) {
    session_.progress(UploadStep::done, video_.size(), video_.size());
    UploadResult result;
    result.success = true;
    result.platform_post_id = post_id;
    return result;
  }

  // ---- waiting and giving up

  Ended poll() {
    const auto pause = std::chrono::milliseconds(std::min<std::uint64_t>(
        config_.poll_max_ms, std::uint64_t{config_.poll_first_ms} << std::min(polls_++, 10)));
    next_ = Next::look;
    for (Duration left = pause; left > Duration::zero(); left -= std::chrono::seconds(5)) {
      session_.progress(UploadStep::waiting, video_.size(), video_.size());
      if (!clock_.wait(std::min<Duration>(left, std::chrono::seconds(5)), session_.stop())) break;
    }
    return std::nullopt;
  }

  Ended on_trouble(const Trouble& trouble) {
    if (trouble.kind == Kind::sign_in && !std::exchange(refreshed_, true)) {
      if (auto signed_in = api_.sign_in_again(); !signed_in) return no_token(signed_in.error());
      return std::nullopt;
    }
    if (trouble.kind != Kind::again) return ended(trouble.error_class, trouble.message, trouble.retry_at);
    if (backoff_.too_long(trouble.not_before))
      return ended(ErrorClass::rate_limited, trouble.message, trouble.not_before);
    return wait(trouble.message, trouble.error_class,
                trouble.not_before ? trouble.not_before : trouble.retry_at);
  }

  Ended wait(const std::string& why, ErrorClass error_class = ErrorClass::transient,
             std::optional<TimePoint> not_before = {}) {
    if (backoff_.spent()) return ended(error_class, why, not_before);
    const auto alive = [this] { session_.progress(UploadStep::waiting, offset_, video_.size()); };
    if (!backoff_.wait(not_before, session_.stop(), alive)) return ended(ErrorClass::cancelled, "stopped");
    return std::nullopt;
  }

  void headway(std::uint64_t bytes) {
    if (bytes <= best_) return;
    best_ = bytes;
    refreshed_ = false;
    backoff_.progressed(best_);
  }

  // Keeps the lease while a request without bytes is under way.
  Api::Progress showing(UploadStep step) {
    session_.progress(step, offset_, video_.size());
    return [this, step](std::uint64_t) { session_.progress(step, offset_, video_.size()); };
  }

  std::int64_t unix_seconds() const { return unix_millis(clock_.now()) / 1000; }

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
    result.resumable = !handle_.publish_id.empty() && error_class != ErrorClass::changed_file &&
                       (error_class != ErrorClass::permanent || sender_.all_sent());
    result.got_further = result.resumable && backoff_.got_further();
    return result;
  }

  const TikTokConfig& config_;
  const Clock& clock_;
  const std::filesystem::path& path_;
  const Metadata& metadata_;
  UploadSession& session_;
  VideoFile& video_;
  VideoSender sender_;
  Api api_;
  Backoff backoff_;
  Handle handle_;  ///< publish_id empty: none
  Next next_ = Next::begin;
  std::uint64_t offset_ = 0;  ///< where the platform stands, a border of chunks
  std::uint64_t best_ = 0;    ///< the furthest it ever stood
  bool resumed_ = false;      ///< begun by an earlier process, and nothing heard of it yet
  bool refreshed_ = false;    ///< the token, since the last headway
  bool dead_url_ = false;     ///< the upload address takes no bytes any more
  bool short_twice_ = false;  ///< TikTok said it lacks bytes although all had been sent
  int restarts_ = 0;
  int odd_ = 0;
  int polls_ = 0;
  std::optional<TimePoint> processing_since_;
  std::optional<TimePoint> complete_since_;
};

}  // namespace

UploadResult run_upload(const UploaderContext& context, Http& http, const std::filesystem::path& video_path,
                        const Metadata& metadata, UploadSession& session) {
  return Run(context, http, video_path, metadata, session).result();
}

}  // namespace asfs::tiktok
