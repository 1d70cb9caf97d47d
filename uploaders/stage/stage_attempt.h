// The upload stage's side of an UploadAttempt: handle and point of no return go to the ledger, progress to
// the screen, and the lease is renewed on the way. Used by upload_stage.cpp alone, on the upload's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "registry/ledger/upload_ledger.h"
#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/upload_progress.h"

namespace asfs {

/// Whose posts are whose; what cannot be found out is taken for somebody else's.
class LedgerOwners final : public PostOwners {
 public:
  LedgerOwners(UploadLedger& ledger, std::int64_t attempt_id) : ledger_(ledger), attempt_id_(attempt_id) {}
  bool is_anothers(std::string_view post_id) const override;
  std::vector<UnknownPost> unknown_posts() const override;

 private:
  UploadLedger& ledger_;
  const std::int64_t attempt_id_;
};

class StageAttempt final : public UploadAttempt {
 public:
  /// `stop`: a person's wish. The references outlive the attempt.
  StageAttempt(UploadLedger& ledger, const Claim& claim, const Clock& clock, std::stop_token stop,
               UploadProgress* progress);

  /// Before upload() is called: the file, and the handle to go on from, if any.
  void prepare(VideoFile& video, std::string handle);

  /// The ledger said that the attempt is another's by now.
  bool lost() const { return lost_.has_value(); }
  const Error& lost_reason() const { return *lost_; }
  /// Since when only the platform's word is waited for, over all tries; nullopt: it is not.
  std::optional<TimePoint> waits_since() const { return waits_since_; }

  VideoFile& video() override { return *video_; }
  std::string_view video_title() const override { return claim_.video.title; }
  double video_seconds() const override { return claim_.video.duration; }
  std::string handle() const override { return handle_; }
  const PostOwners& owners() const override { return owners_; }
  bool maybe_published() const override { return maybe_published_; }
  bool acknowledged() const override { return acknowledged_; }
  Result<void> before_publish() override;
  void wait_for_word() override;
  void note_acknowledged() override;
  void note_quota(const Quota& quota) override;
  void progress(UploadStep step, std::uint64_t sent, std::uint64_t total) override;
  std::stop_token stop() const override { return stop_source_.get_token(); }

 private:
  struct Forward {
    std::stop_source& to;
    void operator()() const { to.request_stop(); }
  };

  Result<void> keep_handle(std::string_view handle) override;
  Result<void> forget_begun() override;
  Result<void> noted(Result<void> answer);
  void show_may_be_live();
  void beat(std::uint64_t total);
  void measure(std::uint64_t sent);

  UploadLedger& ledger_;
  const Claim& claim_;
  const Clock& clock_;
  UploadProgress* progress_;
  VideoFile* video_ = nullptr;
  std::string handle_;
  std::optional<Error> lost_;
  bool maybe_published_ = false;
  std::optional<TimePoint> waits_since_;
  bool acknowledged_ = false;
  LedgerOwners owners_;
  TimePoint beat_at_;
  std::uint64_t sent_ = 0;  ///< of the video, as last heard while sending
  std::optional<TimePoint> measured_at_;
  std::uint64_t measured_sent_ = 0;
  double speed_ = 0;
  std::stop_source stop_source_;
  std::stop_callback<Forward> forward_;
};

}  // namespace asfs
