#include "registry/base/process_identity.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "registry/base/text.h"

namespace asfs {
namespace {

struct ProcStat {
  char state = '?';
  std::int64_t started = 0;
};

/// Fields 3 and 22 of /proc/PID/stat. The second one, the program's name, may hold blanks and brackets.
std::optional<ProcStat> read_stat(std::int64_t pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  ProcStat stat;
  fields >> stat.state;
  std::string skipped;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  if (!(fields >> stat.started)) return std::nullopt;
  return stat;
}

/// Two containers may share a kernel and still count their processes apart.
std::string read_boot() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string boot;
  char pid_namespace[64];
  const ssize_t length = ::readlink("/proc/self/ns/pid", pid_namespace, sizeof pid_namespace);
  if (!std::getline(in, boot) || length <= 0) return {};
  return fmt::format("{} {}", boot, std::string_view(pid_namespace, static_cast<std::size_t>(length)));
}

const std::string& this_boot() {
  static const std::string boot = read_boot();
  return boot;
}

struct Pretended {
  ProcessIdentity me;
  std::function<bool(const ProcessIdentity&)> gone;
};

Pretended& pretended() {
  static Pretended identity;
  return identity;
}

}  // namespace

void pretend_process(const ProcessIdentity& me, std::function<bool(const ProcessIdentity&)> gone) {
  pretended() = {me, std::move(gone)};
}

ProcessIdentity this_process() {
  if (pretended().gone) return pretended().me;
  thread_local ProcessIdentity me;
  if (const std::int64_t pid = ::getpid(); me.pid != pid || me.started == 0) {
    const auto stat = read_stat(pid);
    me = {this_boot(), pid, stat ? stat->started : 0};
  }
  return me;
}

bool is_gone(const ProcessIdentity& process) {
  if (pretended().gone) return pretended().gone(process);
  if (process.boot.empty() || process.pid <= 0 || process.boot != this_boot()) return false;
  if (::kill(static_cast<pid_t>(process.pid), 0) != 0 && errno == ESRCH) return true;
  // Readable unless /proc hides other users' processes; then the lease has to run out.
  const auto stat = read_stat(process.pid);
  return stat && (stat->started != process.started || stat->state == 'Z' || stat->state == 'X');
}

std::string process_text(const ProcessIdentity& process) {
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  return fmt::format("pid {} on {}", process.pid, valid_utf8(host));
}

}  // namespace asfs
