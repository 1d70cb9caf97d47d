// The sizes of many files, looked at on a thread of its own while the registry is still being read, and on
// the caller's when it has nothing else to do: the disk answers both.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "registry/base/files.h"
#include "registry/queue/candidates.h"

namespace asfs {

class FileSizes {
 public:
  /// Only of videos that are `wanted`, which is asked on both threads. Relative paths start in the library.
  FileSizes(const Library& library, std::function<bool(const Candidate&)> wanted, std::stop_token stop);
  FileSizes(const FileSizes&) = delete;
  FileSizes& operator=(const FileSizes&) = delete;
  ~FileSizes();  ///< waits for those that it is at

  /// As CandidatesListed: begins with those that it is told of. The videos stay where they are until the end.
  void listed(std::span<const Candidate> videos, std::size_t at_most);

  /// By videos, when all were listed; nullopt: there is no such file, it was not wanted, or a stop came.
  std::vector<std::optional<std::uint64_t>> take();

 private:
  void look();
  struct Some {
    std::size_t first;
    std::span<const Candidate> videos;
  };
  Some next();

  const FileDescriptor home_;
  const std::function<bool(const Candidate&)> wanted_;
  const std::stop_token stop_;
  std::vector<std::optional<std::uint64_t>> sizes_;
  std::mutex mutex_;  ///< of the next three
  std::condition_variable more_;
  std::span<const Candidate> videos_;  ///< listed so far
  std::size_t taken_ = 0;              ///< of them
  bool all_ = false;                   ///< no more will be listed
  std::future<void> other_;
};

}  // namespace asfs
