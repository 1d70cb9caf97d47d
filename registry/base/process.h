// Runs another program and collects what it says. No shell is involved: arguments arrive as given.
// May be called from any thread.
#pragma once

#include <chrono>
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

}  // namespace asfs
