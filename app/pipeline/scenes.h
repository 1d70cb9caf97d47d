// Where the picture changes: scene cuts, from the keyframes only, as decoding everything takes forty times as
// long.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

#include "registry/base/result.h"

namespace asfs::pipeline {

/// Times of scene cuts in seconds of the source, in order. Exact to the distance of keyframes; encoders put
/// one at most cuts. `on_seconds` hears how far the pass is. Code::failed, Code::not_found (no ffmpeg),
/// Code::cancelled.
Result<std::vector<double>> find_scene_cuts(const std::filesystem::path& file,
                                            const std::function<void(double)>& on_seconds,
                                            std::stop_token stop);

}  // namespace asfs::pipeline
