#include "uploaders/platform/video_sender.h"

#include <algorithm>

#include "uploaders/transfer/bandwidth.h"

namespace asfs {
namespace {

constexpr std::uint64_t kHashStep = 64 << 20;  // hashed between two signs of life

}  // namespace

Result<void> VideoSender::move_to(std::uint64_t offset) {
  if (offset < video_.position())
    if (auto moved = video_.seek(0); !moved) return moved;
  while (video_.position() < offset) {
    attempt_.progress(UploadStep::checking, video_.position(), video_.size());
    if (attempt_.stop().stop_requested()) return fail(Code::cancelled, "stopped");
    if (auto moved = video_.seek(std::min(offset, video_.position() + kHashStep)); !moved) return moved;
  }
  return {};
}

HttpBody VideoSender::body(std::uint64_t length) {
  sent_from_ = video_.position();
  send_to_ = sent_from_ + length;
  error_.reset();
  attempt_.progress(UploadStep::sending, sent_from_, video_.size());
  return {.size = length,
          .read = [this](std::span<std::byte> room) { return give(room); },
          .last_byte_waits = last_byte_ != LastByte::is_stored && send_to_ == video_.size()};
}

std::function<void(std::uint64_t)> VideoSender::progress() {
  return [this](std::uint64_t sent) {
    const std::uint64_t total = video_.size();
    const bool all = sent_from_ + sent == total;
    attempt_.progress(all ? UploadStep::waiting : UploadStep::sending, sent_from_ + sent, total);
  };
}

// Before the last byte that makes a post, the stage writes down that one may exist from now on. It goes out
// by itself, so that a connection that breaks before it leaves no doubt.
Result<std::size_t> VideoSender::give(std::span<std::byte> room) {
  if (last_byte_ == LastByte::publishes)
    if (auto free = attempt_.before_bytes(); !free) {
      error_ = free.error();
      return std::unexpected(*error_);
    }
  const bool makes_post = last_byte_ != LastByte::is_stored && send_to_ == video_.size();
  std::uint64_t left = send_to_ - video_.position();
  if (makes_post && left > 1) --left;
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), left));
  auto got = video_.read(room.first(bandwidth().take(wanted, attempt_.stop())));
  if (got && makes_post && video_.position() == video_.size())
    if (auto ours = attempt_.before_publish(); !ours) got = std::unexpected(std::move(ours.error()));
  if (got && *got > 0) began_ = true;
  if (!got) error_ = got.error();
  return got;
}

ErrorClass VideoSender::class_of(const Error& error) const {
  return video_.changed()                ? ErrorClass::changed_file
         : error.code == Code::cancelled ? ErrorClass::cancelled
                                         : ErrorClass::transient;
}

}  // namespace asfs
