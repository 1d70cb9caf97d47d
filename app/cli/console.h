// How the command line talks: exit codes, one-line errors, tables, a progress line, Ctrl-C.
//
// Everything it says goes through print_out() and print_err(): nothing in it drives the terminal (names of
// files and answers of platforms may hold escape sequences), and what cannot be written is never thrown,
// since an upload may be running. Any thread.
#pragma once

#include <fmt/format.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
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

void write_out(std::string_view text);
void write_err(std::string_view text);

template <class... Args>
void print_out(fmt::format_string<Args...> format, Args&&... args) {
  write_out(fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void print_err(fmt::format_string<Args...> format, Args&&... args) {
  write_err(fmt::format(format, std::forward<Args>(args)...));
}

/// For lines that somebody waits for.
void flush_out();

/// The exit code of a command that ended with `code`: not 0 when some of its output could not be written,
/// which is told.
int code_after_output(int code);

/// `asfs-videos: MESSAGE` on stderr, one line; returns the exit code.
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
