// What ffmpeg is told to make of a span: one filter graph, one encode.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/pipeline/cut.h"
#include "app/pipeline/media_child.h"

namespace asfs::pipeline {
namespace {

/// To ordinary video; what comes in is scaled before, as this works on 32-bit floats.
constexpr const char* kFromHdr =
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,";

bool is_upright(const SourceFacts& source) {
  return std::abs(source.width * 16.0 - source.height * 9.0) <= source.height * 0.09;
}

bool is_wide(const SourceFacts& source) {
  return source.width * 16.0 > source.height * 9.0 && !is_upright(source);
}

/// The crop of each shot, as a sum of steps in time.
std::string crop_steps(const CutSettings& settings, const std::vector<Shot>& shots) {
  if (settings.crop_x || shots.empty())
    return fmt::format("{:.4f}", std::clamp(settings.crop_x.value_or(0.5), 0.0, 1.0));
  std::string sum = fmt::format("{:.4f}", shots.front().crop_x);
  for (std::size_t i = 1; i < shots.size(); ++i)
    sum += fmt::format("{:+.4f}*gte(t\\,{:.4f})", shots[i].crop_x - shots[i - 1].crop_x, shots[i].start);
  return sum;
}

/// From the source's picture to the clip's.
std::string framed(const SourceFacts& source, const CutSettings& settings, const std::vector<Shot>& shots) {
  const std::string hdr = source.hdr ? kFromHdr : "";
  const PictureSize size = clip_size(source, settings.framing);
  if (is_upright(source) || settings.framing == Framing::kept)
    return fmt::format("scale={}:{},{}", size.width, size.height, hdr);
  const std::string whole =
      fmt::format("scale=1080:1920:force_original_aspect_ratio=decrease:force_divisible_by=2,{}", hdr);
  if (settings.framing == Framing::crop)
    return fmt::format(
        "crop=trunc(min(iw\\,ih*9/16)/2)*2:trunc(min(ih\\,iw*16/9)/2)*2:(iw-ow)*({}):(ih-oh)/2,"
        "scale=1080:1920,{}",
        crop_steps(settings, shots), hdr);
  if (settings.framing == Framing::black_bars) return whole + "pad=1080:1920:(ow-iw)/2:(oh-ih)/2:black,";
  // Blurred while it is small: the same to the eye, in half the time.
  return whole +
         "format=yuv420p,split[front][back];"
         "[back]scale=136:240:force_original_aspect_ratio=increase,crop=136:240,gblur=sigma=6,"
         "scale=1080:1920,setsar=1[bars];[bars][front]overlay=(W-w)/2:(H-h)/2,";
}

/// Square pixels, and the colours of BT.709 in its ordinary range. HDR keeps its own until it is converted.
std::string made_ordinary(const SourceFacts& source) {
  std::string scale = "scale=trunc(iw*sar/2)*2:trunc(ih/2)*2:out_range=tv";
  if (source.hdr) return scale + ",setsar=1,";
  scale += ":flags=bicubic+accurate_rnd+full_chroma_int";
  if (source.matrix.empty())
    scale += ":out_color_matrix=bt709";
  else if (source.matrix != "bt709")
    scale += ":out_color_matrix=bt709:in_color_matrix=" + source.matrix;
  return scale + ",format=yuv420p,setsar=1,";  // which is no format that means the full range by itself
}

std::string picture_chain(const SourceFacts& source, const CutSettings& settings, const CutPlan& plan) {
  std::string chain = "[0:V:0]";
  if (!plan.shots.empty()) chain += fmt::format("fps={},", clip_rate(source.fps));  // as they were counted
  if (source.interlaced) chain += "bwdif=mode=send_frame,";
  chain += made_ordinary(source) + framed(source, settings, plan.shots) + "setsar=1," + kFindBlack;
  if (plan.captions) chain += fmt::format(",ass={}:fontsdir=.", kCaptionsFile);
  if (!settings.logo.empty()) {  // above the hook, clear of the buttons at the right and at the bottom
    const PictureSize size = clip_size(source, settings.framing);
    const int most = std::max(16, std::min(size.width, size.height) / 5), high = size.height * 150 / 1920;
    chain += fmt::format(
        "[plain];[1:v:0]scale={}:{}:force_original_aspect_ratio=decrease:out_color_matrix=bt709,"
        "format=yuva420p[logo];[plain][logo]overlay=W*0.05:H*0.05",
        most, std::max(16, high));
  }
  return chain + ",format=yuv420p[picture]";
}

/// A track that begins late or ends early is filled up with silence.
std::string sound_chain(const std::string& track, double gain_db, double length) {
  return fmt::format(
      "[{}]aresample=48000:async=1:first_pts=0,aformat=channel_layouts=stereo,volume={:.2f}dB,"
      "apad=whole_dur={:.3f}[sound]",
      track, gain_db, length);
}

}  // namespace

PictureSize clip_size(const SourceFacts& source, Framing framing) {
  if (framing != Framing::kept) return {};
  return {.width = std::max(2, source.width / 2 * 2), .height = std::max(2, source.height / 2 * 2)};
}

bool crops_by_shot(const SourceFacts& source, const CutSettings& settings) {
  return settings.framing == Framing::crop && !settings.crop_x && is_wide(source);
}

Words cut_command(const std::filesystem::path& file, const SourceFacts& source, Span span,
                  const CutSettings& settings, const CutPlan& plan) {
  const std::string length = fmt::format("{:.3f}", span.length());
  const Words place{"-ss", fmt::format("{:.3f}", span.start), "-t", length};
  const bool silent = settings.audio_track < 0, logo = !settings.logo.empty();
  const std::string track =
      silent ? fmt::format("{}:a:0", logo ? 2 : 1) : fmt::format("0:a:{}", settings.audio_track);
  return joined(
      {ffmpeg(),
       {"-v", "warning", "-y", "-progress", "pipe:1"},  // letters that no font has are a warning
       place,
       media_input(file),
       logo ? Words{"-protocol_whitelist", "file", "-i", fmt::format("file:{}", kLogoFile)} : Words{},
       silent ? Words{"-f", "lavfi", "-t", length, "-i", "anullsrc=r=48000:cl=stereo"} : Words{},
       {"-filter_complex",
        picture_chain(source, settings, plan) + ";" + sound_chain(track, plan.gain_db, span.length())},
       {"-map", "[picture]", "-map", "[sound]", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"},
       {"-t", length, "-fps_mode", "cfr", "-r", clip_rate(source.fps)},
       {"-c:v", "libx264", "-preset", settings.preset, "-crf", std::to_string(settings.crf), "-profile:v",
        "high"},
       {"-pix_fmt", "yuv420p", "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709",
        "-color_range", "tv"},
       {"-c:a", "aac", "-b:a", settings.framing == Framing::kept ? "192k" : "160k", "-ar", "48000", "-ac",
        "2"},
       {"-movflags", "+faststart", "-f", "mp4", kClipPart}});
}

}  // namespace asfs::pipeline
