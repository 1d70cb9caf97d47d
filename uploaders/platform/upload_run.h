// One upload from start to end, as far as it is the same on every platform: a loop over begin, send, look and
// publish, in which the last answer decides what comes next. A platform adds its requests and what their
// answers mean.
//
// Whether anything may be begun or sent is asked of the attempt alone (platform_uploader.h). Nothing is done
// twice without a pause in between, and every pause comes out of a budget that only headway fills again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "uploaders/platform/platform_api.h"
#include "uploaders/platform/video_sender.h"

namespace asfs {

class UploadRun {
 public:
  virtual ~UploadRun() = default;
  /// Blocks, on the upload's thread.
  UploadResult result();

 protected:
  using Kind = Trouble::Kind;
  using Ended = std::optional<UploadResult>;  ///< nothing: go on with `next_`
  enum class Next : std::uint8_t { begin, send, look, publish };

  UploadRun(std::string_view platform, PlatformApi& api, UploadAttempt& attempt,
            VideoSender::LastByte last_byte, const Polling& polling);

  // ---- what a platform adds

  /// Reads the attempt's handle, which is not empty.
  virtual Ended take_up(const std::string& handle) = 0;
  virtual bool has_handle() const = 0;
  virtual void drop_handle() = 0;
  virtual Ended begin() = 0;
  virtual Ended send() = 0;
  virtual Ended look() = 0;
  virtual Ended publish() { return look(); }

  // ---- what it may use

  /// What was begun comes to nothing: something new, unless a post may exist. `no_post`: the platform itself
  /// says that what was begun makes none and never will. Three times the same reason is the video's fault.
  Ended begin_anew(const Trouble& why, bool no_post);
  /// Writes the handle down; bytes are sent from the start next.
  Ended begun(std::string_view handle);

  /// Waits and goes on with `next_`, gets a fresh token, or ends.
  Ended on_trouble(const Trouble& trouble);
  Ended wait(const Trouble& why);
  /// The platform is at work, or does not tell: asks again later. `has_all`: it says that it has every byte.
  Ended processing(bool has_all = true);
  Ended pause(Duration left);

  /// The platform has everything up to here.
  void headway(std::uint64_t bytes);
  /// Progress of a request without bytes, which keeps the lease.
  PlatformApi::Progress showing(UploadStep step);

  Ended done(const std::string& post_id, std::string link = {}, std::string warning = {});
  Ended ended(ErrorClass error_class, const std::string& message,
              std::optional<TimePoint> retry_at = {}) const;
  Ended ended(const Trouble& trouble) const;
  /// A person must look.
  Ended in_doubt(const std::string& why) const;
  /// A failure on our side while bytes were sent.
  Ended local(const Error& error) const;
  static Trouble passing(std::string message);

  const Clock& clock() const { return api_.context().clock; }
  std::int64_t unix_seconds() const { return unix_millis(clock().now()) / 1000; }

  const std::string_view platform_;
  UploadAttempt& attempt_;
  VideoFile& video_;
  VideoSender sender_;
  Backoff backoff_;
  Next next_ = Next::begin;
  bool resumed_ = false;      ///< begun by an earlier process, and nothing was sent to it since
  std::uint64_t offset_ = 0;  ///< where the platform stands
  std::uint64_t best_ = 0;    ///< the furthest it ever stood

 private:
  Ended step();

  PlatformApi& api_;
  const Polling polling_;
  bool refreshed_ = false;  ///< the token, since the last headway
  int restarts_ = 0;
  std::string restart_reason_;
  int same_reason_ = 0;
  int polls_ = 0;
  std::optional<TimePoint> processing_since_;
};

}  // namespace asfs
