#include "uploaders/queue/file_sizes.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace asfs {
namespace {

/// nullopt: there is no such file. A relative path starts in `home`; found from there it need not be walked
/// from the root a hundred thousand times.
std::optional<std::uint64_t> size_of(int home, const char* path) {
  struct stat file {};
  if (::fstatat(home, path, &file, 0) != 0 || !S_ISREG(file.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(file.st_size);
}

}  // namespace

FileSizes::FileSizes(const Library& library, std::function<bool(const Candidate&)> wanted,
                     std::stop_token stop)
    : home_(::open(library.files_home().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
      wanted_(std::move(wanted)),
      stop_(std::move(stop)) {}

FileSizes::~FileSizes() {
  const std::scoped_lock lock(mutex_);
  taken_ = videos_.size();
  all_ = true;
  more_.notify_all();
  // What other_ is waits for the thread.
}

void FileSizes::listed(std::span<const Candidate> videos, std::size_t at_most) {
  if (!other_.valid()) {
    sizes_.resize(at_most);
    other_ = std::async(std::launch::async, [this] { look(); });
  }
  const std::scoped_lock lock(mutex_);
  videos_ = videos;
  all_ = videos.size() == at_most;
  more_.notify_one();
}

std::vector<std::optional<std::uint64_t>> FileSizes::take() {
  look();
  if (other_.valid()) other_.get();  // and what it threw
  sizes_.resize(videos_.size());
  return std::move(sizes_);
}

void FileSizes::look() {
  for (Some some = next(); !some.videos.empty() && !stop_.stop_requested(); some = next())
    for (std::size_t i = 0; i < some.videos.size(); ++i)
      if (const Candidate& video = some.videos[i]; wanted_(video))
        sizes_[some.first + i] = size_of(home_.get(), video.file_path.data());
}

/// Some that nobody has looked at; none when there will be no more.
FileSizes::Some FileSizes::next() {
  constexpr std::size_t kAtOnce = 64;
  std::unique_lock lock(mutex_);
  more_.wait(lock, [this] { return all_ || taken_ < videos_.size(); });
  const Some some{taken_, videos_.subspan(taken_, std::min(kAtOnce, videos_.size() - taken_))};
  taken_ += some.videos.size();
  return some;
}

}  // namespace asfs
