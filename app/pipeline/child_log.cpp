#include "app/pipeline/child_log.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "registry/base/clock.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr std::uintmax_t kLargestLog = 4 << 20;
constexpr std::size_t kSaidLines = 40, kSaidBytes = 4096;
constexpr std::array<std::string_view, 3> kOurChildren{"ffmpeg", "ffprobe", "whisper-cli"};

std::string last_lines(std::string_view text) {
  text = trimmed(text);
  text.remove_prefix(text.size() - std::min(text.size(), kSaidBytes));
  std::size_t from = text.size();
  for (std::size_t lines = 0; lines < kSaidLines && from != text.npos; ++lines)
    from = from == 0 ? text.npos : text.rfind('\n', from - 1);
  return std::string(text.substr(from + 1));  // npos + 1 is 0
}

Json entry_of(const EndedChild& child) {
  using std::chrono::duration_cast;
  const bool ours = std::ranges::find(kOurChildren, child.argv[0]) != kOurChildren.end();
  Json entry{{"at", utc_timestamp(system_clock().now() - duration_cast<Duration>(child.took))},
             {"argv", ours ? child.argv : std::vector{child.argv[0]}},
             {"ms", duration_cast<std::chrono::milliseconds>(child.took).count()}};
  if (!child.end)
    entry["error"] = child.end.error().message;
  else
    entry["exit"] = child.end->exit_code;
  if (ours && child.end && !child.end->err.empty()) entry["said"] = last_lines(child.end->err);
  return entry;
}

}  // namespace

void ChildLog::write_to(const std::filesystem::path& folder) {
  file_ = folder / "log.jsonl";
  for (const std::string& line : before_) write(line);
  before_.clear();
}

void ChildLog::note(const EndedChild& child) {
  std::string line = dumped(entry_of(child));
  if (file_.empty())
    before_.push_back(std::move(line));
  else
    write(line);
}

void ChildLog::write(const std::string& line) const {
  (void)append_line(file_, line, kLargestLog);
}

}  // namespace asfs::pipeline
