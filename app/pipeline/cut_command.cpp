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

/// From the source's picture to 1080x1920.
std::string framed(const SourceFacts& source, const CutSettings& settings) {
  const std::string hdr = source.hdr ? kFromHdr : "";
  if (is_upright(source)) return fmt::format("scale=1080:1920,{}", hdr);
  const std::string whole =
      fmt::format("scale=1080:1920:force_original_aspect_ratio=decrease:force_divisible_by=2,{}", hdr);
  switch (settings.framing) {
    case Framing::crop:
      return fmt::format(
          "crop=trunc(min(iw\\,ih*9/16)/2)*2:trunc(min(ih\\,iw*16/9)/2)*2:(iw-ow)*{:.4f}:(ih-oh)/2,"
          "scale=1080:1920,{}",
          std::clamp(settings.crop_x, 0.0, 1.0), hdr);
    case Framing::black_bars:
      return whole + "pad=1080:1920:(ow-iw)/2:(oh-ih)/2:black,";
    case Framing::blurred:
      break;
  }
  // Blurred while it is small: the same to the eye, in half the time.
  return whole +
         "format=yuv420p,split[front][back];"
         "[back]scale=136:240:force_original_aspect_ratio=increase,crop=136:240,gblur=sigma=6,"
         "scale=1080:1920,setsar=1[bars];[bars][front]overlay=(W-w)/2:(H-h)/2,";
}

std::string picture_chain(const SourceFacts& source, const CutSettings& settings, bool captions) {
  std::string chain = "[0:V:0]";
  if (source.interlaced) chain += "bwdif,";
  chain += "scale=trunc(iw*sar/2)*2:trunc(ih/2)*2:out_range=tv,setsar=1,";
  chain += framed(source, settings) + "setsar=1," + kFindBlack;
  if (captions) chain += fmt::format(",ass={}:fontsdir=.", kCaptionsFile);
  if (!settings.logo.empty())  // clear of the buttons that platforms put at the right and at the bottom
    chain += "[plain];[1:v:0]scale=216:-1,format=rgba[logo];[plain][logo]overlay=54:96";
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

std::string clip_rate(double fps) {
  struct Rate {
    double fps;
    const char* text;
  };
  constexpr Rate kRates[] = {{24000 / 1001., "24000/1001"}, {24, "24"}, {25, "25"},
                             {30000 / 1001., "30000/1001"}, {30, "30"}, {50, "50"},
                             {60000 / 1001., "60000/1001"}, {60, "60"}};
  const auto distance = [&](const Rate& rate) { return std::abs(rate.fps - fps); };
  return fps > 0 ? std::ranges::min_element(kRates, {}, distance)->text : "30";
}

Words cut_command(const std::filesystem::path& file, const SourceFacts& source, Span span,
                  const CutSettings& settings, double gain_db, bool captions) {
  const std::string length = fmt::format("{:.3f}", span.length());
  const Words place{"-ss", fmt::format("{:.3f}", span.start), "-t", length};
  const bool silent = settings.audio_track < 0, logo = !settings.logo.empty();
  const std::string track =
      silent ? fmt::format("{}:a:0", logo ? 2 : 1) : fmt::format("0:a:{}", settings.audio_track);
  return joined(
      {ffmpeg(),
       {"-y", "-progress", "pipe:1"},
       place,
       media_input(file),
       logo ? Words{"-protocol_whitelist", "file", "-i", fmt::format("file:{}", kLogoFile)} : Words{},
       silent ? Words{"-f", "lavfi", "-t", length, "-i", "anullsrc=r=48000:cl=stereo"} : Words{},
       {"-filter_complex",
        picture_chain(source, settings, captions) + ";" + sound_chain(track, gain_db, span.length())},
       {"-map", "[picture]", "-map", "[sound]", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"},
       {"-t", length, "-fps_mode", "cfr", "-r", clip_rate(source.fps)},
       {"-c:v", "libx264", "-preset", settings.preset, "-crf", std::to_string(settings.crf), "-profile:v",
        "high"},
       {"-pix_fmt", "yuv420p", "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"},
       {"-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2"},
       {"-movflags", "+faststart", "-f", "mp4", kClipPart}});
}

}  // namespace asfs::pipeline
