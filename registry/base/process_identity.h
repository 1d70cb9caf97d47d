// Tells this process from every other one, so that a lease can name its owner and a later process can see
// whether the owner still lives. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace asfs {

struct ProcessIdentity {
  std::string boot;  ///< this start of this machine, and the pid namespace; empty when the system cannot tell
  std::int64_t pid = 0;
  std::int64_t started = 0;  ///< clock ticks since boot: a pid is used again, this pair is not

  bool operator==(const ProcessIdentity&) const = default;
};

ProcessIdentity this_process();

/// True only when the process provably ended: it ran where we run, and is not there any more.
bool is_gone(const ProcessIdentity& process);

/// For tests, while nothing else runs: who this process is and which ones are gone, in place of what the
/// system says. An empty `gone` gives both back to the system.
void pretend_process(const ProcessIdentity& me, std::function<bool(const ProcessIdentity&)> gone);

/// `pid 123 on host`, for people; the process runs on this machine.
std::string process_text(const ProcessIdentity& process);

}  // namespace asfs
