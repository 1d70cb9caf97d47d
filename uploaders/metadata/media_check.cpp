#include "uploaders/metadata/media_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "registry/base/text.h"

namespace asfs {
namespace {

bool lists(std::string_view words, std::string_view word) {
  return (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

}  // namespace

Result<void> check_duration(const MediaLimits& limits, double seconds, std::string_view platform) {
  if (seconds <= limits.max_duration_s) return {};
  return fail(Code::usage, fmt::format("the video is {} long; {} takes at most {}", duration_text(seconds),
                                       platform, duration_text(limits.max_duration_s)));
}

Result<std::string> check_media(const MediaLimits& limits, const MediaInfo& media,
                                std::string_view platform) {
  if (auto fits = check_duration(limits, media.duration, platform); !fits)
    return std::unexpected(std::move(fits.error()));
  std::vector<std::string> warnings;
  const auto warn = [&](bool outside, std::string actual, std::string limit) {
    if (outside) warnings.push_back(fmt::format("{}; {} asks for {}", actual, platform, limit));
  };
  warn(media.duration > 0 && media.duration < limits.min_duration_s,
       fmt::format("the video is {:.1f} s long", media.duration),
       fmt::format("{} s or more", limits.min_duration_s));
  const auto [shorter, longer] = std::minmax(media.width, media.height);
  warn(shorter > 0 && (shorter < limits.min_side || longer > limits.max_side),
       fmt::format("the picture is {}x{}", media.width, media.height),
       fmt::format("sides of {} to {} pixels", limits.min_side, limits.max_side));
  const double aspect = shorter > 0 ? static_cast<double>(media.width) / media.height : 0;
  warn(aspect > 0 && (aspect < limits.min_aspect || aspect > limits.max_aspect),
       fmt::format("the picture is {:.2f} times as wide as high", aspect),
       fmt::format("{} to {} times", limits.min_aspect, limits.max_aspect));
  warn(media.fps > 0 && (media.fps < limits.min_fps || media.fps > limits.max_fps),
       fmt::format("it has {:.3g} pictures a second", media.fps),
       fmt::format("{} to {}", limits.min_fps, limits.max_fps));
  warn(!media.video_codec.empty() && !lists(limits.video_codecs, media.video_codec),
       fmt::format("its codec is {}", one_line(media.video_codec, 20)), std::string(limits.video_codecs));
  std::string text;
  for (const std::string& warning : warnings) text += (text.empty() ? "" : ". ") + warning;
  return text;
}

}  // namespace asfs
