#include "uploaders/practice/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "registry/base/clock.h"
#include "registry/base/files.h"

namespace asfs::practice {
namespace {

constexpr int kLockTries = 50;
constexpr auto kLockPause = std::chrono::milliseconds(100);

std::unexpected<Error> file_error(const char* doing, const std::filesystem::path& path) {
  return fail(Code::failed, fmt::format("cannot {} {}: {}", doing, path_text(path),
                                        std::generic_category().message(errno)));
}

bool lock(int descriptor, std::stop_token stop) {
  for (int i = 0; i < kLockTries; ++i) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
    if (!system_clock().wait(kLockPause, stop)) return false;
  }
  return false;
}

}  // namespace

Result<PartFile> PartFile::open(const std::filesystem::path& path, std::stop_token stop) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return file_error("open", path);
  PartFile file(descriptor, 0);
  struct stat info {};
  if (!lock(descriptor, stop)) return fail(Code::failed, "another request writes to this upload session");
  if (::fstat(descriptor, &info) != 0) return file_error("read", path);
  file.size_ = static_cast<std::uint64_t>(info.st_size);
  return file;
}

PartFile::PartFile(PartFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

PartFile::~PartFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> PartFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(Code::failed, std::generic_category().message(errno));
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace asfs::practice
