// Where the shots of a clip begin, and which part of a wide picture each of them is about: a crop that stands
// still as long as the camera's picture is the same one.
//
// Runs ffmpeg over the span once, with a picture of 96x54; blocks until done. Any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/pipeline/sound.h"
#include "app/pipeline/source.h"

namespace asfs::pipeline {

struct Shot {
  double start = 0.0;   ///< in the clip's own time: half a picture before its first one
  double crop_x = 0.5;  ///< 0 the left edge, 1 the right one
};

/// One shot at least, the first at 0. A shot's crop has what moves in it, and what has outlines, in its
/// middle; where nothing stands out, it is the picture's middle. The same span gives the same shots.
Result<std::vector<Shot>> find_shots(const std::filesystem::path& file, const SourceFacts& source, Span span,
                                     const std::function<void(double)>& on_seconds, std::stop_token stop);

/// The pure part: hears pictures of kShotWidth x kShotHeight in red, green and blue, one after another.
inline constexpr std::size_t kShotWidth = 96, kShotHeight = 54,
                             kShotBytes = kShotWidth * kShotHeight * std::size_t{3};
class ShotFinder {
 public:
  /// `crop_share`: of the picture's width, in a crop.
  ShotFinder(double fps, double crop_share) : fps_(fps), crop_share_(crop_share) {}
  void hear(std::span<const unsigned char> picture);
  std::vector<Shot> shots();

 private:
  struct Columns {
    std::vector<double> moved, outlined;
    std::size_t pictures = 0;
  };
  void begin_shot();
  double crop_of(const Columns& columns) const;

  const double fps_, crop_share_;
  std::vector<unsigned char> before_;
  std::size_t heard_ = 0;
  double change_before_ = 0.0;
  Columns columns_;  ///< of the shot that runs
  std::vector<Shot> shots_;
};

}  // namespace asfs::pipeline
