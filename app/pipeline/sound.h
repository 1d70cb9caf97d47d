// Stage 1, audio_extraction: one pass over a source's sound: how loud it is over time, where it is silent;
// and, for a transcriber, the sound as 16 kHz mono WAV.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/base/json_fwd.h"
#include "registry/base/result.h"

namespace asfs::pipeline {

struct Span {
  double start = 0.0, end = 0.0;  ///< seconds of the source
  double length() const { return end - start; }
  bool operator==(const Span&) const = default;
};

struct Sound {
  bool there = false;            ///< false: the source has no sound, and the rest is empty
  double loudness = -70.0;       ///< LUFS, integrated over all of it (EBU R128)
  std::vector<float> momentary;  ///< LUFS (R128 M), one value each 0.1 s from 0 on
  std::vector<Span> silences;    ///< of 0.35 s and more, in order; quieter than max(-50 dB, loudness - 18)
  static constexpr double kStep = 0.1;
};

/// `track` is ffmpeg's `0:a:TRACK`; -1: there is no sound, nothing is run. `wav`, if not empty, is written as
/// well. `on_seconds` hears how far the pass is, in seconds of the source. Work files go to `folder`, which
/// exists; none stays. Code::failed with ffmpeg's last words, Code::not_found without ffmpeg,
/// Code::cancelled.
Result<Sound> hear_source(const std::filesystem::path& file, int track, const std::filesystem::path& folder,
                          const std::filesystem::path& wav, const std::function<void(double)>& on_seconds,
                          std::stop_token stop);

/// `momentary` as text: base64 of little-endian 16-bit hundredths of a LU.
Json to_json(const Sound& sound);
Sound sound_of(const Json& json);

}  // namespace asfs::pipeline
