// Tells which video files of a folder are finished: those that are whole, as far as their container tells
// (container.h), and have not changed for a while. By looking again and again, which works on network folders
// too. One thread; keeps nothing on disk.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/result.h"

namespace asfs {

class FolderWatch {
 public:
  struct Look {
    std::vector<std::filesystem::path> finished;  ///< sorted by name; each is told once, and when it changes
    /// What has stopped growing but is not whole, and folders that may not be read; each told once.
    std::vector<Error> waiting;
  };

  /// `stable`: how long a file has to stay unchanged; `open_ended`: one of which nobody can tell whether more
  /// is to come.
  explicit FolderWatch(std::filesystem::path folder, std::chrono::seconds stable = std::chrono::seconds(3),
                       std::chrono::seconds open_ended = std::chrono::seconds(20))
      : folder_(std::move(folder)), stable_(stable), open_ended_(open_ended) {}

  /// What is new since the last look. Code::failed while the folder cannot be read: nothing is forgotten.
  Result<Look> look(TimePoint now);
  /// It was not finished after all: told again when it changes, or as it is after a while, twice as long each
  /// time.
  void again(const std::filesystem::path& file, TimePoint now);

 private:
  struct Seen {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type time;
    TimePoint since;
    std::chrono::seconds stable{0};
    bool looked_into = false, whole = false, told = false;
    bool warned = false;  ///< also before it changed
  };
  void look_into(const std::filesystem::path& file, Seen& seen, Look& look) const;

  const std::filesystem::path folder_;
  const std::chrono::seconds stable_, open_ended_;
  std::map<std::filesystem::path, Seen> seen_;
  std::set<std::filesystem::path> unreadable_;  ///< folders that were told
};

}  // namespace asfs
