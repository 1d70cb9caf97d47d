// Takes the bytes of one upload request into the session's file, with the faults that strike on the way.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "uploaders/practice/core/exchange.h"
#include "uploaders/practice/core/faults.h"
#include "uploaders/practice/core/part_file.h"

namespace asfs::practice {

class Receiver {
 public:
  enum class Outcome : std::uint8_t {
    all,         ///< everything that came is stored
    some,        ///< a fault ended it early: answer with what is stored
    broken,      ///< no answer: the client went away, a fault cut the line, or the turn was taken
    disk_error,  ///< see error()
    too_much,    ///< more than `most` bytes came
  };

  Receiver(Faults& faults, PartFile& file, std::stop_token stop)
      : faults_(faults), file_(file), stop_(std::move(stop)) {}

  /// Stores what the request carries: at most `most` bytes, if it says how many. `video_ends`: its last byte
  /// is the video's last. True when all of it is stored.
  bool receive(Request& request, std::string_view platform, std::optional<std::uint64_t> most,
               bool video_ends);

  /// The same in steps, for bodies that hold more than the video: begin, take each block until it says false,
  /// end with whether the whole body came.
  void begin(Request& request, std::string_view platform, std::optional<std::uint64_t> most, bool video_ends);
  bool take(std::string_view block);
  bool end(bool whole);

  Outcome outcome() const { return outcome_; }
  const std::string& error() const { return error_; }

 private:
  bool store(std::string_view block);
  bool strike(std::string_view& block);
  bool store_slowly(std::string_view block);
  bool stand_still(const Fault& fault) const;
  bool pause(double seconds) const;

  Faults& faults_;
  PartFile& file_;
  const std::stop_token stop_;
  Request* request_ = nullptr;
  std::optional<std::uint64_t> room_;  ///< bytes that may still come
  std::optional<Fault> fault_;         ///< the one that will strike in this request
  Outcome outcome_ = Outcome::all;
  std::uint64_t begun_at_ = 0;
  std::string error_;
};

}  // namespace asfs::practice
