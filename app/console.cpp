#include "app/console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cwchar>

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

sigset_t interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

int report(const Error& error) {
  fmt::print(stderr, "asfs-videos: {}\n", error.message);
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
    fmt::print("{}\n", out);
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
  fmt::print(stderr, "{}", out);
  std::fflush(stderr);
  shown_ = lines.size();
}

void ProgressLine::clear() {
  if (shown_ == 0) return;
  std::string out = "\r\033[K";
  while (--shown_ > 0) out += "\033[A\033[K";
  fmt::print(stderr, "{}", out);
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
