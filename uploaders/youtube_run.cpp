#include "uploaders/youtube_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/text.h"
#include "uploaders/backoff.h"
#include "uploaders/trouble.h"
#include "uploaders/video_sender.h"
#include "uploaders/youtube_api.h"
#include "uploaders/youtube_post.h"

namespace asfs::youtube {
namespace {

using Kind = Answer::Kind;

// One upload from start to end: a loop over three requests, decided by what the last answer means.
class Run {
 public:
  Run(const UploaderContext& context, Http& http, const Metadata& metadata, UploadSession& session)
      : config_(context.config.youtube),
        metadata_(metadata),
        session_(session),
        video_(session.video()),
        sender_(session, VideoSender::LastByte::publishes),
        api_(context, http, session.stop()),
        backoff_(context.config.upload, context.clock, context.config.upload.transient_tries),
        post_(post_json(config_, metadata, session.video_title())) {}

  UploadResult result() {
    if (const auto handle = session_.handle(); !handle.empty())
      uri_ = current_session_uri(handle, config_.upload_base);
    if (!uri_.empty())
      if (auto why = session_refusal(uri_, config_.upload_base)) return ended(ErrorClass::permanent, *why);
    if (auto signed_in = api_.sign_in(); !signed_in) return no_token(signed_in.error());
    next_ = uri_.empty() ? Next::start : Next::ask;
    while (true)
      if (auto result = react(request())) return *std::move(result);
  }

 private:
  enum class Next : std::uint8_t { start, ask, send };

  Answer request() {
    switch (next_) {
      case Next::start:
        return api_.start(post_, video_.size(), showing(UploadStep::starting));
      case Next::ask:
        return api_.ask(uri_, video_.size(), showing(UploadStep::looking_up));
      default:
        return send();
    }
  }

  // nullopt: go on with `next_`.
  std::optional<UploadResult> react(const Answer& answer) {
    switch (answer.kind) {
      case Kind::opened:
        return on_opened(answer);
      case Kind::incomplete:
        return on_incomplete(answer);
      case Kind::created:
        return on_created(answer);
      case Kind::again:
        return on_again(answer);
      case Kind::sign_in:
        return on_sign_in(answer);
      case Kind::gone:
        return on_gone(answer);
      default:
        return on_stop(answer);
    }
  }

  std::optional<UploadResult> on_opened(const Answer& answer) {
    if (auto refused = use_session(answer.text)) return refused;
    known_open_ = true;
    offset_ = best_ = 0;
    next_ = Next::send;
    return std::nullopt;
  }

  std::optional<UploadResult> on_incomplete(const Answer& answer) {
    if (!answer.text.empty() && answer.text != uri_)
      if (auto refused = use_session(answer.text)) return refused;
    if (answer.stored > best_) {
      best_ = answer.stored;
      refreshed_ = false;
      backoff_.progressed(best_);
    }
    known_open_ = true;
    offset_ = answer.stored;
    session_.progress(UploadStep::sending, offset_, video_.size());
    if (offset_ == video_.size()) return on_again(nothing_missing(answer));
    // Without headway the same bytes would go out for ever.
    if (next_ == Next::send && answer.stored <= sent_from_) return on_again(nothing_stored(answer));
    next_ = Next::send;
    return std::nullopt;
  }

  std::optional<UploadResult> on_created(const Answer& answer) {
    offset_ = video_.size();
    if (auto problem = api_.processing_problem(answer.text, showing(UploadStep::waiting))) {
      uri_.clear();
      return ended(ErrorClass::permanent, *problem);
    }
    UploadResult result;
    result.success = true;
    result.platform_post_id = answer.text;
    result.warning = set_thumbnail(answer.text);
    session_.progress(UploadStep::done, video_.size(), video_.size());
    return result;
  }

  // The video stands, whatever becomes of its thumbnail.
  std::string set_thumbnail(const std::string& video_id) {
    if (!metadata_.thumbnail) return {};
    auto image = read_thumbnail(config_, metadata_);
    const auto problem = image ? api_.set_thumbnail(video_id, *std::move(image), showing(UploadStep::waiting))
                               : std::optional(image.error().message);
    return problem ? "the thumbnail was not set: " + *problem : std::string();
  }

  std::optional<UploadResult> on_again(const Answer& answer) {
    if (backoff_.too_long(answer.not_before))
      return ended(ErrorClass::rate_limited, answer.message, answer.not_before);
    if (backoff_.spent()) {
      const bool may_exist = answer.unreadable && sender_.all_sent();
      return ended(may_exist ? ErrorClass::doubt : answer.error_class, answer.message, answer.retry_at);
    }
    next_ = uri_.empty() ? Next::start : Next::ask;
    const auto alive = [this] { session_.progress(UploadStep::waiting, offset_, video_.size()); };
    if (!backoff_.wait(answer.not_before, session_.stop(), alive))
      return ended(ErrorClass::cancelled, "stopped");
    return std::nullopt;
  }

