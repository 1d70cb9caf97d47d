#include "uploaders/transfer/video_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

namespace asfs {
namespace {

// Small enough that a block is still in the core's own cache when it is hashed and sent.
constexpr std::size_t kPiece = 256 << 10;

std::int64_t modified_at(const struct stat& status) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

Error open_error(const std::filesystem::path& path, int error) {
  if (error == ENOENT || error == ENOTDIR)
    return {Code::not_found, "Video file not found: " + path_text(path)};
  return {Code::failed, fmt::format("cannot read {}: {}", path_text(path), errno_text(error))};
}

}  // namespace

Result<VideoFile> VideoFile::open(const std::filesystem::path& path,
                                  std::optional<std::string> expected_sha256) {
  VideoFile file;
  // O_NONBLOCK: a FIFO in place of the video must not hang us before it is seen to be none.
  file.fd_ = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.fd_) return std::unexpected(open_error(path, errno));
  struct stat status {};
  if (::fstat(file.fd_.get(), &status) != 0) return std::unexpected(open_error(path, errno));
  if (!S_ISREG(status.st_mode)) return fail(Code::failed, path_text(path) + " is not a regular file");
  if (status.st_size == 0) return fail(Code::failed, path_text(path) + " is empty");
  ::posix_fadvise(file.fd_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  file.path_ = path;
  file.expected_ = std::move(expected_sha256);
  if (file.expected_) file.hash_ = std::make_unique<BackgroundSha256>();
  file.size_ = static_cast<std::uint64_t>(status.st_size);
  file.written_at_ = modified_at(status);
  return file;
}

std::unexpected<Error> VideoFile::refuse(std::string_view how) {
  changed_ = true;
  verified_ = false;
  return fail(Code::failed,
              fmt::format("{} changed since it was registered ({}); register it again to upload it as it "
                          "is now",
                          path_text(path_), how));
}

Result<void> VideoFile::read_block(std::span<std::byte> block) {
  for (std::size_t got = 0; got < block.size();) {
    const auto rest = block.subspan(got);
    const ssize_t n = ::pread(fd_.get(), rest.data(), rest.size(), static_cast<off_t>(position_ + got));
    if (n == 0) return refuse("it is shorter");
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      return fail(Code::failed, fmt::format("cannot read {}: {}", path_text(path_), errno_text(errno)));
    got += static_cast<std::size_t>(n);
  }
  if (hash_) hash_->update(block);
  position_ += block.size();
  return {};
}

Result<void> VideoFile::check_end() {
  std::byte beyond;
  if (::pread(fd_.get(), &beyond, 1, static_cast<off_t>(size_)) > 0) return refuse("it is longer");
  if (hash_ && hash_->finish() != *expected_) return refuse("its content is another");
  verified_ = true;
  return {};
}

Result<std::size_t> VideoFile::read(std::span<std::byte> buffer) {
  if (changed_) return refuse("as seen before");
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_ - position_));
  for (std::size_t done = 0; done < length;) {
    const auto block = buffer.subspan(done, std::min(kPiece, length - done));
    if (auto read = read_block(block); !read) return std::unexpected(std::move(read.error()));
    done += block.size();
  }
  if (length > 0 && position_ == size_)
    if (auto checked = check_end(); !checked) return std::unexpected(std::move(checked.error()));
  return length;
}

Result<void> VideoFile::seek(std::uint64_t offset) {
  if (offset > size_) return fail(Code::usage, fmt::format("{} has no byte {}", path_text(path_), offset));
  if (offset < position_) {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0 || modified_at(status) != written_at_)
      return refuse("it was written to meanwhile");
    if (hash_) hash_ = std::make_unique<BackgroundSha256>();
    verified_ = false;
    position_ = 0;
  }
  if (!expected_ && offset < size_) {
    position_ = offset;
    return {};
  }
  std::vector<std::byte> block(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, offset - position_)));
  while (position_ < offset) {
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), offset - position_));
    if (auto got = read(std::span(block).first(room)); !got) return std::unexpected(std::move(got.error()));
  }
  return {};
}

}  // namespace asfs
