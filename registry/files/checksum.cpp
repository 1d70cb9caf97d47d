#include "registry/files/checksum.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <cstdlib>

#include "registry/base/files.h"
#include "registry/base/text.h"

namespace asfs {

struct Sha256::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();
  Context() { start(); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(md); }
  void start() const { must(EVP_DigestInit_ex(md, EVP_sha256(), nullptr)); }
  /// SHA-256 fails only without memory; a wrong checksum would be worse than the end.
  static void must(int ok) {
    if (ok != 1) std::abort();
  }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> data) {
  Context::must(EVP_DigestUpdate(context_->md, data.data(), data.size()));
}

std::string Sha256::finish() {
  std::array<unsigned char, 32> digest;
  Context::must(EVP_DigestFinal_ex(context_->md, digest.data(), nullptr));
  context_->start();
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string sha256_of(std::string_view text) {
  Sha256 sum;
  sum.update(std::as_bytes(std::span(text)));
  return sum.finish();
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::array<unsigned char, 32> digest;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, message.size(), digest.data(),
           nullptr) == nullptr)
    std::abort();  // only without memory, like SHA-256 above
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

namespace {

namespace fs = std::filesystem;

// Small enough to stay in a core's own cache: the copy out of the page cache then costs next to nothing.
constexpr std::size_t kReadSize = 256 << 10;
constexpr std::uint64_t kTellEvery = 1 << 20;

struct Buffer {
  alignas(4096) std::array<std::byte, kReadSize> bytes;
};

std::unexpected<Error> read_error(const fs::path& path, int error) {
  return fail(error == ENOENT ? Code::not_found : Code::failed,
              fmt::format("cannot read {}: {}", path_text(path), errno_text(error)));
}

bool same_file_state(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

}  // namespace

Result<FileChecksum> checksum_file(const fs::path& path, const std::function<void(std::uint64_t)>& on_bytes,
                                   std::stop_token stop) {
  // Without O_NONBLOCK a named pipe would hold us here.
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return read_error(path, errno);
  struct stat before {};
  if (::fstat(fd.get(), &before) != 0) return read_error(path, errno);
  if (!S_ISREG(before.st_mode))
    return fail(Code::failed, fmt::format("{} is not a regular file", path_text(path)));
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);

  const auto buffer = std::make_unique<Buffer>();
  Sha256 sha;
  FileChecksum result;
  for (std::uint64_t tell_at = kTellEvery;;) {
    if (stop.stop_requested()) return fail(Code::cancelled, "stopped");
    const ssize_t n = ::read(fd.get(), buffer->bytes.data(), buffer->bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return read_error(path, errno);
    if (n == 0) break;
    sha.update({buffer->bytes.data(), static_cast<std::size_t>(n)});
    result.size += static_cast<std::uint64_t>(n);
    if (on_bytes && result.size >= tell_at) {
      on_bytes(result.size);
      tell_at = result.size + kTellEvery;
    }
  }
  struct stat after {};
  if (::fstat(fd.get(), &after) != 0) return read_error(path, errno);
  if (!same_file_state(before, after) || result.size != static_cast<std::uint64_t>(after.st_size))
    return fail(Code::failed,
                fmt::format("{} changed while it was read; try again when it is finished", path_text(path)));
  if (on_bytes) on_bytes(result.size);
  result.sha256 = sha.finish();
  return result;
}

}  // namespace asfs
