// Runs another program and collects what it says. No shell is involved: arguments arrive as given.
// May be called from any thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/result.h"

namespace asfs {

struct ProcessOutput {
  int exit_code = 0;  ///< 128 + signal when it was killed
  std::string out;    ///< stdout, at most 1 MiB; "" when somebody hears it
  std::string err;    ///< stderr, at most 64 KiB
};

/// Starts `argv[0]` (looked up in PATH), closes its stdin, waits at most `deadline`; after that it is killed
/// and the call fails. Fails with Code::not_found when there is no such program, with Code::cancelled within
/// 100 ms of a stop, which kills it as well.
Result<ProcessOutput> run_process(const std::vector<std::string>& argv, std::chrono::milliseconds deadline,
                                  std::stop_token stop = {});

/// A program that works for long: nobody knows how long, but it has to say something now and then.
struct LongProcess {
  std::vector<std::string> argv;
  std::filesystem::path folder = {};                  ///< its current folder; empty: ours
  std::string in = {};                                ///< what it reads on stdin
  std::function<void(std::string_view)> on_out = {};  ///< hears stdout as it comes; none: it is kept
  std::function<void(std::string_view)> on_err = {};  ///< hears stderr as it comes; it is kept, too
  std::chrono::milliseconds silence;                  ///< killed after so long without a word on stdout
};
Result<ProcessOutput> run_process(const LongProcess& process, std::stop_token stop = {});

/// What run_process() was asked for, and what came of it.
struct EndedChild {
  const std::vector<std::string>& argv;
  const Result<ProcessOutput>& end;
  std::chrono::steady_clock::duration took;
};

/// While it lives, each run_process() of its thread is told to it; of several the one made last hears.
class ChildWatch {
 public:
  explicit ChildWatch(std::function<void(const EndedChild&)> hears);
  ~ChildWatch();
  ChildWatch(const ChildWatch&) = delete;
  ChildWatch& operator=(const ChildWatch&) = delete;

 private:
  std::function<void(const EndedChild&)> before_;
};

/// An open descriptor of ours, and which one it becomes in a child. Ours must lie above all of theirs.
struct ChildEnd {
  int ours, theirs;
};

/// Starts `argv[0]` (looked up in PATH) with its stdin closed and just these ends, besides what is not closed
/// on exec; in a process group of its own, so that whatever it starts can be killed with it; in `folder`, if
/// there is one. 0, or errno.
int spawn_process(const std::vector<std::string>& argv, std::span<const ChildEnd> ends, pid_t& pid,
                  const std::filesystem::path& folder = {});

}  // namespace asfs
