#include "registry/base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "registry/base/text.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> file_error(Code code, std::string_view tried, const fs::path& path, int error) {
  return fail(code, fmt::format("cannot {} {}: {}", tried, path_text(path), errno_text(error)));
}

int open_file(const fs::path& path, int flags, mode_t mode = 0) {
  int fd = -1;
  do fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (fd < 0 && errno == EINTR);
  return fd;
}

/// 0, or the errno of the failure.
int write_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    data.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

/// Makes a rename in this folder durable. Some file systems cannot sync a folder; the rename itself has
/// succeeded.
void sync_folder(const fs::path& folder) {
  const FileDescriptor fd(open_file(folder, O_RDONLY | O_DIRECTORY));
  if (fd) ::fsync(fd.get());
}

Result<FileDescriptor> open_and_lock(const fs::path& path, int flags) {
  FileDescriptor fd(open_file(path, flags | O_CREAT | O_NOCTTY, 0600));
  if (!fd) return file_error(Code::library, "open", path, errno);
  while (::flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) return file_error(Code::library, "lock", path, errno);
  return fd;
}

/// Locked for us alone, and still the file at `path` (another process may have rotated it while we waited).
Result<FileDescriptor> open_locked(const fs::path& path) {
  while (true) {
    auto fd = open_and_lock(path, O_RDWR | O_APPEND);
    if (!fd) return fd;
    struct stat ours {};
    struct stat named {};
    if (::fstat(fd->get(), &ours) != 0) return file_error(Code::library, "read", path, errno);
    if (::stat(path.c_str(), &named) == 0 && ours.st_ino == named.st_ino && ours.st_dev == named.st_dev)
      return fd;
  }
}

/// A crash or a full disk may have left the last line without its end.
bool ends_torn(int fd, off_t size) {
  char last = '\n';
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

void FileDescriptor::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

std::string errno_text(int error) {
  switch (error) {
    case ENOENT:
      return "there is no such file or folder";
    case EACCES:
    case EPERM:
      return "permission denied; check who owns it and its mode";
    case ENOSPC:
    case EDQUOT:
      return "the disk is full; free some space and try again";
    case EROFS:
      return "the disk is read-only";
    case EISDIR:
      return "it is a folder";
    case ENOTDIR:
      return "a part of the path is not a folder";
    case EMFILE:
    case ENFILE:
      return "too many open files; close other programs and try again";
    case EIO:
      return "the disk reports an error; check it, or copy the file elsewhere";
    default:
      return std::generic_category().message(error);
  }
}

Result<void> make_private_folder(const fs::path& folder) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return {};
    return fail(Code::library, fmt::format("cannot create the folder {}: a file with this name is in the way",
                                           path_text(folder)));
  }
  const fs::path parent = folder.parent_path();
  if (!parent.empty() && parent != folder)
    if (auto made = make_private_folder(parent); !made) return made;
  // "a/b/" names the folder that its parent "a/b" has just become; another process may have been faster, too.
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return file_error(Code::library, "create the folder", folder, errno);
}

Result<std::string> read_file(const fs::path& path, std::uintmax_t max_bytes) {
  // Without O_NONBLOCK a named pipe would hold us here.
  const FileDescriptor fd(open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  if (!fd) return file_error(errno == ENOENT ? Code::not_found : Code::failed, "open", path, errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return file_error(Code::failed, "read", path, errno);
  if (S_ISDIR(info.st_mode)) return file_error(Code::failed, "read", path, EISDIR);
  if (!S_ISREG(info.st_mode))
    return fail(Code::failed, fmt::format("cannot read {}: it is not a regular file", path_text(path)));
  std::string content;
  char buffer[64 * 1024];
  while (true) {
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(Code::failed, "read", path, errno);
    if (n == 0) return content;
    content.append(buffer, static_cast<std::size_t>(n));
    if (content.size() > max_bytes)
      return fail(Code::failed,
                  fmt::format("{} is larger than {}: not read", path_text(path), bytes_text(max_bytes)));
  }
}

FileReplacement::FileReplacement(fs::path path, std::string temporary, FileDescriptor fd)
    : path_(std::move(path)), temporary_(std::move(temporary)), fd_(std::move(fd)) {}
FileReplacement::FileReplacement(FileReplacement&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::move(other.fd_)) {}
FileReplacement::~FileReplacement() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<FileReplacement> FileReplacement::reserve(fs::path path, std::size_t bytes) {
  std::string temporary = (path.parent_path() / ("." + path.filename().native() + ".XXXXXX")).native();
  FileDescriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
  if (!fd) return file_error(Code::library, "write", path, errno);
  FileReplacement made(std::move(path), std::move(temporary), std::move(fd));
  const int error = bytes == 0 ? 0 : ::posix_fallocate(made.fd_.get(), 0, static_cast<off_t>(bytes));
  if (error != 0) return file_error(Code::library, "write", made.path_, error);
  return made;
}

Result<void> FileReplacement::write(std::string_view content) {
  int error = write_all(fd_.get(), content);
  if (error == 0 && ::ftruncate(fd_.get(), static_cast<off_t>(content.size())) != 0) error = errno;
  if (error == 0 && ::fsync(fd_.get()) != 0) error = errno;
  if (error == 0 && ::rename(temporary_.c_str(), path_.c_str()) != 0) error = errno;
  if (error != 0) return file_error(Code::library, "write", path_, error);
  temporary_.clear();
  sync_folder(path_.has_parent_path() ? path_.parent_path() : fs::path("."));
  return {};
}

Result<void> write_file_atomically(const fs::path& path, std::string_view content) {
  auto file = FileReplacement::reserve(path, 0);
  return file ? file->write(content) : std::unexpected(file.error());
}

Result<FileDescriptor> lock_file(const fs::path& path) {
  return open_and_lock(path, O_RDWR);
}

Result<void> append_line(const fs::path& path, std::string_view line, std::uintmax_t rotate_at_bytes) {
  while (true) {
    auto fd = open_locked(path);
    if (!fd) return std::unexpected(fd.error());
    struct stat info {};
    if (::fstat(fd->get(), &info) != 0) return file_error(Code::library, "read", path, errno);
    if (static_cast<std::uintmax_t>(info.st_size) > rotate_at_bytes) {
      fs::path older = path;
      older += ".1";
      if (::rename(path.c_str(), older.c_str()) != 0) return file_error(Code::library, "rotate", path, errno);
      continue;
    }
    std::string text;
    text.reserve(line.size() + 2);
    if (ends_torn(fd->get(), info.st_size)) text += '\n';
    text.append(line) += '\n';
    if (const int error = write_all(fd->get(), text)) return file_error(Code::library, "write", path, error);
    return {};
  }
}

std::string path_text(const fs::path& path) {
  return valid_utf8(path.native());
}

}  // namespace asfs
