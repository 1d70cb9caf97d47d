// A child that tells how far it is.
#include "app/pipeline/media_child.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <csignal>
#include <utility>

#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr std::size_t kLongestLine = 4096;

/// Cuts a stream of bytes into lines.
class LineCutter {
 public:
  explicit LineCutter(std::function<void(std::string_view)> on_line) : on_line_(std::move(on_line)) {}

  void hear(std::string_view bytes) {
    for (std::size_t end; (end = bytes.find('\n')) != bytes.npos; bytes.remove_prefix(end + 1)) {
      add(bytes.substr(0, end));
      last();
    }
    add(bytes);
  }

  void last() {
    if (!line_.empty() && line_.size() < kLongestLine) on_line_(line_);
    line_.clear();
  }

 private:
  void add(std::string_view bytes) { line_.append(bytes.substr(0, kLongestLine - line_.size())); }

  std::function<void(std::string_view)> on_line_;
  std::string line_;
};

struct Trouble {
  std::string_view says, means;
};

constexpr std::array kTroubles{
    Trouble{"No space left on device", "the disk is full; free some space and try again"},
    Trouble{"Disk quota exceeded", "your share of the disk is used up; free some space and try again"},
    Trouble{"File too large", "a file would become larger than this disk allows"},
    Trouble{"Permission denied", "the file cannot be read: permission denied"},
    Trouble{"No such file or directory", "the file is not there any more"},
    Trouble{"Input/output error", "the disk reports an error; copy the file to another one"},
    Trouble{"Cannot allocate memory", "there is not enough memory; close other programs and try again"},
    Trouble{"No such filter", "this ffmpeg lacks a filter that is needed; install a complete ffmpeg"},
    Trouble{"Unknown encoder", "this ffmpeg lacks an encoder that is needed; install a complete ffmpeg"},
    Trouble{"Stream map", "the track that was asked for is not in the file"},
    Trouble{"moov atom not found", "the file is not whole; copy it again"},
    Trouble{"Invalid data found", "the file is damaged, or no video at all"},
};

/// ffmpeg's last words without the address of who says them. Some say nothing.
std::string last_words(std::string_view err) {
  while (!err.empty()) {
    const std::size_t begin = err.rfind('\n', err.size() - 1);
    std::string_view line = trimmed(begin == err.npos ? err : err.substr(begin + 1));
    err = begin == err.npos ? "" : err.substr(0, begin);
    if (line.starts_with('['))
      if (const auto end = line.find("] "); end != line.npos) line.remove_prefix(end + 2);
    if (line.empty() || line == "Conversion failed!" || line.contains("Last message repeated")) continue;
    return one_line(line, 200);
  }
  return {};
}

}  // namespace

Result<ProcessOutput> run_child(const ChildWork& work, std::stop_token stop) {
  LineCutter lines(work.on_line);
  LongProcess process{.argv = work.argv, .folder = work.folder, .silence = work.stands_still};
  if (work.on_bytes)
    process.on_out = work.on_bytes;
  else if (work.on_line)
    process.on_out = [&](std::string_view said) { lines.hear(said); };
  auto ended = run_process(process, std::move(stop));
  if (work.on_line) lines.last();
  if (!ended && ended.error().code == Code::not_found)
    return fail(Code::not_found, fmt::format("the program {} was not found; install ffmpeg", work.argv[0]));
  return ended;
}

Result<ProcessOutput> run_media(const ChildWork& work, std::string_view doing, std::stop_token stop) {
  auto ended = run_child(work, std::move(stop));
  if (!ended && ended.error().code == Code::failed)
    return fail(Code::failed, fmt::format("{}: {}", doing, ended.error().message));
  if (ended && ended->exit_code != 0)
    return fail(Code::failed, fmt::format("{}: {}", doing, ffmpeg_trouble(*ended)));
  return ended;
}

std::string ffmpeg_trouble(const ProcessOutput& ended) {
  for (const Trouble& trouble : kTroubles)
    if (ended.err.contains(trouble.says)) return std::string(trouble.means);
  if (ended.exit_code == 128 + SIGKILL)
    return "ffmpeg was killed, most likely because there was not enough memory; close other programs and try "
           "again";
  const std::string words = last_words(ended.err);
  return words.empty() ? fmt::format("ffmpeg ended with code {} and gave no reason", ended.exit_code) : words;
}

Words joined(std::initializer_list<Words> parts) {
  Words all;
  for (const Words& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Words ffmpeg() {
  return {"ffmpeg", "-nostdin", "-hide_banner", "-v", "error"};
}

Words media_input(const std::filesystem::path& file) {
  std::error_code ignored;
  const auto whole = std::filesystem::absolute(file, ignored);
  return {"-protocol_whitelist", "file", "-i", "file:" + (whole.empty() ? file : whole).native()};
}

std::optional<double> number_in(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == line.npos || at + key.size() >= line.size()) return {};
  if (at > 0 && line[at - 1] != ' ') return {};
  if (const char sign = line[at + key.size()]; sign != '=' && sign != ':') return {};
  const std::string_view text = line.substr(at + key.size() + 1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::function<void(std::string_view)> progress_to(std::function<void(double)> on_seconds) {
  return [hears = std::move(on_seconds)](std::string_view line) {
    const auto microseconds = number_in(line, "out_time_us");
    if (hears && microseconds) hears(std::max(0.0, *microseconds / 1e6));
  };
}

}  // namespace asfs::pipeline
