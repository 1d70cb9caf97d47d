// A finished clip, looked at as a stranger would: is it what platforms take, and what does it show and sound
// like.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/pipeline/shots.h"
#include "app/pipeline/sound.h"
#include "registry/base/result.h"

namespace asfs::pipeline {

struct ClipReport {
  double duration = 0.0, loudness = -70.0;
  std::vector<Span> black, silent;    ///< of 0.5 s, of 1.5 s and more, in the clip's own time
  std::vector<Shot> shots = {};       ///< where each was cropped by itself
  std::vector<std::string> warnings;  ///< whole sentences
};

/// What a clip is to be.
struct ClipPromise {
  double seconds = 0.0;
  std::optional<double> loudness = {};  ///< LUFS; none: as it came
  PictureSize size = {};
  bool whole = false;  ///< every picture is looked at; else the sound
};

/// Spans that ffmpeg's detectors tell by two lines, `KEY_start=` and `KEY_end=`; the last may have no end.
struct ToldSpans {
  std::string start_key, end_key;
  std::vector<Span> spans = {};
  std::optional<double> open = {};

  void hear(std::string_view line);
  std::vector<Span> all(double length);
};
/// Where kFindBlack, a part of a filter chain, says that the picture is black. Asked while a clip is encoded:
/// to decode it once more takes a sixth of the time that encoding it took.
ToldSpans black_spans();
inline constexpr const char* kFindBlack = "blackdetect=d=0.5,metadata=mode=print:file=-:direct=1";

/// Code::failed says what is wrong with it: not H.264 yuv420p of that size with sound, or not so long.
/// What only a person can judge (black, silent, too soft) is in the report; `black` is what was found while
/// it was encoded, and holds unless the `whole` clip is looked at.
Result<ClipReport> check_clip(const std::filesystem::path& clip, const ClipPromise& promise,
                              std::vector<Span> black, const std::function<void(double)>& on_seconds,
                              std::stop_token stop);

/// How loud a part of a sound track is.
struct Loudness {
  double integrated = -70.0;  ///< LUFS
  double true_peak = -70.0;   ///< dBTP
};
Result<Loudness> measure_loudness(const std::filesystem::path& file, int track, Span span,
                                  std::stop_token stop);

}  // namespace asfs::pipeline
