// The video of an upload as the body of requests: moves to where the platform stands, hands out the
// bytes from there, and remembers what left our hands. One upload, its thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/transfer/http.h"

namespace asfs {

class VideoSender {
 public:
  /// What the last byte of the video means to the platform.
  enum class LastByte : std::uint8_t {
    publishes,  ///< a post may exist from then on: attempt.before_publish() is called before it goes out, and
                ///< nothing goes out afterwards
    completes_session,  ///< the same, but for what the platform's session says it lacks: it makes one post
    is_stored,          ///< nothing more; publishing is a step of its own
  };

  VideoSender(UploadAttempt& attempt, LastByte last_byte)
      : attempt_(attempt), video_(attempt.video()), last_byte_(last_byte) {}

  /// Makes ready to send from `offset`. Going back means hashing from the start again, which takes a while
  /// with a large file; the lease is kept meanwhile.
  Result<void> move_to(std::uint64_t offset);

  /// The next `length` bytes; more is not there. One body at a time; valid until the next call.
  HttpBody body(std::uint64_t length);

  /// Progress of a request with body(), for HttpRequest::on_progress.
  std::function<void(std::uint64_t)> progress();

  /// Why the body of the last request ended early, when that was on our side.
  const std::optional<Error>& error() const { return error_; }
  /// The kind of such a failure, or of one of move_to().
  ErrorClass class_of(const Error& error) const;

  /// A connection that broke once bytes were on their way is not the same as none at all.
  ErrorClass told_as(ErrorClass error_class) const {
    return error_class == ErrorClass::offline && began_ ? ErrorClass::transient : error_class;
  }

 private:
  Result<std::size_t> give(std::span<std::byte> room);

  UploadAttempt& attempt_;
  VideoFile& video_;
  const LastByte last_byte_;
  std::uint64_t sent_from_ = 0;
  std::uint64_t send_to_ = 0;
  bool began_ = false;  ///< a byte has left our hands
  std::optional<Error> error_;
};

}  // namespace asfs
