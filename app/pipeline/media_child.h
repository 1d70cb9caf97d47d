// Runs ffmpeg and ffprobe: how far they are, what they say, and their end. Blocks; any thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/base/process.h"

namespace asfs::pipeline {

struct ChildWork {
  std::vector<std::string> argv;
  std::filesystem::path folder = {};            ///< its current folder; empty: ours
  std::function<void(double)> on_seconds = {};  ///< hears `out_time` of ffmpeg's `-progress pipe:1`
  std::chrono::seconds stands_still{
      60};                         ///< ended, with all it started, after so long without a word on stdout
  std::size_t most_out = 1 << 20;  ///< bytes of stdout that are kept; what is over is let go
};

/// Code::not_found without the program, Code::failed when it was ended for standing still, Code::cancelled
/// within 100 ms of a stop. Another exit code than 0 is the caller's to judge.
Result<ProcessOutput> run_child(const ChildWork& work, std::stop_token stop);

/// What went wrong, from ffmpeg's stderr, in plain words: `the disk is full`, `the file cannot be read:
/// permission denied`, else its last line that says something.
std::string ffmpeg_trouble(const ProcessOutput& ended);

}  // namespace asfs::pipeline
