// SHA-256 through OpenSSL EVP, streaming. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "registry/base/result.h"

namespace asfs {

class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  void update(std::span<const std::byte> data);
  std::string finish();  ///< 64 lower-case hex digits; the object starts anew

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// Of a text, 64 lower-case hex digits.
std::string sha256_of(std::string_view text);

/// HMAC-SHA-256 of `message` under `key`, as 64 lower-case hex digits.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Checksum and size of a file's content in constant memory. `on_bytes` hears the bytes read so far, about
/// once per MiB. Code::not_found, Code::failed (unreadable, changed while reading), Code::cancelled.
struct FileChecksum {
  std::string sha256;
  std::uint64_t size = 0;
};
Result<FileChecksum> checksum_file(const std::filesystem::path& path,
                                   const std::function<void(std::uint64_t)>& on_bytes = {},
                                   std::stop_token stop = {});

}  // namespace asfs
