// Who knows what is said in a video when no file beside it does: a subtitle track in it, a command of the
// user's, whisper-cli, ffmpeg's own filter `whisper` (8.0 and newer).
//
// Each runs a child and blocks until it is done. Code::failed is a sentence such as `whisper-cli gave no
// transcript: no such model`, Code::cancelled comes within 100 ms of a stop. Work files are gone afterwards.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

#include "app/pipeline/transcript.h"

namespace asfs::pipeline {

/// What they work on; lives as long as they do.
struct TranscriberWork {
  const std::filesystem::path& video;
  const std::filesystem::path& wav;     ///< the video's sound, 16 kHz mono
  const std::filesystem::path& folder;  ///< for work files
  const TranscriberSettings& settings;
  const std::function<void(double)>& on_share;  ///< hears 0..1, as far as the child tells
  std::stop_token stop;
};

using Transcriber = Result<Transcript> (*)(const TranscriberWork& work);

/// Whether one is here and set up. Asks ffmpeg for its filters when nothing else is.
bool has_transcriber(const TranscriberSettings& settings);
/// Those that are, in the order in which they are to be asked. Asks ffmpeg for its filters
/// when there is a model.
std::vector<Transcriber> transcribers_for(const TranscriberSettings& settings);

/// A subtitle track of the video: ffmpeg's `0:s:INDEX`.
Result<Transcript> read_track(const TranscriberWork& work, int index);

/// The sound, when nobody has written it.
Result<void> write_wav(const TranscriberWork& work);

}  // namespace asfs::pipeline
