// The received bytes of one upload session: a file that grows, and is cut back only where the platform
// forgets a broken chunk. Its length is what the server answers for, so what is written here survives the
// server.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "registry/base/result.h"

namespace asfs::practice {

class PartFile {
 public:
  /// Creates the file when it is missing.
  static Result<PartFile> open(const std::filesystem::path& path);
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&&) = delete;
  ~PartFile();

  std::uint64_t size() const { return size_; }
  /// A part may have been written when it fails (a full disk); size() tells.
  Result<void> append(std::string_view bytes);
  /// Forgets what came after the first `size` bytes.
  Result<void> cut_to(std::uint64_t size);

 private:
  PartFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  int descriptor_;
  std::uint64_t size_;
};

}  // namespace asfs::practice
