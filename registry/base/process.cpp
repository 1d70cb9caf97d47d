#include "registry/base/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "registry/base/files.h"

extern char** environ;

namespace asfs {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kMaxOut = 1 << 20;
constexpr std::size_t kMaxErr = 64 << 10;

struct Pipe {
  FileDescriptor read_end, write_end;
};

/// Ends numbered from 3 on, so that the child's dup2 onto 1 and 2 never overwrites one of them.
std::optional<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const FileDescriptor low_read(ends[0]), low_write(ends[1]);
  Pipe pipe{FileDescriptor(::fcntl(ends[0], F_DUPFD_CLOEXEC, 3)),
            FileDescriptor(::fcntl(ends[1], F_DUPFD_CLOEXEC, 3))};
  if (!pipe.read_end || !pipe.write_end) return std::nullopt;
  ::fcntl(pipe.read_end.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

/// Gives away what is there without waiting. Closes the pipe at its end.
void drain(FileDescriptor& pipe, const std::function<void(std::string_view)>& hears) {
  char buffer[16 * 1024];
  for (int rounds = 0; pipe && rounds < 64;
       ++rounds) {  // bounded: a fast writer must not outrun the deadline
    const ssize_t n = ::read(pipe.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return pipe.close();
    hears({buffer, static_cast<std::size_t>(n)});
  }
}

/// What is beyond `max` is dropped, so that the child is not held up.
void keep(std::string& kept, std::string_view said, std::size_t max) {
  kept.append(said.substr(0, max - kept.size()));
}

void kill_and_reap(pid_t pid) {
  ::kill(-pid, SIGKILL);
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

thread_local std::function<void(const EndedChild&)> told;  ///< the watch of this thread

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

struct Child {
  pid_t pid = -1;
  FileDescriptor out, err;
};

/// A file without a name that holds the text; none for none.
FileDescriptor as_stdin(std::string_view text) {
  if (text.empty()) return FileDescriptor();
  FileDescriptor file(::memfd_create("stdin", MFD_CLOEXEC));
  for (std::string_view left = text; !left.empty();) {
    const ssize_t n = ::write(file.get(), left.data(), left.size());
    if (n <= 0) return FileDescriptor();
    left.remove_prefix(static_cast<std::size_t>(n));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

Result<Child> start(const LongProcess& process) {
  const auto& argv = process.argv;
  auto out = make_pipe();
  auto err = make_pipe();
  if (!out || !err) return fail(Code::failed, fmt::format("cannot start {}: {}", argv[0], errno_text(errno)));
  Child child{-1, std::move(out->read_end), std::move(err->read_end)};
  const FileDescriptor in = as_stdin(process.in);
  std::vector<ChildEnd> ends{{out->write_end.get(), 1}, {err->write_end.get(), 2}};
  if (in) ends.push_back({in.get(), 0});
  if (const int error = spawn_process(argv, ends, child.pid, process.folder))
    return fail(error == ENOENT ? Code::not_found : Code::failed,
                error == ENOENT
                    ? fmt::format("the program {} was not found; install it, or add it to PATH", argv[0])
                    : fmt::format("cannot start {}: {}", argv[0], errno_text(error)));
  return child;
}

/// Until its end. `a_word_counts`: the deadline moves on with each word on stdout.
Result<ProcessOutput> run(const LongProcess& process, bool a_word_counts, const std::stop_token& stop) {
  const std::string& name = process.argv[0];
  auto give_up_at = SteadyClock::now() + process.silence;
  auto child = start(process);
  if (!child) return std::unexpected(child.error());
  ProcessOutput output;
  const auto hear = [&](std::string_view said) {
    if (a_word_counts) give_up_at = SteadyClock::now() + process.silence;
    process.on_out ? process.on_out(said) : keep(output.out, said, kMaxOut);
  };
  while (true) {
    int status = 0;
    const pid_t ended = ::waitpid(child->pid, &status, WNOHANG);
    // After its end its last words are in the pipes; a grandchild may still hold them open, so no end is
    // awaited.
    drain(child->out, hear);
    drain(child->err, [&](std::string_view said) {
      keep(output.err, said, kMaxErr);
      if (process.on_err) process.on_err(said);
    });
    if (ended == child->pid) {
      output.exit_code = exit_code_of(status);
      return output;
    }
    if (ended < 0 && errno != EINTR) return fail(Code::failed, fmt::format("lost track of {}", name));
    if (stop.stop_requested()) {
      kill_and_reap(child->pid);
      return fail(Code::cancelled, "stopped");
    }
    const auto left = std::chrono::duration_cast<milliseconds>(give_up_at - SteadyClock::now());
    if (left.count() <= 0) {
      kill_and_reap(child->pid);
      return fail(Code::failed, fmt::format("{} gave no answer within {} s and was stopped", name,
                                            std::chrono::duration<double>(process.silence).count()));
    }
    // The end of a process wakes nobody here: the end of its pipes does, and after that it is gone within
    // moments.
    pollfd fds[] = {{child->out.get(), POLLIN, 0}, {child->err.get(), POLLIN, 0}};
    ::poll(fds, 2, static_cast<int>(std::min<std::int64_t>(left.count(), child->out || child->err ? 50 : 2)));
  }
}

Result<ProcessOutput> run_watched(const LongProcess& process, bool a_word_counts,
                                  const std::stop_token& stop) {
  const auto began = SteadyClock::now();
  auto end = run(process, a_word_counts, stop);
  if (told) told({process.argv, end, SteadyClock::now() - began});
  return end;
}

}  // namespace

ChildWatch::ChildWatch(std::function<void(const EndedChild&)> hears)
    : before_(std::exchange(told, std::move(hears))) {}

ChildWatch::~ChildWatch() {
  told = std::move(before_);
}

int spawn_process(const std::vector<std::string>& argv, std::span<const ChildEnd> ends, pid_t& pid,
                  const std::filesystem::path& folder) {
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  for (const ChildEnd& end : ends) posix_spawn_file_actions_adddup2(&actions, end.ours, end.theirs);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error = ::posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

Result<ProcessOutput> run_process(const std::vector<std::string>& argv, milliseconds deadline,
                                  std::stop_token stop) {
  return run_watched({.argv = argv, .silence = deadline}, false, stop);
}

Result<ProcessOutput> run_process(const LongProcess& process, std::stop_token stop) {
  return run_watched(process, true, stop);
}

}  // namespace asfs
