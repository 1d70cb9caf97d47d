// SHA-256 computed in a thread of its own while its caller reads and sends the next bytes: hashing takes as
// long as sending to a near server. A megabyte of memory, whatever the amount of data.
//
// The thread starts with the first full block (256 KiB) and ends with the object; less is hashed where it is
// called. Calls come from one thread at a time.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "registry/files/checksum.h"

namespace asfs {

class BackgroundSha256 {
 public:
  BackgroundSha256() = default;
  BackgroundSha256(const BackgroundSha256&) = delete;
  BackgroundSha256& operator=(const BackgroundSha256&) = delete;
  ~BackgroundSha256();

  /// Copies the data; waits only when the thread is some blocks behind.
  void update(std::span<const std::byte> data);
  /// Waits for the rest; 64 lower-case hex digits. Then everything starts anew.
  std::string finish();

 private:
  using Block = std::vector<std::byte>;

  bool start();
  void work();
  Block& current() { return blocks_[filled_ % blocks_.size()]; }
  void hand_over();

  Sha256 hash_;  ///< the thread's while filled_ != emptied_
  std::array<Block, 4> blocks_;
  std::size_t filled_ = 0;  ///< blocks ever handed over; changed by the caller alone
  std::mutex mutex_;        ///< for what follows, and for writing filled_
  std::condition_variable changed_;
  std::size_t emptied_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace asfs
