// Runs another program and collects what it says. No shell is involved: arguments arrive as given.
// May be called from any thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/base/result.h"

namespace asfs {

struct ProcessOutput {
  int exit_code = 0;  ///< 128 + signal when it was killed
  std::string out;    ///< stdout, at most 1 MiB
  std::string err;    ///< stderr, at most 64 KiB
};

/// Starts `argv[0]` (looked up in PATH), closes its stdin, waits at most `deadline`; after that it is killed
/// and the call fails. Fails with Code::not_found when there is no such program, with Code::cancelled within
/// 100 ms of a stop, which kills it as well.
Result<ProcessOutput> run_process(const std::vector<std::string>& argv, std::chrono::milliseconds deadline,
                                  std::stop_token stop = {});

/// An open descriptor of ours, and which one it becomes in a child. Ours must lie above all of theirs.
struct ChildEnd {
  int ours, theirs;
};

/// Starts `argv[0]` (looked up in PATH) with its stdin closed and just these ends, besides what is not closed
/// on exec; in a process group of its own, so that whatever it starts can be killed with it. 0, or errno.
int spawn_process(const std::vector<std::string>& argv, std::span<const ChildEnd> ends, pid_t& pid);

}  // namespace asfs
