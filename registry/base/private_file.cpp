#include "registry/base/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "registry/base/files.h"

namespace asfs {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;

}  // namespace

Result<std::string> read_private_file(const std::filesystem::path& path, std::string_view what) {
  const std::string name = path_text(path);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 && (errno == ENOENT || errno == ENOTDIR))
    return fail(Code::not_found, "there is no " + name);
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file || ::fstat(file.get(), &status) != 0)
    return fail(Code::needs_login, fmt::format("cannot read {}: {}", name, errno_text(errno)));
  if (!S_ISREG(status.st_mode)) return fail(Code::needs_login, name + " is not a regular file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(Code::needs_login,
                fmt::format("others can read {1} in {0}; run: chmod 600 '{0}'", name, what));
  std::string text(kMostBytes + 1, '\0');
  const ssize_t got = ::read(file.get(), text.data(), text.size());
  if (got < 0) return fail(Code::needs_login, fmt::format("cannot read {}: {}", name, errno_text(errno)));
  if (static_cast<std::size_t>(got) > kMostBytes)
    return fail(Code::needs_login, fmt::format("{} is too large to hold {}", name, what));
  text.resize(static_cast<std::size_t>(got));
  return text;
}

}  // namespace asfs
