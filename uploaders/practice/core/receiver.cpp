#include "uploaders/practice/core/receiver.h"

#include <algorithm>

#include "registry/base/clock.h"

namespace asfs::practice {
namespace {

constexpr double kGlance = 0.05;    // seconds between looks whether a fault is taken back
constexpr double kSlowPiece = 0.1;  // seconds of bytes stored at once when slow

std::uint64_t strike_byte(const Fault& fault) {
  return static_cast<std::uint64_t>(fault.number("at_byte", 0));
}

}  // namespace

void Receiver::begin(Request& request, std::string_view platform, std::optional<std::uint64_t> most,
                     bool video_ends) {
  request_ = &request;
  room_ = most;
  begun_at_ = file_.size();
  // A byte on the border of two requests belongs to the second; the end of the video to its last request.
  fault_ = faults_.find(platform, Moment::body, Step::send, [&](const Fault& fault) {
    if (fault.kind == "slow") return true;
    const std::uint64_t at = strike_byte(fault);
    if (at < begun_at_ || !most) return at >= begun_at_;
    const std::uint64_t end = begun_at_ + *most;
    return video_ends ? at <= end : at < end;
  });
  if (fault_ && fault_->kind != "slow" && strike_byte(*fault_) == begun_at_) {
    std::string_view nothing;
    strike(nothing);
  }
}

bool Receiver::take(std::string_view block) {
  if (stop_.stop_requested()) outcome_ = Outcome::broken;
  if (outcome_ != Outcome::all) return false;
  if (room_ && block.size() > *room_) {
    outcome_ = Outcome::too_much;
    return false;
  }
  if (room_) *room_ -= block.size();
  if (fault_ && fault_->kind == "slow") return store_slowly(block);
  if (fault_ && !strike(block)) return false;
  return store(block);
}

bool Receiver::end(bool whole) {
  request_->note.bytes_stored = file_.size() - begun_at_;
  if (!whole && outcome_ == Outcome::all) outcome_ = Outcome::broken;
  return outcome_ == Outcome::all;
}

bool Receiver::receive(Request& request, std::string_view platform, std::optional<std::uint64_t> most,
                       bool video_ends) {
  begin(request, platform, most, video_ends);
  const std::stop_callback give_up(stop_, request.cut);
  const bool whole =
      outcome_ == Outcome::all && request.read_body([this](std::string_view block) { return take(block); });
  return end(whole);
}

bool Receiver::store(std::string_view block) {
  const auto stored = file_.append(block);
  if (stored) return true;
  error_ = stored.error().message;
  outcome_ = Outcome::disk_error;
  return false;
}

/// When the fault's byte is reached: stores up to it, takes that from `block`, and does what the fault does.
/// False ends the request.
bool Receiver::strike(std::string_view& block) {
  const std::uint64_t until = strike_byte(*fault_) - file_.size();
  if (until > block.size()) return true;
  if (!store(block.substr(0, until))) return false;
  block.remove_prefix(until);
  const Fault fault = *std::exchange(fault_, std::nullopt);
  if (!faults_.fire(fault)) return true;
  request_->note.fault = fault.kind;
  if (fault.kind == "stall") {
    if (stand_still(fault)) return true;
    outcome_ = Outcome::broken;
  } else {
    outcome_ = fault.kind == "partial" ? Outcome::some : Outcome::broken;
  }
  return false;
}

bool Receiver::store_slowly(std::string_view block) {
  if (request_->note.fault.empty()) {
    if (!faults_.fire(*fault_)) {
      fault_.reset();
      return store(block);
    }
    request_->note.fault = fault_->kind;
  }
  const auto rate = static_cast<double>(fault_->number("bytes_per_second", 1));
  const auto piece = std::max<std::size_t>(1, static_cast<std::size_t>(rate * kSlowPiece));
  while (!block.empty()) {
    const std::string_view now = block.substr(0, piece);
    if (!store(now)) return false;
    block.remove_prefix(now.size());
    if (pause(static_cast<double>(now.size()) / rate)) continue;
    outcome_ = Outcome::broken;
    return false;
  }
  return true;
}

/// As long as the fault says, or until it is taken back.
bool Receiver::stand_still(const Fault& fault) const {
  for (double left = fault.spec.value("seconds", 0.0); left > 0 && faults_.stands(fault); left -= kGlance)
    if (!pause(std::min(left, kGlance))) return false;
  return true;
}

bool Receiver::pause(double seconds) const {
  return system_clock().wait(Duration(static_cast<std::int64_t>(seconds * 1e6)), stop_);
}

}  // namespace asfs::practice
