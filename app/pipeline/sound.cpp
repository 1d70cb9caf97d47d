#include "app/pipeline/sound.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "app/pipeline/media_child.h"
#include "registry/base/files.h"
#include "registry/base/json.h"

namespace asfs::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr double kSoftest = -70.0;  ///< LUFS: what is below counts as nothing
constexpr double kShortestSilence = 0.35, kSilenceBelow = 18.0, kSilentAtMost = -50.0;
constexpr std::string_view kLevels = "levels.txt";  ///< what ebur128 says, in the work folder

/// Hears 16-bit mono sound, keeps how loud each hundredth of a second is: where silences are can be said only
/// when the loudness of the whole is known.
class LevelMeter {
 public:
  static constexpr int kRate = 16000, kWindow = kRate / 100;

  void hear(std::string_view bytes) {
    for (const char byte : bytes) {
      if (std::exchange(odd_, !odd_)) {
        const auto sample = static_cast<std::int16_t>(
            static_cast<unsigned>(low_) | static_cast<unsigned>(static_cast<unsigned char>(byte)) << 8);
        take(sample / 32768.0);
      }
      low_ = static_cast<unsigned char>(byte);
    }
  }

  double seconds() const { return static_cast<double>(levels_.size()) / 100; }

  std::vector<Span> silences(double below) const {
    std::vector<Span> found;
    for (std::size_t at = 0; at < levels_.size();) {
      std::size_t end = at;
      while (end < levels_.size() && levels_[end] < below) ++end;
      const Span span{static_cast<double>(at) / 100, static_cast<double>(end) / 100};
      if (span.length() >= kShortestSilence) found.push_back(span);
      at = end + 1;
    }
    return found;
  }

 private:
  void take(double sample) {
    power_ += sample * sample;
    if (++count_ < kWindow) return;
    levels_.push_back(static_cast<float>(10 * std::log10(power_ / kWindow + 1e-12)));
    power_ = 0;
    count_ = 0;
  }

  std::vector<float> levels_;  ///< dB below a full square wave
  double power_ = 0;
  int count_ = 0;
  unsigned char low_ = 0;
  bool odd_ = false;
};

/// One pass: the loudness to a file, the sound to us, and once more to a WAV. A track that begins late or has
/// holes is filled up with silence, so that its time is the picture's.
Words hearing_command(const fs::path& file, int track, const fs::path& wav) {
  const std::string chain = fmt::format(
      "[0:a:{}]aresample=48000:async=1:first_pts=0,aformat=channel_layouts=stereo,"
      "ebur128=metadata=1:framelog=verbose,ametadata=mode=print:file={},aresample={},"
      "aformat=sample_fmts=s16:channel_layouts=mono",
      track, kLevels, LevelMeter::kRate);
  const Words heard =
      joined({ffmpeg(),
              {"-y"},
              media_input(file),
              {"-filter_complex", chain + (wav.empty() ? "[heard]" : ",asplit=2[heard][kept]"), "-map",
               "[heard]", "-f", "s16le", "pipe:1"}});
  if (wav.empty()) return heard;
  return joined(
      {heard, {"-map", "[kept]", "-map_metadata", "-1", "-f", "wav", "file:" + fs::absolute(wav).native()}});
}

void read_levels(const fs::path& file, Sound& sound) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("frame:"))
      sound.momentary.push_back(static_cast<float>(kSoftest));
    else if (const auto momentary = number_in(line, "lavfi.r128.M"); momentary && !sound.momentary.empty())
      sound.momentary.back() = static_cast<float>(std::max(kSoftest, *momentary));
    else if (const auto loudness = number_in(line, "lavfi.r128.I"))
      sound.loudness = std::max(kSoftest, *loudness);
  }
}

// ---- as text ------------------------------------------------------------------------------------

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t three = 0;
    for (std::size_t i = 0; i < 3; ++i)
      three = three << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i)
      text += at + i > bytes.size() ? '=' : kBase64[three >> (18 - 6 * i) & 63];
  }
  return text;
}

/// Up to the first character that is none of it.
std::string from_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t kept = 0;
  int bits = 0;
  for (const char character : text) {
    const std::size_t value = kBase64.find(character);
    if (value == kBase64.npos) break;
    kept = (kept << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
    if ((bits += 6) < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(kept >> bits & 0xFF);
  }
  return bytes;
}

}  // namespace

Result<Sound> hear_source(const fs::path& file, int track, const fs::path& folder, const fs::path& wav,
                          const std::function<void(double)>& on_seconds, std::stop_token stop) {
  if (track < 0) return Sound{};
  LevelMeter meter;
  const auto ended = run_media({.argv = hearing_command(file, track, wav),
                                .folder = folder,
                                .on_bytes =
                                    [&](std::string_view bytes) {
                                      meter.hear(bytes);
                                      if (on_seconds) on_seconds(meter.seconds());
                                    }},
                               fmt::format("cannot listen to {}", path_text(file)), std::move(stop));
  Sound sound{.there = true};
  if (ended) read_levels(folder / kLevels, sound);
  std::error_code ignored;
  fs::remove(folder / kLevels, ignored);
  if (!ended) {
    if (!wav.empty()) fs::remove(wav, ignored);
    return std::unexpected(ended.error());
  }
  sound.silences = meter.silences(std::max(kSilentAtMost, sound.loudness - kSilenceBelow));
  return sound;
}

Json to_json(const Sound& sound) {
  std::string bytes;
  for (const float loudness : sound.momentary) {
    const auto hundredths =
        static_cast<std::int16_t>(std::lround(std::clamp(loudness, -300.0f, 300.0f) * 100));
    bytes += static_cast<char>(hundredths & 0xFF);
    bytes += static_cast<char>(hundredths >> 8 & 0xFF);
  }
  Json silences = Json::array();
  for (const Span& silence : sound.silences) silences.push_back(Json::array({silence.start, silence.end}));
  return {{"there", sound.there},
          {"loudness", sound.loudness},
          {"momentary", base64(bytes)},
          {"silences", std::move(silences)}};
}

Sound sound_of(const Json& json) {
  Sound sound{.there = flag_at(json, "there"), .loudness = real_at(json, "loudness").value_or(kSoftest)};
  const std::string bytes = from_base64(text_at(json, "momentary"));
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const unsigned low = static_cast<unsigned char>(bytes[at]),
                   high = static_cast<unsigned char>(bytes[at + 1]);
    sound.momentary.push_back(static_cast<float>(static_cast<std::int16_t>(low | high << 8)) / 100);
  }
  if (const Json& silences = child_at(json, "silences"); silences.is_array())
    for (const Json& span : silences)
      if (span.is_array() && span.size() == 2 && span[0].is_number() && span[1].is_number())
        sound.silences.push_back({span[0].get<double>(), span[1].get<double>()});
  return sound;
}

}  // namespace asfs::pipeline
