// The bytes of a video on their way out, checked as they go.
//
// The end of the file is only handed out when the whole content has the registered checksum, so a file that
// was changed after registration can never become a complete upload. One thread at a time; constant memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "registry/base/files.h"
#include "registry/base/result.h"
#include "uploaders/transfer/background_sha256.h"

namespace asfs {

class VideoFile {
 public:
  /// `expected_sha256`: the registered checksum; nullopt: not known, nothing is checked.
  /// Code::not_found when there is no such file, Code::failed when it is not a readable regular file or is
  /// empty.
  static Result<VideoFile> open(const std::filesystem::path& path,
                                std::optional<std::string> expected_sha256);

  /// What is there by its path now, against the same checksum: also when another file has taken its place.
  Result<VideoFile> again() const { return open(path_, expected_); }

  std::uint64_t size() const { return size_; }
  std::uint64_t position() const { return position_; }

  /// The next read starts at `offset`; what lies before is read and hashed again when needed, so a long way
  /// forward takes a while: go in steps to stay responsive. Going back in a file that was written to
  /// meanwhile is refused as changed, because what was read before may have been other content.
  Result<void> seek(std::uint64_t offset);

  /// Fills `buffer` with the next bytes, 0 at the end. Code::failed with "changed since it was registered"
  /// instead of the bytes that would reach the end of a changed, shortened or lengthened file.
  Result<std::size_t> read(std::span<std::byte> buffer);

  /// Content seen so far is the registered one up to its end (true after the last read() succeeded).
  bool verified() const { return verified_; }
  /// read() has refused the content.
  bool changed() const { return changed_; }

 private:
  VideoFile() = default;
  Result<void> read_block(std::span<std::byte> block);
  Result<void> check_end();
  std::unexpected<Error> refuse(std::string_view how);

  std::filesystem::path path_;
  std::optional<std::string> expected_;
  FileDescriptor fd_;
  std::uint64_t size_ = 0;
  std::int64_t written_at_ = 0;  ///< modification time when opened, nanoseconds
  std::uint64_t position_ = 0;
  std::unique_ptr<BackgroundSha256> hash_;  ///< nullptr: no checksum is known
  bool verified_ = false;
  bool changed_ = false;
};

}  // namespace asfs
