#include "app/pipeline/shots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "app/pipeline/media_child.h"
#include "registry/base/files.h"

namespace asfs::pipeline {
namespace {

using Profile = std::vector<double>;  // a number for each column

/// As ffmpeg's scdet: percent of the full change, more than the change from the picture before was.
constexpr double kCut = 10.0;
constexpr double kShortestShot = 0.4;  // seconds; a flash is none
/// Of a colour's 255 steps, on average over a column: less is noise.
constexpr double kStillness = 0.5;
/// By so much of all that stands out a crop must have more than the middle one.
constexpr double kClearlyMore = 0.1;

/// What stands out of the median column, as parts of 1; nothing when it is no more than noise. So noise, a
/// pan and a background that is alike everywhere count for nothing.
Profile standing_out(Profile columns) {
  Profile sorted = columns;
  std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2));
  const double usual = sorted[sorted.size() / 2];
  for (double& column : columns) column = std::max(0.0, column - usual - kStillness);
  const double all = std::accumulate(columns.begin(), columns.end(), 0.0);
  for (double& column : columns) column = all > 0 ? column / all : 0.0;
  return columns;
}

double sum_from(const Profile& profile, std::size_t first, std::size_t count) {
  return std::accumulate(profile.begin() + static_cast<std::ptrdiff_t>(first),
                         profile.begin() + static_cast<std::ptrdiff_t>(first + count), 0.0);
}

/// The window with most in it, moved so that this lies in its middle; its first column.
double best_window(const Profile& profile, std::size_t width) {
  const std::size_t last = profile.size() - width, middle = last / 2;
  const double central = sum_from(profile, middle, width);
  std::size_t best = middle;
  double most = central + kClearlyMore;
  for (std::size_t first = 0; first <= last; ++first)
    if (const double here = sum_from(profile, first, width); here > most) most = here, best = first;
  if (best == middle) return static_cast<double>(last) / 2;
  double weighted = 0.0;
  for (std::size_t column = best; column < best + width; ++column)
    weighted += profile[column] * (static_cast<double>(column) + 0.5);
  const double centre = weighted / sum_from(profile, best, width);
  return std::clamp(centre - static_cast<double>(width) / 2, 0.0, static_cast<double>(last));
}

int differs(unsigned char a, unsigned char b) {
  return std::abs(int(a) - int(b));
}

}  // namespace

void ShotFinder::begin_shot() {
  columns_ = {.moved = Profile(kShotWidth), .outlined = Profile(kShotWidth)};
  shots_.push_back({.start = std::max(0.0, (static_cast<double>(heard_) - 0.5) / fps_)});
}

void ShotFinder::hear(std::span<const unsigned char> picture) {
  if (picture.size() != kShotBytes) return;
  Profile moved(kShotWidth), outlined(kShotWidth);
  for (std::size_t i = 0; i < kShotBytes; ++i) {
    const std::size_t column = i / 3 % kShotWidth;
    if (!before_.empty()) moved[column] += differs(picture[i], before_[i]);
    if (column > 0) outlined[column] += differs(picture[i], picture[i - 3]);
  }
  const double change = std::accumulate(moved.begin(), moved.end(), 0.0) / kShotBytes / 2.55;
  const bool cut = !before_.empty() && std::min(change, std::abs(change - change_before_)) >= kCut;
  const bool may_begin =
      shots_.empty() || static_cast<double>(heard_) / fps_ - shots_.back().start >= kShortestShot;
  change_before_ = change;
  if (shots_.empty()) begin_shot();
  if (cut && may_begin) {
    shots_.back().crop_x = crop_of(columns_);
    begin_shot();
  }
  constexpr double kOfColumn = kShotHeight * 3;
  for (std::size_t column = 0; column < kShotWidth; ++column) {
    if (!cut) columns_.moved[column] += moved[column] / kOfColumn;
    columns_.outlined[column] += outlined[column] / kOfColumn;
  }
  ++columns_.pictures;
  ++heard_;
  before_.assign(picture.begin(), picture.end());
}

double ShotFinder::crop_of(const Columns& columns) const {
  const auto width = static_cast<std::size_t>(std::lround(crop_share_ * kShotWidth));
  if (width == 0 || width >= kShotWidth || columns.pictures == 0) return 0.5;
  Profile moved = columns.moved, outlined = columns.outlined;
  for (Profile* profile : {&moved, &outlined}) {
    for (double& column : *profile) column /= static_cast<double>(columns.pictures);
    *profile = standing_out(std::move(*profile));
  }
  constexpr double kByMotion = 0.7;  // who speaks moves; a shelf of books has more outlines
  for (std::size_t column = 0; column < kShotWidth; ++column)
    moved[column] = kByMotion * moved[column] + (1 - kByMotion) * outlined[column];
  return best_window(moved, width) / static_cast<double>(kShotWidth - width);
}

std::vector<Shot> ShotFinder::shots() {
  if (shots_.empty()) return {Shot{}};
  shots_.back().crop_x = crop_of(columns_);
  return shots_;
}

Result<std::vector<Shot>> find_shots(const std::filesystem::path& file, const SourceFacts& source, Span span,
                                     const std::function<void(double)>& on_seconds, std::stop_token stop) {
  const Words argv =
      joined({ffmpeg(),
              {"-skip_loop_filter", "all", "-ss", fmt::format("{:.3f}", span.start), "-t",
               fmt::format("{:.3f}", span.length())},
              media_input(file),
              {"-map", "0:V:0", "-vf",
               fmt::format("fps={},scale={}:{}:flags=area", clip_rate(source.fps), kShotWidth, kShotHeight),
               "-pix_fmt", "rgb24", "-f", "rawvideo", "-"}});
  const double fps = rate_number(clip_rate(source.fps));
  ShotFinder finder(fps, source.height * 9.0 / 16.0 / std::max(1, source.width));
  std::vector<unsigned char> picture;
  double heard = 0;
  const auto on_bytes = [&](std::string_view bytes) {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, kShotBytes - picture.size());
      picture.insert(picture.end(), part.begin(), part.end());
      bytes.remove_prefix(part.size());
      if (picture.size() < kShotBytes) return;
      finder.hear(picture);
      picture.clear();
      if (on_seconds) on_seconds(++heard / fps);
    }
  };
  const auto ended = run_media({.argv = argv, .on_bytes = on_bytes},
                               fmt::format("cannot look through {}", path_text(file)), std::move(stop));
  if (!ended) return std::unexpected(ended.error());
  return finder.shots();
}

}  // namespace asfs::pipeline
