// What ffprobe says about a video file. Any thread; each call runs one child process.
#pragma once

#include <filesystem>
#include <stop_token>
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
  // Of the file as it was looked at; the registry does not keep them.
  std::string container = {};  ///< ffprobe's name: `mov`, `matroska`
  double start = 0.0;          ///< the time of its first picture, in seconds
};

/// Fails with Code::failed and the reason when the file has no video stream or ffprobe cannot read it,
/// Code::not_found when there is no file or no ffprobe, Code::cancelled soon after a stop.
Result<MediaInfo> probe_media(const std::filesystem::path& path, std::stop_token stop = {});

/// Decodes the last second. Code::failed when it is known that the end is not there: its pictures cannot be
/// decoded, or it says itself that it is longer. What ffprobe cannot tell (a codec it does not have, too long
/// to seek in) is no reason to refuse a video. Code::cancelled soon after a stop.
Result<void> decode_end(const std::filesystem::path& path, const MediaInfo& media, std::stop_token stop = {});

/// The endings that count as video files when a folder is searched (lower-case, with the dot).
bool has_video_ending(const std::filesystem::path& path);

}  // namespace asfs
