#include "app/pipeline/clip_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "app/pipeline/media_child.h"
#include "registry/base/files.h"
#include "registry/base/json.h"

namespace asfs::pipeline {
namespace {

constexpr double kShortBlack = 0.49;  // that is half a second less the last picture's rounding
constexpr double kOffLength = 0.15, kOffSound = 0.2, kOffLoudness = 1.5, kSoftestSound = -70.0;

double seconds_at(const Json& stream, std::string_view key) {
  const std::string text = text_at(stream, key);
  double seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::isfinite(seconds) ? seconds : 0;
}

const Json& stream_of(const Json& answer, std::string_view kind) {
  static const Json none;
  const Json& streams = child_at(answer, "streams");
  if (streams.is_array())
    for (const Json& stream : streams)
      if (text_at(stream, "codec_type") == kind) return stream;
  return none;
}

/// "" when it is right.
std::string fault_of(const Json& answer, const ClipPromise& promise) {
  const auto& [seconds, loudness, size, whole] = promise;
  const Json &picture = stream_of(answer, "video"), &sound = stream_of(answer, "audio");
  const auto width = number_at(picture, "width").value_or(0),
             height = number_at(picture, "height").value_or(0);
  if (width != size.width || height != size.height)
    return fmt::format("it is {}x{} and not {}x{}", width, height, size.width, size.height);
  if (text_at(picture, "codec_name") != "h264") return "its picture is not H.264";
  if (text_at(picture, "pix_fmt") != "yuv420p") return "its colours are not yuv420p";
  if (!sound.is_object()) return "it has no sound track";
  const double shown = seconds_at(picture, "duration"), heard = seconds_at(sound, "duration");
  if (std::abs(shown - seconds) > kOffLength)
    return fmt::format("it has {:.2f} s of picture and not {:.2f} s", shown, seconds);
  if (std::abs(heard - seconds) > kOffSound)
    return fmt::format("it has {:.2f} s of sound and not {:.2f} s", heard, seconds);
  return {};
}

std::string seconds_list(const std::vector<Span>& spans) {
  std::string text;
  for (const Span& span : spans)
    text += fmt::format("{}{:.1f} to {:.1f} s", text.empty() ? "" : ", ", span.start, span.end);
  return text;
}

void add_warnings(ClipReport& report, std::optional<double> wanted_loudness) {
  if (!report.black.empty())
    report.warnings.push_back(fmt::format("Its picture is black: {}.", seconds_list(report.black)));
  if (!report.silent.empty())
    report.warnings.push_back(fmt::format("It is silent: {}.", seconds_list(report.silent)));
  if (!wanted_loudness) return;
  if (report.loudness > *wanted_loudness + kOffLoudness)
    report.warnings.push_back(
        fmt::format("It is {:.1f} LUFS loud and not {:.1f}.", report.loudness, *wanted_loudness));
  if (report.loudness < *wanted_loudness - kOffLoudness)
    report.warnings.push_back(fmt::format(
        "It is {:.1f} LUFS loud and not {:.1f}: more gain would lift its peaks or its noise too high.",
        report.loudness, *wanted_loudness));
}

/// One decode of its sound, and of all its pictures where they are wanted.
Result<ClipReport> look_and_listen(const std::filesystem::path& clip, double seconds, bool pictures,
                                   const std::function<void(double)>& on_seconds, std::stop_token stop) {
  const std::string heard =
      "[0:a:0]ebur128=metadata=1:framelog=verbose,silencedetect=n=-50dB:d=1.5,"
      "ametadata=mode=print:file=-:direct=1[sound]";
  const std::string seen = fmt::format("[0:V:0]scale=270:480:flags=neighbor,{}[picture];", kFindBlack);
  // The deblocking filter changes nothing that is looked for.
  const Words argv = joined({ffmpeg(),
                             {"-skip_loop_filter", "all"},
                             media_input(clip),
                             {"-filter_complex", pictures ? seen + heard : heard},
                             pictures ? Words{"-map", "[picture]"} : Words{},
                             {"-map", "[sound]", "-f", "null", "-"}});
  ClipReport report{.duration = seconds};
  ToldSpans black = black_spans(), silent{"lavfi.silence_start", "lavfi.silence_end"};
  const auto on_line = [&](std::string_view line) {
    if (const auto now = number_in(line, "pts_time"); now && on_seconds) on_seconds(*now);
    if (const auto loudness = number_in(line, "lavfi.r128.I"))
      report.loudness = std::max(kSoftestSound, *loudness);
    black.hear(line);
    silent.hear(line);
  };
  const auto ended =
      run_media({.argv = argv, .on_line = on_line}, "the finished clip cannot be decoded", std::move(stop));
  if (!ended) return std::unexpected(ended.error());
  report.black = black.all(seconds);
  std::erase_if(report.black, [](const Span& span) { return span.length() < kShortBlack; });
  report.silent = silent.all(seconds);
  return report;
}

}  // namespace

void ToldSpans::hear(std::string_view line) {
  if (const auto start = number_in(line, start_key)) open = *start;
  if (const auto end = number_in(line, end_key); end && open)
    spans.push_back({*std::exchange(open, {}), *end});
}

std::vector<Span> ToldSpans::all(double length) {
  if (open && *open < length) spans.push_back({*open, length});
  return std::move(spans);
}

ToldSpans black_spans() {
  return {"lavfi.black_start", "lavfi.black_end"};
}

Result<ClipReport> check_clip(const std::filesystem::path& clip, const ClipPromise& promise,
                              std::vector<Span> black, const std::function<void(double)>& on_seconds,
                              std::stop_token stop) {
  const Words argv = joined({{"ffprobe", "-v", "error", "-print_format", "json", "-show_entries",
                              "stream=codec_type,codec_name,width,height,pix_fmt,duration"},
                             media_input(clip)});
  const auto probed = run_media({.argv = argv}, "the finished clip cannot be read", stop);
  if (!probed) return std::unexpected(probed.error());
  const Json answer = read_json(probed->out);
  if (const std::string fault = fault_of(answer, promise); !fault.empty())
    return fail(Code::failed, fmt::format("the finished clip is not right: {}", fault));
  const double shown = seconds_at(stream_of(answer, "video"), "duration");
  auto report = look_and_listen(clip, shown, promise.whole, on_seconds, std::move(stop));
  if (!report) return report;
  if (!promise.whole) report->black = std::move(black);
  add_warnings(*report, promise.loudness);
  return report;
}

Result<Loudness> measure_loudness(const std::filesystem::path& file, int track, Span span,
                                  std::stop_token stop) {
  // Four times the rate shows the peaks between samples; ffmpeg's releases write ebur128's own in two units.
  const Words argv = joined(
      {ffmpeg(),
       {"-ss", fmt::format("{:.3f}", span.start), "-t", fmt::format("{:.3f}", span.length())},
       media_input(file),
       {"-map", fmt::format("0:a:{}", track), "-af",
        "aresample=48000,aformat=channel_layouts=stereo,ebur128=metadata=1:framelog=verbose,aresample=192000,"
        "astats=metadata=1:measure_perchannel=none:measure_overall=Peak_level,"
        "ametadata=mode=print:file=-:direct=1",
        "-f", "null", "-"}});
  Loudness loudness;
  const auto on_line = [&](std::string_view line) {
    if (const auto all = number_in(line, "lavfi.r128.I")) loudness.integrated = std::max(kSoftestSound, *all);
    if (const auto peak = number_in(line, "lavfi.astats.Overall.Peak_level"))
      loudness.true_peak = std::max(loudness.true_peak, *peak);
  };
  const auto ended = run_media({.argv = argv, .on_line = on_line},
                               fmt::format("cannot listen to {}", path_text(file)), std::move(stop));
  if (!ended) return std::unexpected(ended.error());
  return loudness;
}

}  // namespace asfs::pipeline
