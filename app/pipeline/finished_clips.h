// Clips that were finished elsewhere: a hook phrase and a logo are put on them before they are registered.
// The clip itself is never touched. What is made is a new file in the clips folder, whole or not there, with
// a key of clip, hook and logo in its name, by which the next run finds it.
//
// To who sees it, it is the same clip: the registry is told so before the file has its name
// (note_made_of()). So a platform that has the clip, with this hook, another or none, gets it no second time,
// through whatever door, and one that has not gets one of them.
//
// The registry's thread; runs ffmpeg, and blocks until done.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "app/pipeline/cut.h"
#include "registry/videos/video_registry.h"

namespace asfs::pipeline {

struct FinishedOptions {
  CutSettings cut;   ///< how it is encoded, and the logo; what it says of framing and sound is left aside
  std::string hook;  ///< "": none
  std::filesystem::path clips_folder;
  std::function<void(double)> on_share = {};  ///< 0..1
  std::stop_token stop = {};
};

struct FinishedClip {
  std::filesystem::path file;         ///< to be registered
  std::string title;                  ///< what the clip is called
  bool is_itself = false;             ///< it was made by us of another one, so nothing is put on it again
  std::vector<std::string> warnings;  ///< whole sentences; only when it was made just now
};

/// Beside the file lies the clip's own document of what its posts are to say, unless there is one already.
/// Code::failed: what look_at_source() and cut_clip() say, the clip changed meanwhile, or another program
/// works on it; Code::library, Code::cancelled.
Result<FinishedClip> put_on(VideoRegistry& registry, const std::filesystem::path& clip,
                            const FinishedOptions& options);

}  // namespace asfs::pipeline
