// Stage 7, extraction: one clip out of a source, in one encode: 1080x1920, H.264 High 4:2:0, BT.709, AAC
// 48 kHz stereo, constant rate, and nothing of the source's metadata. It is checked before it gets its name.
//
// Runs ffmpeg, one child at a time; blocks until done. Any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/pipeline/captions.h"
#include "app/pipeline/clip_check.h"
#include "app/pipeline/shots.h"
#include "app/pipeline/sound.h"
#include "app/pipeline/source.h"

namespace asfs::pipeline {

/// `kept` is for finished clips: the picture has the size it has, and the sound is as loud as it is.
enum class Framing { crop, blurred, black_bars, kept };

struct CutSettings {
  Framing framing = Framing::blurred;  ///< of a source that is wider than 9:16
  std::optional<double> crop_x = {};   ///< with crop: 0 the left edge, 1 the right one; none: by shot
  double loudness = -14.0;             ///< LUFS; reached by plain gain, at most 12 dB of it
  double true_peak = -2.0;             ///< dBTP that the gain does not go over
  int crf = 20;
  std::string preset = "veryfast";
  int audio_track = 0;  ///< ffmpeg's `0:a:N`; -1: there is no sound, and the clip gets a silent track
  std::filesystem::path logo = {};  ///< a picture, shown at up to a fifth of the width; empty: none
  bool check_whole = false;         ///< every picture of the finished clip is looked at
};

/// Names in the work folder, which is the current folder of the child: so no text and no path is ever part of
/// a filter.
inline constexpr const char *kClipPart = "clip.mp4.part", *kCaptionsFile = "captions.ass",
                            *kFontFile = "Inter-SemiBold.otf", *kLogoFile = "logo";

/// Code::failed, Code::not_found: ffmpeg cannot make a picture of it. "" is fine: there is none.
Result<void> check_logo(const std::filesystem::path& logo, std::stop_token stop);

/// What a clip's pictures are, in pixels.
PictureSize clip_size(const SourceFacts& source, Framing framing);

/// Each shot gets its own crop: nobody said one, and there is something to cut off.
bool crops_by_shot(const SourceFacts& source, const CutSettings& settings);

/// What was found out about a span before it is cut.
struct CutPlan {
  double gain_db = 0.0;
  bool captions = false;    ///< there is a kCaptionsFile
  std::vector<Shot> shots;  ///< each with its crop; empty: the settings' one, or the middle
};

/// The whole command line; its output is kClipPart. Pure, but for the current folder, by which a relative
/// `file` becomes an absolute one.
std::vector<std::string> cut_command(const std::filesystem::path& file, const SourceFacts& source, Span span,
                                     const CutSettings& settings, const CutPlan& plan);

/// Cuts `span` of the source to `target`, which must not exist: a file of that name is never replaced
/// (Code::failed). `folder` is for work files, empty before and after. `on_share` hears 0..1. `before_name`
/// gets the clip when it is whole and checked and nobody else can see it; its Error is the end. A child that
/// makes no progress for 60 s is ended with its group. Code::failed in plain words (no space, cannot be read,
/// no font has the letters of the hook, what the check of the result found), Code::cancelled; then there is
/// nothing at `target`.
Result<ClipReport> cut_clip(
    const std::filesystem::path& file, const SourceFacts& source, Span span, const CutSettings& settings,
    const Captions& captions, const std::filesystem::path& folder, const std::filesystem::path& target,
    const std::function<void(double)>& on_share, std::stop_token stop,
    const std::function<Result<void>(const std::filesystem::path&)>& before_name = {});

}  // namespace asfs::pipeline
