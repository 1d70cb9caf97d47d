// Stage 0, initialization: what a long video is, and whether clips can be cut out of it. Everything that can
// refuse a source is asked here, before any long work.
//
// Runs ffprobe and, for some seconds of the file, ffmpeg; blocks until done. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/json_fwd.h"
#include "registry/base/result.h"

namespace asfs::pipeline {

struct PictureSize {
  int width = 1080, height = 1920;  ///< a clip's
};

struct AudioTrack {
  int index = 0;  ///< ffmpeg's `0:a:INDEX`
  std::string codec;
  int channels = 0;
  std::string language;   ///< as the file says, "" when it does not
  bool standard = false;  ///< the one a player takes
};

struct SourceFacts {
  std::string slug;  ///< of the file's name: a-z 0-9 -, at most 40, never empty
  std::string
      content;  ///< 64 hex digits over size, beginning, end and eight blocks between; not over the path
  std::uint64_t size = 0;
  double duration = 0.0;       ///< seconds until the last picture; sound may go on
  double start = 0.0;          ///< time of the first picture; above 0 when the sound begins before it
  int width = 0, height = 0;   ///< as it is shown: turned where the file says so
  int rotation = 0;            ///< 0, 90, 180, 270: clockwise, by a player
  double fps = 0.0;            ///< on average
  bool variable_rate = false;  ///< the average is more than a hundredth off the nominal rate
  bool interlaced = false;
  bool hdr = false;  ///< smpte2084 or arib-std-b67
  int bits = 8;      ///< of a colour
  /// By what its colours are made of light and tint, as ffmpeg's scale names it: as the file says, else by
  /// its size, as players do. "": it has red, green and blue.
  std::string matrix;
  std::string video_codec;
  std::vector<AudioTrack> audio;
  std::vector<int> text_subtitles;    ///< ffmpeg's `0:s:INDEX` of those that are text
  std::vector<std::string> warnings;  ///< whole sentences: no sound, a variable rate, several sound tracks
};

/// `Talk, 3rd take.mov`: `talk-3rd-take`.
std::string slug_of(const std::filesystem::path& file);

/// Frames per second of a clip: the average rounded to 24, 25, 30, 50, 60 or its /1.001 kin, as `30000/1001`;
/// and that as a number.
std::string clip_rate(double fps);
double rate_number(std::string_view rate);

/// The track a player takes; -1: there is none.
int heard_track(const SourceFacts& source);

struct SourceLimits {
  double min_seconds = 15.0;  ///< of a clip; a shorter source is refused
};

/// Code::not_found: no file, or no ffprobe or ffmpeg. Code::failed, with the reason in plain words: no
/// picture (sound only, or a cover picture only), too short, encrypted, HDR that this ffmpeg cannot convert
/// (no zscale), or its pictures cannot be decoded at the start, in the middle or at the end. Code::cancelled
/// soon after a stop.
Result<SourceFacts> look_at_source(const std::filesystem::path& file, const SourceLimits& limits,
                                   std::stop_token stop);

Json to_json(const SourceFacts& facts);
/// What is missing or odd reads as its default.
SourceFacts source_facts(const Json& json);

}  // namespace asfs::pipeline
