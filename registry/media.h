// What ffprobe says about a video file. Any thread; runs one child process.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "registry/base/result.h"

namespace asfs {

struct MediaInfo {
  double duration = 0.0;  ///< seconds
  int width = 0;
  int height = 0;
  std::string video_codec;
  double fps = 0.0;  ///< on average; 0 when it is not known
};

/// Fails with Code::failed and the reason when the file has no video stream or ffprobe cannot read it,
/// Code::not_found when there is no file or no ffprobe.
Result<MediaInfo> probe_media(const std::filesystem::path& path);

/// The endings that count as video files when a folder is searched (lower-case, with the dot).
bool has_video_ending(const std::filesystem::path& path);

}  // namespace asfs
