#include "app/cli/console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cwchar>
#include <iostream>

#include "registry/base/files.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

/// Decodes one code point of valid UTF-8 and moves `at` behind it.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t point = lead & (0x3F >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    point = point << 6 | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return point;
}

void pad(std::string& line, std::size_t columns) {
  line.append(columns, ' ');
}

/// The beginning of a line that fits.
std::string cut(std::string line, std::size_t columns) {
  while (display_width(line) > columns) {
    while ((static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
    line.pop_back();
  }
  return line;
}

/// Text of which no byte is a command to the terminal.
std::string harmless(std::string_view text) {
  const auto plain = [](unsigned char c) { return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t'; };
  if (std::ranges::all_of(text, plain)) return std::string(text);
  std::string safe = valid_utf8(text);
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const auto c = static_cast<unsigned char>(safe[i]);
    const bool high = c == 0xC2 && static_cast<unsigned char>(safe[i + 1]) < 0xA0;  // U+0080 to U+009F
    if (high) safe.replace(i, 2, " ");
    if (!high && c < 0x80 && !plain(c)) safe[i] = ' ';
  }
  return safe;
}

constexpr std::size_t kLongestMessage = 4000;

std::atomic<int> failed_output{0};  ///< errno of the first failure on stdout

void note_failed_output() {
  int none = 0;
  failed_output.compare_exchange_strong(none, errno == 0 ? EIO : errno);
}

sigset_t interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

void write_out(std::string_view text) {
  const std::string safe = harmless(text);
  if (std::fwrite(safe.data(), 1, safe.size(), stdout) != safe.size()) note_failed_output();
}

void write_err(std::string_view text) {
  const std::string safe = harmless(text);
  std::fwrite(safe.data(), 1, safe.size(), stderr);  // nobody is left to be told
}

void flush_out() {
  if (std::fflush(stdout) != 0) note_failed_output();
}

int code_after_output(int code) {
  std::cout.flush();  // CLI11's help
  if (!std::cout) note_failed_output();
  flush_out();
  const int error = failed_output;
  if (error == 0) return code;
  const int failed = report({Code::failed, "the output could not be written: " + errno_text(error)});
  return code == 0 ? failed : code;
}

int report(const Error& error) {
  print_err("asfs-videos: {}\n", one_line(valid_utf8(error.message), kLongestMessage));
  return exit_code(error.code);
}

std::size_t display_width(std::string_view text) {
  static const bool unicode = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const int width = unicode ? wcwidth(static_cast<wchar_t>(next_code_point(text, at))) : (++at, 1);
    columns += static_cast<std::size_t>(std::max(width, 0));
  }
  return columns;
}

void print_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> lines{header};
  for (const auto& row : rows) {
    auto& line = lines.emplace_back();
    for (const auto& cell : row) line.push_back(one_line(valid_utf8(cell)));
  }
  std::vector<std::size_t> widths(header.size());
  for (const auto& line : lines)
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], display_width(line[c]));
  for (const auto& line : lines) {
    std::string out;
    for (std::size_t c = 0; c < line.size(); ++c) {
      out += line[c];
      if (c + 1 < line.size()) pad(out, widths[c] - display_width(line[c]) + 2);
    }
    write_out(out + '\n');
  }
}

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::vector<std::string>& lines) {
  if (!terminal_ || lines.empty()) return;
  winsize size{};
  const std::size_t columns =
      ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79u;
  clear();
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i > 0 ? "\n" : "") + cut(lines[i], columns);
  write_err(out);
  shown_ = lines.size();
}

void ProgressLine::clear() {
  if (shown_ == 0) return;
  std::string out = "\r\033[K";
  while (--shown_ > 0) out += "\033[A\033[K";
  std::fputs(out.c_str(), stderr);
}

Interrupt::Interrupt() {
  const sigset_t signals = interrupts();
  pthread_sigmask(SIG_BLOCK, &signals, &old_mask_);
  listener_ = std::jthread([this](std::stop_token done) { listen(done); });
}

Interrupt::~Interrupt() {
  listener_.request_stop();
  pthread_kill(listener_.native_handle(), SIGTERM);  // wakes it
  listener_.join();
  pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
}

void Interrupt::listen(std::stop_token done) {
  const sigset_t signals = interrupts();
  for (int signal = 0; sigwait(&signals, &signal) == 0;) {
    if (done.stop_requested()) return;
    if (source_.stop_requested()) _exit(exit_code(Code::cancelled));
    source_.request_stop();
  }
}

}  // namespace asfs
