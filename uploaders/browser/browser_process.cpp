#include "uploaders/browser/browser_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "registry/base/process.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr int kReads = 3, kWrites = 4;  ///< where a browser expects its pipes
constexpr std::size_t kTail = 4 << 10;

struct PipeEnds {
  FileDescriptor read, write;
};

/// Ends above those that the browser's own will be copied to. Sockets, since writing to a pipe whose reader
/// has died would kill us.
std::optional<PipeEnds> high_pipe() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return std::nullopt;
  const FileDescriptor low_read(ends[0]), low_write(ends[1]);
  PipeEnds pipe{FileDescriptor(::fcntl(ends[0], F_DUPFD_CLOEXEC, kWrites + 1)),
                FileDescriptor(::fcntl(ends[1], F_DUPFD_CLOEXEC, kWrites + 1))};
  if (!pipe.read || !pipe.write) return std::nullopt;
  return pipe;
}

/// Containers have little of it, and a tab that finds none left crashes.
bool has_little_shared_memory() {
  constexpr unsigned long long kEnough = 512ull << 20;
  struct statvfs room {};
  return ::statvfs("/dev/shm", &room) != 0 || room.f_blocks * 1ull * room.f_frsize < kEnough;
}

void set_nonblocking(const FileDescriptor& end) {
  ::fcntl(end.get(), F_SETFL, ::fcntl(end.get(), F_GETFL) | O_NONBLOCK);
}

/// A browser falls back to the person's own profile, silently, where this one cannot be used.
Result<void> check_profile(const std::filesystem::path& profile) {
  if (!profile.is_absolute())
    return fail(Code::failed, fmt::format("the profile folder {} is no absolute path", path_text(profile)));
  if (auto made = make_private_folder(profile); !made) return made;
  if (::access(profile.c_str(), R_OK | W_OK | X_OK) != 0)
    return fail(Code::failed, fmt::format("the profile folder {} cannot be used: {}", path_text(profile),
                                          errno_text(errno)));
  return {};
}

}  // namespace

std::vector<std::string> browser_arguments(const BrowserCommand& command, bool piped) {
  std::vector<std::string> arguments = command.program;
  const auto add = [&](std::initializer_list<const char*> more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
  };
  arguments.push_back("--user-data-dir=" + command.profile.string());
  add({"--no-first-run", "--no-default-browser-check"});
  if (::geteuid() == 0) add({"--no-sandbox"});  // it refuses to start otherwise
  if (has_little_shared_memory()) add({"--disable-dev-shm-usage"});
  if (piped) {
    // A page that believes itself hidden does not upload.
    add({"--remote-debugging-pipe", "--disable-backgrounding-occluded-windows",
         "--disable-renderer-backgrounding", "--disable-background-timer-throttling",
         "--hide-crash-restore-bubble", "--window-size=1280,900", "--lang=en-US"});
    if (command.headless) add({"--headless=new"});
  }
  arguments.insert(arguments.end(), command.more.begin(), command.more.end());
  return arguments;
}

Result<std::unique_ptr<BrowserProcess>> BrowserProcess::start(const BrowserCommand& command) {
  if (auto fine = check_profile(command.profile); !fine) return std::unexpected(fine.error());
  auto commands = high_pipe(), answers = high_pipe(), errors = high_pipe();
  const std::string name = command.program.empty() ? "" : command.program.front();
  if (!commands || !answers || !errors)
    return fail(Code::failed, fmt::format("cannot start {}: {}", name, errno_text(errno)));
  std::unique_ptr<BrowserProcess> browser(new BrowserProcess);
  const auto arguments = browser_arguments(command, true);
  const std::array ends{ChildEnd{errors->write.get(), 1}, ChildEnd{errors->write.get(), 2},
                        ChildEnd{commands->read.get(), kReads}, ChildEnd{answers->write.get(), kWrites}};
  if (const int error = spawn_process(arguments, ends, browser->pid_)) {
    browser->pid_ = -1;
    return fail(error == ENOENT ? Code::not_found : Code::failed,
                error == ENOENT ? fmt::format("the browser {} was not found", name)
                                : fmt::format("cannot start {}: {}", name, errno_text(error)));
  }
  browser->to_ = std::move(commands->write);
  browser->from_ = std::move(answers->read);
  browser->complaints_ = std::move(errors->read);
  set_nonblocking(browser->to_);
  set_nonblocking(browser->from_);
  set_nonblocking(browser->complaints_);
  return browser;
}

BrowserProcess::~BrowserProcess() {
  end(std::chrono::seconds(5));
}

void BrowserProcess::hear() {
  char buffer[4096];
  for (int rounds = 0; complaints_ && rounds < 64; ++rounds) {
    const ssize_t n = ::read(complaints_.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return complaints_.close();
    tail_.append(buffer, static_cast<std::size_t>(n));
    if (tail_.size() > kTail) tail_.erase(0, tail_.size() - kTail);
  }
}

std::string BrowserProcess::last_words() {
  hear();
  std::string words = valid_utf8(tail_);
  std::ranges::replace(words, '\n', ' ');
  constexpr std::size_t kShown = 400;
  const auto end = words.find_last_not_of(' ');
  words.resize(end == std::string::npos ? 0 : end + 1);
  return words.size() > kShown ? "…" + valid_utf8(words.substr(words.size() - kShown)) : words;
}

std::optional<int> BrowserProcess::exit_code() {
  if (exit_code_ || pid_ < 0) return exit_code_;
  int status = 0;
  if (const pid_t ended = ::waitpid(pid_, &status, WNOHANG); ended == pid_)
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  else if (ended < 0 && errno == ECHILD)
    exit_code_ = 0;  // somebody else has reaped it
  return exit_code_;
}

void BrowserProcess::end(milliseconds patience) {
  if (pid_ < 0) return;
  to_.close();
  from_.close();
  const auto give_up_at = SteadyClock::now() + patience;
  while (!exit_code() && SteadyClock::now() < give_up_at) {
    hear();
    pollfd waits{complaints_.get(), POLLIN, 0};
    ::poll(&waits, 1, complaints_ ? 50 : 5);
  }
  ::kill(-pid_, SIGKILL);  // what it started may have outlived it
  while (!exit_code()) ::poll(nullptr, 0, 5);
  hear();
  pid_ = -1;
}

}  // namespace asfs
