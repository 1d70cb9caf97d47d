#include "registry/videos/folder_watch.h"

#include <algorithm>
#include <system_error>

#include "registry/files/container.h"
#include "registry/videos/registration.h"

namespace asfs {

namespace fs = std::filesystem;

Result<FolderWatch::Look> FolderWatch::look(TimePoint now) {
  Look look;
  const auto files = videos_in(folder_, [&](const fs::path& folder, const Error& error) {
    if (unreadable_.insert(folder).second) look.waiting.push_back(error);
  });
  if (!files) return std::unexpected(files.error());
  std::map<fs::path, Seen> still_there;
  for (const fs::path& file : *files) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    const auto time = error ? fs::file_time_type() : fs::last_write_time(file, error);
    if (error) continue;  // it goes just now
    Seen seen{.size = size, .time = time, .since = now, .stable = stable_};
    if (const auto before = seen_.find(file); before != seen_.end()) {
      if (before->second.size == size && before->second.time == time)
        seen = before->second, seen.since = std::min(seen.since, now);  // a clock that was set back
      else
        seen.warned = before->second.warned;
    }
    const auto due = [&] { return !seen.told && size > 0 && now - seen.since >= seen.stable; };
    if (due() && !seen.looked_into) look_into(file, seen, look);
    if (due() && seen.whole) {
      seen.told = true;
      look.finished.push_back(file);
    }
    still_there.emplace(file, seen);
  }
  seen_ = std::move(still_there);
  return look;
}

void FolderWatch::look_into(const fs::path& file, Seen& seen, Look& look) const {
  using State = ContainerLook::State;
  seen.looked_into = true;
  const auto container = look_at_container(file);
  seen.whole = !container || container->state != State::cut;  // whoever takes it tells what is wrong with it
  if (container && container->state == State::open_ended) seen.stable = std::max(seen.stable, open_ended_);
  if (seen.whole || seen.warned) return;
  seen.warned = true;
  look.waiting.push_back(not_whole(file, container->detail));
}

void FolderWatch::again(const fs::path& file, TimePoint now) {
  const auto found = seen_.find(file);
  if (found == seen_.end()) return;
  Seen& seen = found->second;
  if (seen.told) seen.stable *= 2;
  seen.told = false;
  seen.since = now;
}

}  // namespace asfs
