// A test that is another process for a while; the others have ended where `gone` says so.
#pragma once

#include <cstdint>

#include "registry/base/process_identity.h"

namespace asfs::test {

class PretendedProcess {
 public:
  /// `gone`: the pid that has ended; 0 for none.
  explicit PretendedProcess(std::int64_t pid, std::int64_t gone = 0) {
    pretend_process({"boot", pid, 7}, [gone](const ProcessIdentity& process) { return process.pid == gone; });
  }
  ~PretendedProcess() { pretend_process({}, {}); }
  PretendedProcess(const PretendedProcess&) = delete;
  PretendedProcess& operator=(const PretendedProcess&) = delete;
};

}  // namespace asfs::test
