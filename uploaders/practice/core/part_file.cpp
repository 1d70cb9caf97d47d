#include "uploaders/practice/core/part_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "registry/base/files.h"

namespace asfs::practice {
namespace {

std::unexpected<Error> file_error(const char* doing, const std::filesystem::path& path) {
  return fail(Code::failed, fmt::format("cannot {} {}: {}", doing, path_text(path),
                                        std::generic_category().message(errno)));
}

}  // namespace

Result<PartFile> PartFile::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return file_error("open", path);
  PartFile file(descriptor, 0);
  struct stat info {};
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

Result<void> PartFile::cut_to(std::uint64_t size) {
  if (size >= size_) return {};
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
    return fail(Code::failed, std::generic_category().message(errno));
  size_ = size;
  return {};
}

}  // namespace asfs::practice
