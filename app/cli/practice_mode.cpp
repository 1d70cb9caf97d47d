#include "app/cli/practice_mode.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <charconv>
#include <utility>

#include "registry/base/files.h"
#include "uploaders/practice/practice_server.h"

namespace asfs {
namespace {

std::filesystem::path port_file(const std::filesystem::path& folder) {
  return folder / "port";
}

/// The port noted by the last server on this folder; 0 when there is none.
int noted_port(const std::filesystem::path& folder) {
  const auto text = read_file(port_file(folder), 16);
  int port = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), port);
  return port > 0 && port < 65536 ? port : 0;
}

}  // namespace

Result<PracticeMode> PracticeMode::start(const Library& library, const std::string& url) {
  if (url.empty()) {
    auto served = serve(library.practice_folder(), 0);
    if (served || served.error().code != Code::blocked) return served;
  }
  PracticeMode mode;
  mode.url_ = url.empty() ? fmt::format("http://127.0.0.1:{}", noted_port(library.practice_folder())) : url;
  while (mode.url_.ends_with('/')) mode.url_.pop_back();
  return mode;
}

Result<PracticeMode> PracticeMode::serve(const std::filesystem::path& folder, int port) {
  if (auto made = make_private_folder(folder); !made) return std::unexpected(made.error());
  PracticeMode mode;
  const auto lock = folder / "lock";
  mode.lock_fd_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (mode.lock_fd_ < 0)
    return fail(Code::library, fmt::format("the practice folder {} cannot be written", path_text(folder)));
  if (::flock(mode.lock_fd_, LOCK_EX | LOCK_NB) != 0)
    return fail(Code::blocked,
                fmt::format("another process serves the practice folder {} already (http://127.0.0.1:{})",
                            path_text(folder), noted_port(folder)));
  const int wanted = port != 0 ? port : noted_port(folder);
  auto server = PracticeServer::start(folder, wanted);
  if (!server && port == 0 && wanted != 0) server = PracticeServer::start(folder, 0);
  if (!server) return std::unexpected(server.error());
  mode.server_ = std::move(*server);
  mode.url_ = mode.server_->url();
  if (auto noted = write_file_atomically(port_file(folder), std::to_string(mode.server_->port())); !noted)
    return std::unexpected(noted.error());
  return mode;
}

PracticeMode::PracticeMode(PracticeMode&& other) noexcept
    : url_(std::move(other.url_)),
      server_(std::move(other.server_)),
      lock_fd_(std::exchange(other.lock_fd_, -1)) {}

PracticeMode& PracticeMode::operator=(PracticeMode&& other) noexcept {
  std::swap(url_, other.url_);
  std::swap(server_, other.server_);
  std::swap(lock_fd_, other.lock_fd_);
  return *this;
}

PracticeMode::~PracticeMode() {
  server_.reset();
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

}  // namespace asfs
