#include "registry/folder_watch.h"

#include <system_error>

#include "registry/registration.h"

namespace asfs {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> FolderWatch::look(TimePoint now) {
  const auto files = videos_in(folder_);
  if (!files) return files;
  std::map<fs::path, Seen> still_there;
  std::vector<fs::path> finished;
  for (const fs::path& file : *files) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    const auto time = error ? fs::file_time_type() : fs::last_write_time(file, error);
    if (error) continue;  // it goes just now
    const auto before = seen_.find(file);
    Seen seen{size, time, now, false};
    if (before != seen_.end() && before->second.size == size && before->second.time == time)
      seen = before->second;
    if (!seen.told && size > 0 && now - seen.since >= stable_) {
      seen.told = true;
      finished.push_back(file);
    }
    still_there.emplace(file, seen);
  }
  seen_ = std::move(still_there);
  return finished;
}

void FolderWatch::again(const fs::path& file, TimePoint now) {
  const auto found = seen_.find(file);
  if (found == seen_.end()) return;
  found->second.told = false;
  found->second.since = now;
}

}  // namespace asfs
