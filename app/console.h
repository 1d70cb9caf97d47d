// How the command line talks: exit codes, one-line errors, tables, a progress line, Ctrl-C.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "registry/base/result.h"

namespace asfs {

/// The exit code of each kind of failure: users' scripts rely on them.
constexpr int exit_code(Code code) {
  switch (code) {
    case Code::usage:
      return 2;
    case Code::failed:
    case Code::account:
    case Code::offline:
      return 1;
    case Code::blocked:
      return 3;
    case Code::rate_limited:
      return 4;
    case Code::not_found:
      return 5;
    case Code::needs_login:
      return 6;
    case Code::library:
      return 7;
    case Code::cancelled:
      return 130;
  }
  return 1;
}

/// `asfs-videos: MESSAGE` on stderr; returns the exit code.
int report(const Error& error);

/// Columns a terminal needs for the text (wide characters and emoji take two).
std::size_t display_width(std::string_view text);

/// Prints rows under a header, columns aligned, on stdout. The last column is not padded; text is made one
/// line.
void print_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

/// Lines on stderr that are overwritten; silent when stderr is no terminal. Lines are cut to its width.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine() { clear(); }
  void show(std::string_view text) { show(std::vector<std::string>{std::string(text)}); }
  void show(const std::vector<std::string>& lines);
  void clear();

 private:
  bool terminal_;
  std::size_t shown_ = 0;
};

/// While it lives, the first Ctrl-C (or SIGTERM) requests a stop and the second leaves at once with 130. Make
/// it before any other thread starts: the signals are blocked in threads made later and taken by one of its
/// own.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  std::stop_token token() const { return source_.get_token(); }

 private:
  void listen(std::stop_token done);

  sigset_t old_mask_{};
  std::stop_source source_;
  std::jthread listener_;
};

}  // namespace asfs
