// Stage 7, extraction: one clip out of a source, in one encode: 1080x1920, H.264 High 4:2:0, AAC 48 kHz
// stereo, constant rate, and nothing of the source's metadata. It is checked before it gets its name.
//
// Runs ffmpeg, one child at a time; blocks until done. Any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/pipeline/captions.h"
#include "app/pipeline/clip_check.h"
#include "app/pipeline/sound.h"
#include "app/pipeline/source.h"

namespace asfs::pipeline {

enum class Framing { crop, blurred, black_bars };

struct CutSettings {
  Framing framing = Framing::blurred;  ///< of a source that is wider than 9:16
  double crop_x = 0.5;                 ///< with crop: 0 the left edge, 1 the right one
  double loudness = -14.0;             ///< LUFS; reached by plain gain, at most 12 dB of it
  double true_peak = -2.0;             ///< dBTP that the gain does not go over
  int crf = 20;
  std::string preset = "veryfast";
  int audio_track = 0;  ///< ffmpeg's `0:a:N`; -1: there is no sound, and the clip gets a silent track
  std::filesystem::path logo = {};  ///< a picture, shown at a fifth of the width; empty: none
};

/// Names in the work folder, which is the current folder of the child: so no text and no path is ever part of
/// a filter.
inline constexpr const char *kClipPart = "clip.mp4.part", *kCaptionsFile = "captions.ass",
                            *kFontFile = "Inter-SemiBold.otf", *kLogoFile = "logo";

/// The whole command line; its output is kClipPart. Pure, but for the current folder, by which a relative
/// `file` becomes an absolute one.
std::vector<std::string> cut_command(const std::filesystem::path& file, const SourceFacts& source, Span span,
                                     const CutSettings& settings, double gain_db, bool captions);

/// Frames per second of a clip: the average rounded to 24, 25, 30, 50, 60 or its /1.001 kin, as `30000/1001`.
std::string clip_rate(double fps);

/// Cuts `span` of the source to `target`, which must not exist: a file of that name is never replaced
/// (Code::failed). `folder` is for work files, empty before and after. `on_share` hears 0..1. A child that
/// makes no progress for 60 s is ended with its group. Code::failed in plain words (no space, cannot be read,
/// what the check of the result found), Code::cancelled; then there is nothing at `target`.
Result<ClipReport> cut_clip(const std::filesystem::path& file, const SourceFacts& source, Span span,
                            const CutSettings& settings, const Captions& captions,
                            const std::filesystem::path& folder, const std::filesystem::path& target,
                            const std::function<void(double)>& on_share, std::stop_token stop);

}  // namespace asfs::pipeline
