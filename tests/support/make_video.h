// Small real videos for tests, made by ffmpeg once for each kind and test run, then copied.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "registry/base/process.h"
#include "tests/support/temp_folder.h"

namespace asfs::test {

/// Runs ffmpeg with these arguments; throws with its own words when it fails.
inline void run_ffmpeg(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ffmpeg", "-v", "error", "-y", "-nostdin"});
  const auto made = run_process(arguments, std::chrono::seconds(60));
  if (!made) throw std::runtime_error(made.error().message);
  if (made->exit_code != 0) throw std::runtime_error("ffmpeg: " + made->err);
}

/// The same with its arguments in parts, into `path`.
inline void run_ffmpeg(const std::vector<std::vector<std::string>>& parts,
                       const std::filesystem::path& path) {
  std::vector<std::string> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  all.push_back(path.native());
  run_ffmpeg(std::move(all));
}

/// An MP4 of a few kilobytes with `seconds` of moving picture at `path`; videos of another `seed` have other
/// bytes.
inline void make_video(const std::filesystem::path& path, int seconds = 1, int seed = 0) {
  static const TempFolder made;
  static std::map<std::pair<int, int>, std::filesystem::path> kinds;
  std::filesystem::path& kind = kinds[{seconds, seed}];
  if (kind.empty()) {
    const auto file = made / fmt::format("{}-{}.mp4", seconds, seed);
    run_ffmpeg({"-f", "lavfi", "-i", fmt::format("testsrc2=size=64x64:rate=5:duration={}", seconds), "-c:v",
                "mpeg4", "-fflags", "+bitexact", "-metadata", fmt::format("comment={}", seed),
                file.native()});
    kind = file;
  }
  std::filesystem::create_directories(path.parent_path());
  std::filesystem::copy_file(kind, path, std::filesystem::copy_options::overwrite_existing);
}

}  // namespace asfs::test
