// Runs ffmpeg and ffprobe: how far they are, what they say, and their end. Blocks; any thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/process.h"

namespace asfs::pipeline {

struct ChildWork {
  std::vector<std::string> argv;
  std::filesystem::path folder = {};  ///< its current folder; empty: ours
  /// Hears stdout line by line, without the line breaks; what is longer than 4096 bytes is no line and is
  /// let go. None: stdout is kept, up to 1 MiB.
  std::function<void(std::string_view)> on_line = {};
  std::function<void(std::string_view)> on_bytes = {};                ///< instead: stdout as it comes
  std::chrono::milliseconds stands_still = std::chrono::seconds(60);  ///< ended after so long without a word
};

/// Code::not_found without the program, Code::failed when it was ended, with all it started, for standing
/// still, Code::cancelled within 100 ms of a stop. Another exit code than 0 is the caller's to judge.
Result<ProcessOutput> run_child(const ChildWork& work, std::stop_token stop);

/// The same, and another exit code than 0 is Code::failed: `cannot read talk.mp4: the disk is full`. `doing`
/// is what comes before the colon.
Result<ProcessOutput> run_media(const ChildWork& work, std::string_view doing, std::stop_token stop);

/// What went wrong, from ffmpeg's stderr, in plain words: `the disk is full`, `the file cannot be read:
/// permission denied`, else its last line that says something.
std::string ffmpeg_trouble(const ProcessOutput& ended);

using Words = std::vector<std::string>;

/// A command line of several parts.
Words joined(std::initializer_list<Words> parts);

/// `ffmpeg`, silent but for errors, that never reads the terminal.
Words ffmpeg();

/// How ffmpeg and ffprobe open a file whatever its name is, from any current folder, and nothing else.
Words media_input(const std::filesystem::path& file);

/// The number behind `key=` in a line such as `lavfi.r128.M=-23.1`, or, with key `pts_time`, in
/// `frame:3 pts:12 pts_time:0.3`. None when the line says something else or no finite number.
std::optional<double> number_in(std::string_view line, std::string_view key);

/// An on_line that tells `on_seconds` what ffmpeg's `-progress pipe:1` says about its output.
std::function<void(std::string_view)> progress_to(std::function<void(double)> on_seconds);

}  // namespace asfs::pipeline
