// A browser of the user's, started to be driven: over two pipes that only it and we hold, never over a port
// that any program on the machine could use.
//
// Its life is tied to ours. When the pipes close, also because we were killed, it ends by itself with all its
// children; they are closed on exec, so that no other child of ours keeps it alive. end() lets it write down
// its session first: a browser that is killed may lose a cookie that it was given a second ago.
//
// One thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "registry/base/files.h"
#include "registry/base/result.h"

namespace asfs {

struct BrowserCommand {
  std::vector<std::string> program;  ///< an absolute path, or a launcher with its arguments
  std::filesystem::path profile;     ///< absolute; made, for nobody else to read, when it is not there
  bool headless = true;
  std::vector<std::string> more = {};  ///< further switches
};

/// What a browser is started with; `piped`: to be driven, not for a person's own use.
std::vector<std::string> browser_arguments(const BrowserCommand& command, bool piped);

class BrowserProcess {
 public:
  /// Code::not_found: no such program; Code::failed: it, or its profile folder, cannot be used.
  static Result<std::unique_ptr<BrowserProcess>> start(const BrowserCommand& command);
  /// As end(), with five seconds of patience.
  ~BrowserProcess();
  BrowserProcess(const BrowserProcess&) = delete;
  BrowserProcess& operator=(const BrowserProcess&) = delete;

  int to() const { return to_.get(); }                  ///< a non-blocking socket; what is sent here it reads
  int from() const { return from_.get(); }              ///< non-blocking
  int complaints() const { return complaints_.get(); }  ///< what it prints; -1 once it has closed that
  /// Takes what it complains of, so that it is not held up.
  void hear();
  /// Why it ended, or does not work, in its own last words: the tail of what it printed, on one line.
  std::string last_words();
  /// As a shell tells it; nullopt while it runs.
  std::optional<int> exit_code();
  /// Closes the pipes and waits for its end; after `patience` it is killed, with what it started.
  void end(std::chrono::milliseconds patience);

 private:
  BrowserProcess() = default;

  pid_t pid_ = -1;
  std::optional<int> exit_code_;
  FileDescriptor to_, from_, complaints_;
  std::string tail_;
};

}  // namespace asfs
