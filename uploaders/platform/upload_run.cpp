#include "uploaders/platform/upload_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr int kMostRestarts = 2;
constexpr int kSameReason = 3;
/// At most: who is asked for seconds is asked again in seconds.
constexpr std::chrono::seconds kLaterLook{600};
constexpr Duration kNap = std::chrono::seconds(5);  // between two signs of life

}  // namespace

UploadRun::UploadRun(std::string_view platform, PlatformApi& api, UploadAttempt& attempt,
                     VideoSender::LastByte last_byte, const Polling& polling)
    : platform_(platform),
      attempt_(attempt),
      video_(attempt.video()),
      sender_(attempt, last_byte),
      backoff_(api.context().config.upload, api.context().clock, api.context().config.upload.transient_tries),
      api_(api),
      polling_(polling) {}

UploadResult UploadRun::result() {
  if (const auto handle = attempt_.handle(); !handle.empty())
    if (auto end = take_up(handle)) return *std::move(end);
  resumed_ = has_handle();
  next_ = resumed_ ? Next::look : Next::begin;
  if (auto signed_in = api_.sign_in(); !signed_in) return *ended(no_token(signed_in.error()));
  while (true)
    if (auto end = step()) return *std::move(end);
}

UploadRun::Ended UploadRun::step() {
  if (attempt_.stop().stop_requested()) return ended(ErrorClass::cancelled, "stopped");
  switch (next_) {
    case Next::begin:
      if (attempt_.maybe_published()) return in_doubt("nothing is known of the upload any more");
      return begin();
    case Next::send:
      // It may say less than before: what lags behind is asked again.
      return attempt_.acknowledged() ? processing() : send();
    case Next::publish:
      return publish();
    case Next::look:
      return look();
  }
  std::unreachable();
}

UploadRun::Ended UploadRun::begin_anew(const Trouble& why, bool no_post) {
  if (auto free = attempt_.start_over(no_post); !free)
    return attempt_.maybe_published() ? in_doubt(why.message) : local(free.error());
  drop_handle();
  same_reason_ = no_post && why.reason == restart_reason_ ? same_reason_ + 1 : 1;
  restart_reason_ = why.reason;
  if (!why.reason.empty() && same_reason_ == kSameReason)
    return ended(ErrorClass::permanent, why.message + "; three times the same");
  if (restarts_++ == kMostRestarts) return ended(why.error_class, why.message, why.retry_at);
  next_ = Next::begin;
  return std::nullopt;
}

UploadRun::Ended UploadRun::begun(std::string_view handle) {
  if (auto saved = attempt_.save_handle(handle); !saved) return local(saved.error());
  offset_ = best_ = 0;
  resumed_ = false;
  next_ = Next::send;
  return std::nullopt;
}

UploadRun::Ended UploadRun::on_trouble(const Trouble& trouble) {
  if (trouble.kind == Kind::sign_in && !std::exchange(refreshed_, true)) {
    if (auto signed_in = api_.sign_in_again(); !signed_in) return ended(no_token(signed_in.error()));
    return std::nullopt;
  }
  if (trouble.kind == Kind::sign_in || trouble.kind == Kind::stop) return ended(trouble);
  if (backoff_.too_long(trouble.not_before))
    return ended(ErrorClass::rate_limited, trouble.message, trouble.not_before);
  return wait(trouble);
}

UploadRun::Ended UploadRun::wait(const Trouble& why) {
  const auto not_before = why.not_before ? why.not_before : why.retry_at;
  if (backoff_.spent()) return ended(why.error_class, why.message, not_before);
  const auto alive = [this] { attempt_.progress(UploadStep::waiting, best_, video_.size()); };
  if (!backoff_.wait(not_before, attempt_.stop(), alive)) return ended(ErrorClass::cancelled, "stopped");
  return std::nullopt;
}

UploadRun::Ended UploadRun::processing(bool has_all) {
  if (has_all) headway(video_.size());
  attempt_.wait_for_word();
  if (!processing_since_) processing_since_ = clock().now();
  if (has_passed(clock().now(), *processing_since_, std::chrono::seconds(polling_.total_s)))
    return ended(ErrorClass::processing,
                 std::string(platform_) + (attempt_.acknowledged()
                                               ? " has every byte and is still processing the video"
                                               : " was sent every byte, and does not tell yet of any"),
                 clock().now() + std::min(kLaterLook, 2 * std::chrono::seconds(polling_.total_s)));
  next_ = Next::look;
  return pause(std::chrono::milliseconds(
      std::min<std::uint64_t>(polling_.max_ms, std::uint64_t{polling_.first_ms} << std::min(polls_++, 10))));
}

UploadRun::Ended UploadRun::pause(Duration left) {
  for (; left > Duration::zero(); left -= kNap) {
    attempt_.progress(UploadStep::waiting, best_, video_.size());
    if (!clock().wait(std::min(left, kNap), attempt_.stop())) break;
  }
  return std::nullopt;
}

void UploadRun::headway(std::uint64_t bytes) {
  if (bytes == video_.size()) attempt_.note_acknowledged();
  if (bytes <= best_) return;
  best_ = bytes;
  refreshed_ = false;
  backoff_.progressed(best_);
}

PlatformApi::Progress UploadRun::showing(UploadStep step) {
  attempt_.progress(step, best_, video_.size());
  return [this, step](std::uint64_t) { attempt_.progress(step, best_, video_.size()); };
}

UploadRun::Ended UploadRun::done(const std::string& post_id, std::string link, std::string warning) {
  attempt_.progress(UploadStep::done, video_.size(), video_.size());
  UploadResult result;
  result.success = true;
  result.platform_post_id = post_id;
  result.link = std::move(link);
  result.warning = std::move(warning);
  return result;
}

UploadRun::Ended UploadRun::ended(ErrorClass error_class, const std::string& message,
                                  std::optional<TimePoint> retry_at) const {
  UploadResult result;
  result.error_class = sender_.told_as(error_class);
  result.error_message = one_line(message);
  const bool timed = error_class == ErrorClass::rate_limited || error_class == ErrorClass::processing ||
                     error_class == ErrorClass::account;
  if (timed) result.retry_at = retry_at;
  result.resumable =
      has_handle() && error_class != ErrorClass::changed_file && error_class != ErrorClass::permanent;
  result.got_further = result.resumable && backoff_.got_further();
  return result;
}

UploadRun::Ended UploadRun::ended(const Trouble& trouble) const {
  return ended(trouble.error_class, trouble.message, trouble.retry_at);
}

UploadRun::Ended UploadRun::in_doubt(const std::string& why) const {
  return ended(ErrorClass::doubt,
               fmt::format("all of the video had been sent to {}, which does not tell what became of it: {}",
                           platform_, why));
}

UploadRun::Ended UploadRun::local(const Error& error) const {
  return ended(sender_.class_of(error), error.message);
}

Trouble UploadRun::passing(std::string message) {
  return {.kind = Kind::again,
          .error_class = ErrorClass::transient,
          .message = std::move(message),
          .not_before = {},
          .retry_at = {}};
}

}  // namespace asfs
