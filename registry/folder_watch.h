// Tells which video files of a folder are finished: those that have not changed for a while. By looking again
// and again, which works on network folders too. One thread; keeps nothing on disk.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/result.h"

namespace asfs {

class FolderWatch {
 public:
  explicit FolderWatch(std::filesystem::path folder, std::chrono::seconds stable = std::chrono::seconds(3))
      : folder_(std::move(folder)), stable_(stable) {}

  /// The files that were first seen unchanged for long enough since the last look, sorted by name; each is
  /// told once, and again when it changes. Code::failed while the folder cannot be read: nothing is
  /// forgotten.
  Result<std::vector<std::filesystem::path>> look(TimePoint now);
  /// It was not finished after all: told again when it has been stable for as long once more.
  void again(const std::filesystem::path& file, TimePoint now);

 private:
  struct Seen {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type time;
    TimePoint since;
    bool told = false;
  };
  const std::filesystem::path folder_;
  const std::chrono::seconds stable_;
  std::map<std::filesystem::path, Seen> seen_;
};

}  // namespace asfs
