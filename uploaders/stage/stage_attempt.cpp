#include "uploaders/stage/stage_attempt.h"

#include <utility>

namespace asfs {
namespace {

constexpr Duration kBeatEvery = kLease / 6;
constexpr Duration kMeasureEvery = std::chrono::milliseconds(500);
constexpr double kNewShare = 0.3;  // of the newest measurement in the smoothed speed

}  // namespace

bool LedgerOwners::is_anothers(std::string_view post_id) const {
  const auto owner = ledger_.owner_of_post(attempt_id_, post_id);
  return !owner || *owner;
}

std::vector<UnknownPost> LedgerOwners::unknown_posts() const {
  auto posts = ledger_.unknown_posts(attempt_id_);
  return posts ? *std::move(posts)
               : std::vector<UnknownPost>{{.video_title = {}, .metadata_json = "?", .post_id = {}}};
}

StageAttempt::StageAttempt(UploadLedger& ledger, const Claim& claim, const Clock& clock, std::stop_token stop,
                           UploadProgress* progress)
    : ledger_(ledger),
      claim_(claim),
      clock_(clock),
      progress_(progress),
      maybe_published_(claim.maybe_published),
      waits_since_(claim.waits_since),
      acknowledged_(claim.acknowledged),
      owners_(ledger, claim.attempt_id),
      beat_at_(clock.now()),
      forward_(std::move(stop), Forward{stop_source_}) {
  show_may_be_live();
}

void StageAttempt::prepare(VideoFile& video, std::string handle) {
  video_ = &video;
  handle_ = std::move(handle);
}

Result<void> StageAttempt::noted(Result<void> answer) {
  if (answer) beat_at_ = clock_.now();
  if (!answer && answer.error().code == Code::blocked) {
    lost_ = answer.error();
    stop_source_.request_stop();
  }
  return answer;
}

Result<void> StageAttempt::keep_handle(std::string_view handle) {
  return noted(ledger_.save_handle(claim_.attempt_id, handle));
}

Result<void> StageAttempt::before_publish() {
  auto ours = noted(ledger_.before_publish(claim_.attempt_id));
  if (!ours) return ours;
  if (!std::exchange(maybe_published_, true)) waits_since_.reset();  // it waits from now on
  show_may_be_live();
  wait_for_word();
  return ours;
}

Result<void> StageAttempt::forget_begun() {
  auto ours = noted(ledger_.start_over(claim_.attempt_id));
  if (!ours) return ours;
  maybe_published_ = acknowledged_ = false;
  show_may_be_live();
  waits_since_.reset();
  return ours;
}

void StageAttempt::show_may_be_live() {
  if (progress_) progress_->may_be_live = maybe_published_;
}

void StageAttempt::wait_for_word() {
  if (waits_since_ && *waits_since_ <= clock_.now()) return;
  waits_since_ = ledger_.waits_since(claim_.attempt_id).value_or(clock_.now());
}

// A database that is locked for a while does no harm: this try knows it, and a later one is told again.
void StageAttempt::note_acknowledged() {
  if (!std::exchange(acknowledged_, true)) static_cast<void>(ledger_.note_acknowledged(claim_.attempt_id));
}

// Without it the upload goes on, and the platform itself refuses what is too much.
void StageAttempt::note_quota(const Quota& quota) {
  static_cast<void>(ledger_.note_quota(claim_.attempt_id, quota));
}

// A database that is locked for a while does no harm: before_publish() asks again before it counts.
void StageAttempt::beat(std::uint64_t total) {
  if (!has_passed(clock_.now(), beat_at_, kBeatEvery)) return;
  static_cast<void>(noted(ledger_.heartbeat(claim_.attempt_id, static_cast<std::int64_t>(sent_),
                                            static_cast<std::int64_t>(total))));
}

void StageAttempt::measure(std::uint64_t sent) {
  const TimePoint now = clock_.now();
  if (!measured_at_ || now < *measured_at_ || sent < measured_sent_) {
    measured_at_ = now;
    measured_sent_ = sent;
    return;
  }
  const Duration passed = now - *measured_at_;
  if (passed < kMeasureEvery) return;
  const double newest =
      static_cast<double>(sent - measured_sent_) / std::chrono::duration<double>(passed).count();
  speed_ = speed_ == 0 ? newest : kNewShare * newest + (1 - kNewShare) * speed_;
  measured_at_ = now;
  measured_sent_ = sent;
}

void StageAttempt::progress(UploadStep step, std::uint64_t sent, std::uint64_t total) {
  if (step == UploadStep::sending || step == UploadStep::waiting) sent_ = sent;
  if (step == UploadStep::sending)
    measure(sent);
  else
    measured_at_.reset();  // a pause says nothing about the speed
  if (progress_) {
    progress_->step.store(step, std::memory_order_relaxed);
    progress_->sent.store(sent, std::memory_order_relaxed);
    progress_->total.store(total, std::memory_order_relaxed);
    progress_->bytes_per_second.store(static_cast<std::uint64_t>(speed_), std::memory_order_relaxed);
  }
  beat(total);
}

}  // namespace asfs
