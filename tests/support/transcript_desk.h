// Videos for which a transcript is looked for.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

#include "tests/support/make_video.h"
#include "tests/support/transcripts.h"

namespace asfs::test {

using namespace asfs::pipeline;

inline std::string one_line_srt(std::string_view text) {
  return fmt::format("1\n00:00:00,500 --> 00:00:01,500\n{}\n", text);
}

/// A video without content, a folder for work, and who is asked.
struct Desk {
  TempFolder temp;
  std::filesystem::path video = temp / "talk.mp4", wav = temp / "work/audio.wav";
  std::vector<int> tracks;
  TranscriberSettings settings;
  mutable std::vector<double> shares;  ///< what on_share heard

  Desk() {
    ::unsetenv("WHISPER_MODEL");
    write_file(video, "no video");
    write_file(wav, "RIFF");
  }
  void beside(std::string_view name, std::string_view content) const { write_file(temp / name, content); }

  /// A shell script that is called with its path.
  std::string script(const std::filesystem::path& name, std::string_view commands) const {
    write_file(temp / name, fmt::format("#!/bin/sh\n{}\n", commands));
    std::filesystem::permissions(temp / name, std::filesystem::perms::owner_all);
    return (temp / name).native();
  }
  Result<Transcript> ask(std::stop_token stop = {}) const {
    const auto hear = [this](double share) { shares.push_back(share); };
    return find_transcript(video, tracks, wav, temp / "work", settings, hear, std::move(stop));
  }
  Transcript found() const {
    auto talk = ask();
    REQUIRE(talk);
    return *std::move(talk);
  }
  bool needs() const { return needs_wav(video, tracks, settings); }
};

/// Two seconds of picture and tone, with a subtitle track.
inline void make_subtitled(const std::filesystem::path& video, const std::filesystem::path& srt) {
  run_ffmpeg({"-f",   "lavfi",      "-i",          "testsrc2=size=64x64:rate=5:duration=2",
              "-f",   "lavfi",      "-i",          "sine=duration=2",
              "-i",   srt.native(), "-map",        "0",
              "-map", "1",          "-map",        "2",
              "-c:v", "mpeg4",      "-c:a",        "aac",
              "-c:s", "mov_text",   video.native()});
}

}  // namespace asfs::test
