// Reads and hashes a video in a thread of its own while what came before is being sent: hashing takes longer
// than sending to a near server. A few blocks of memory, whatever the size of the file.
//
// The thread lives as long as the object. Until then nobody else may touch the file; read() is for one
// thread.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "uploaders/video_file.h"

namespace asfs {

class ReadAhead {
 public:
  /// The next `length` bytes of `file`.
  ReadAhead(VideoFile& file, std::uint64_t length);
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  ~ReadAhead();

  /// As VideoFile::read(), up to `length`.
  Result<std::size_t> read(std::span<std::byte> buffer);

 private:
  struct Block {
    std::vector<std::byte> bytes;
    std::size_t size = 0;
    std::size_t used = 0;
  };

  void fill(std::uint64_t length);
  Block* free_block();

  VideoFile& file_;
  std::array<Block, 3> blocks_;
  std::mutex mutex_;  ///< for what follows; a block belongs to one side at a time
  std::condition_variable changed_;
  std::size_t filled_ = 0;  ///< blocks ever filled
  std::size_t emptied_ = 0;
  bool ended_ = false;  ///< the thread will fill no more
  bool abandoned_ = false;
  std::optional<Error> error_;
  std::thread thread_;
};

}  // namespace asfs