  std::optional<UploadResult> on_sign_in(const Answer& answer) {
    if (refreshed_) return ended(ErrorClass::needs_login, answer.message);
    refreshed_ = true;
    if (auto signed_in = api_.sign_in_again(); !signed_in) return no_token(signed_in.error());
    next_ = uri_.empty() ? Next::start : Next::ask;
    return std::nullopt;
  }

  std::optional<UploadResult> on_gone(const Answer& answer) {
    // A request that is refused stored nothing, so only what went out before it counts.
    const bool may_exist = next_ == Next::send ? sender_.all_sent_before() : sender_.all_sent();
    if (may_exist)
      return ended(ErrorClass::doubt,
                   "YouTube no longer knows the upload, all of which had been sent: " + answer.message);
    if (next_ == Next::start) return ended(ErrorClass::permanent, answer.message);
    // Begun by an earlier process, which may have sent all: the stage knows, and looks the handle up again.
    if (!known_open_) return ended(ErrorClass::transient, "YouTube lost the begun upload: " + answer.message);
    uri_.clear();
    if (restarted_)
      return ended(ErrorClass::transient, "YouTube dropped the upload twice: " + answer.message);
    restarted_ = true;
    sender_.forget_sent();
    next_ = Next::start;
    return std::nullopt;
  }

  std::optional<UploadResult> on_stop(const Answer& answer) {
    // A failed upload repeats its failure (HTTP 400) when asked; any other refusal of the question says
    // nothing about what became of bytes that may all have arrived.
    if (answer.error_class == ErrorClass::permanent && next_ == Next::ask && sender_.all_sent() &&
        answer.status != 400)
      return ended(ErrorClass::doubt, answer.message);
    if (answer.error_class == ErrorClass::permanent) uri_.clear();
    return ended(answer.error_class, answer.message, answer.retry_at);
  }

  std::optional<UploadResult> use_session(const std::string& uri) {
    if (auto why = session_refusal(uri, config_.upload_base)) return ended(ErrorClass::permanent, *why);
    if (auto saved = session_.save_handle(uri); !saved)
      return ended(ErrorClass::transient, saved.error().message);
    uri_ = uri;
    return std::nullopt;
  }

  // Sends from `offset_`: one chunk, or all that is left.
  Answer send() {
    if (auto moved = sender_.move_to(offset_); !moved) return local(moved.error());
    const std::uint64_t total = video_.size();
    const std::uint64_t rest = total - offset_;
    const std::uint64_t length = config_.chunk_bytes == 0 ? rest : std::min(config_.chunk_bytes, rest);
    sent_from_ = offset_;
    Answer answer = api_.send(uri_, sender_.body(length), offset_, total, sender_.progress());
    return sender_.error() ? local(*sender_.error()) : answer;
  }

  // Keeps the lease while a request without bytes is under way.
  Api::Progress showing(UploadStep step) {
    session_.progress(step, offset_, video_.size());
    return [this, step](std::uint64_t) { session_.progress(step, offset_, video_.size()); };
  }

  // A failure on our side as an answer.
  Answer local(const Error& error) const {
    Answer answer;
    answer.kind = Kind::stop;
    answer.message = error.message;
    answer.error_class = sender_.class_of(error);
    return answer;
  }

  static Answer again(const Answer& like, std::string message) {
    Answer answer;
    answer.kind = Kind::again;
    answer.error_class = ErrorClass::transient;
    answer.status = like.status;
    answer.message = std::move(message);
    return answer;
  }
  static Answer nothing_missing(const Answer& like) {
    Answer answer = again(like, "YouTube has every byte but does not say that the upload is complete");
    answer.unreadable = true;
    return answer;
  }
  static Answer nothing_stored(const Answer& like) {
    return again(like, fmt::format("YouTube answered HTTP {} but stored none of the bytes", like.status));
  }

  UploadResult no_token(const Error& error) const {
    return ended(class_of_token_error(error), error.message);
  }

  UploadResult ended(ErrorClass error_class, std::string message,
                     std::optional<TimePoint> retry_at = {}) const {
    UploadResult result;
    result.error_class = sender_.told_as(error_class);
    result.error_message = one_line(message);
    if (error_class == ErrorClass::rate_limited) result.retry_at = retry_at;
    result.resumable = !uri_.empty() && error_class != ErrorClass::changed_file;
    result.got_further = result.resumable && backoff_.got_further();
    return result;
  }

  const YouTubeConfig& config_;
  const Metadata& metadata_;
  UploadSession& session_;
  VideoFile& video_;
  VideoSender sender_;
  Api api_;
  Backoff backoff_;
  std::string post_;
  std::string uri_;  ///< the session; empty: none
  Next next_ = Next::start;
  std::uint64_t offset_ = 0;     ///< where the server stands
  std::uint64_t best_ = 0;       ///< the furthest it ever stood
  std::uint64_t sent_from_ = 0;  ///< where the last sent request began
  bool known_open_ = false;      ///< this run saw that the session had made no video yet
  bool restarted_ = false;
  bool refreshed_ = false;  ///< the token, since the last headway
};

}  // namespace

UploadResult run_upload(const UploaderContext& context, Http& http, const Metadata& metadata,
                        UploadSession& session) {
  return Run(context, http, metadata, session).result();
}

}  // namespace asfs::youtube
