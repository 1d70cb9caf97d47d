// A source, clips that are cut out of it, and what is seen in them.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/pipeline/clip_check.h"
#include "app/pipeline/cut.h"
#include "registry/base/json.h"
#include "tests/support/make_video.h"

namespace asfs::test {

using namespace asfs::pipeline;
namespace fs = std::filesystem;

using Arguments = std::vector<std::string>;

/// A folder with a source in it, clips cut out of it, and a work folder.
struct Bench {
  TempFolder temp, work;
  fs::path file;

  explicit Bench(const std::vector<Arguments>& how, const char* name = "source.mp4") : file(temp / name) {
    fs::create_directory(temp / "clips");
    run_ffmpeg(how, file);
  }

  SourceFacts facts() const {
    auto facts = look_at_source(file, {.min_seconds = 0.5}, {});
    if (!facts) FAIL(facts.error().message);
    return *facts;
  }

  /// Quickly, unless a preset is asked for.
  Result<ClipReport> cut(Span span, CutSettings settings = {}, const Captions& captions = {},
                         std::stop_token stop = {}) {
    if (settings.preset == CutSettings{}.preset) settings.preset = "ultrafast";
    auto report = cut_clip(file, facts(), span, settings, captions, work.path(), clip(), {}, stop);
    CHECK(fs::is_empty(work.path()));
    return report;
  }

  ClipReport made(Span span, const CutSettings& settings = {}, const Captions& captions = {}) {
    auto report = cut(span, settings, captions);
    if (!report) FAIL(report.error().message);
    return *report;
  }

  fs::path clip() const { return temp / "clips" / "clip.mp4"; }

  /// What ffprobe says about the clip.
  Json probed() const {
    const auto said = run_process({"ffprobe", "-v", "error", "-print_format", "json", "-show_format",
                                   "-show_streams", "-show_chapters", clip().native()},
                                  std::chrono::seconds(30));
    REQUIRE(said);
    return read_json(said->out);
  }

  /// The clip's frame at `seconds`, 108x192, as red, green, blue.
  std::string frame(double seconds) const {
    run_ffmpeg({"-ss", fmt::format("{}", seconds), "-i", clip().native(), "-frames:v", "1", "-vf",
                "scale=108:192:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo",
                (temp / "frame").native()});
    std::string pixels = read_text(temp / "frame");
    REQUIRE(pixels.size() == 108 * 192 * 3);
    return pixels;
  }
};

using Colour = std::array<int, 3>;

inline Colour at(const std::string& frame, int x, int y) {
  const std::size_t place = static_cast<std::size_t>(y * 108 + x) * 3;
  const auto part = [&](std::size_t i) { return int(static_cast<unsigned char>(frame[place + i])); };
  return {part(0), part(1), part(2)};
}

inline bool close(const Colour& a, const Colour& b) {
  return std::abs(a[0] - b[0]) < 40 && std::abs(a[1] - b[1]) < 40 && std::abs(a[2] - b[2]) < 40;
}

inline constexpr Colour kRed{255, 0, 0}, kGreen{0, 128, 0}, kBlue{0, 0, 255}, kBlack{0, 0, 0},
    kWhite{255, 255, 255};

inline Arguments lavfi(const std::string& described) {
  return {"-f", "lavfi", "-i", described};
}

inline const Arguments kFast{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"};

/// Red, green, blue, side by side.
inline Arguments thirds(int seconds = 2) {
  return lavfi(
      fmt::format("color=green:size=384x216:rate=25:duration={},drawbox=0:0:128:216:red:fill,"
                  "drawbox=256:0:128:216:blue:fill",
                  seconds));
}

inline const Arguments kTone = lavfi("sine=frequency=500:duration=4");

}  // namespace asfs::test
