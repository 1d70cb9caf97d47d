// Small file work done the same way everywhere: owner-only folders, atomic writes, appends of one write(2).
// Every function may be called from any thread. Errors name the path and what to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "registry/base/result.h"

namespace asfs {

/// An open file descriptor that closes itself.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor() { close(); }
  void close();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// What an errno means, in plain words with what to do: `the disk is full; free some space and try again`.
std::string errno_text(int error);

/// Creates the folder and its missing parents with mode 0700; an existing folder is left as it is.
Result<void> make_private_folder(const std::filesystem::path& folder);

/// The whole file, refused above `max_bytes`.
Result<std::string> read_file(const std::filesystem::path& path, std::uintmax_t max_bytes = 16 << 20);

/// What will replace a file, with its room on the disk taken before its content is known: for content that
/// cannot be had a second time. Unused, it goes without a trace.
class FileReplacement {
 public:
  /// Room for so many bytes, beside the file at `path`. Code::library: there is none.
  static Result<FileReplacement> reserve(std::filesystem::path path, std::size_t bytes);
  FileReplacement(FileReplacement&& other) noexcept;
  ~FileReplacement();
  /// In one rename, mode 0600, synced to disk; once. A failure leaves the old file. More than was reserved
  /// may find no room.
  Result<void> write(std::string_view content);

 private:
  FileReplacement(std::filesystem::path path, std::string temporary, FileDescriptor fd);
  std::filesystem::path path_;
  std::string temporary_;
  FileDescriptor fd_;
};

/// Both in one: replaces the file in one rename, mode 0600, synced to disk. A failure leaves the old file.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// Waits until the file is locked for us alone; it is made, mode 0600, when it is missing. Free again with
/// the descriptor. Code::library.
Result<FileDescriptor> lock_file(const std::filesystem::path& path);

/// Appends `line` and a newline by one write(2) with O_APPEND, so that lines of several processes never mix;
/// when the file is larger than `rotate_at_bytes` it first becomes `<path>.1` (an older one is replaced).
Result<void> append_line(const std::filesystem::path& path, std::string_view line,
                         std::uintmax_t rotate_at_bytes);

/// A path as UTF-8 text for people; odd bytes become U+FFFD.
std::string path_text(const std::filesystem::path& path);

}  // namespace asfs
