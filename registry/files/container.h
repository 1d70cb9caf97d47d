// Whether a video file is all there, as its container itself tells: a copy that pauses, a broken download, a
// recording that was cut off. Reads a few kilobytes of the file, starts no child process; any thread.
//
// The bytes are not to be trusted: whatever they say, it ends soon, in constant memory, and without
// recursion.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "registry/base/result.h"

namespace asfs {

struct ContainerLook {
  enum class State : std::uint8_t {
    whole,
    open_ended,  ///< so far; how much is to come is not said (fragments, a live recording): is it still
                 ///< growing?
    cut,         ///< `detail` says what is missing
    unknown,     ///< not MP4, MOV, Matroska or WebM
  };
  State state = State::unknown;
  std::string detail;          ///< for people: `its mdat box reaches 12.3 MB beyond the end of the file`
  std::uint64_t trailing = 0;  ///< bytes behind the end of the container, which do no harm
};

/// MP4 and MOV: every box ends within the file, the index (moov) is there, and so is every sample it names.
/// Matroska and WebM: every element ends within the file. Fails as reading a file does.
Result<ContainerLook> look_at_container(const std::filesystem::path& path);
ContainerLook look_at_container(int fd, std::uint64_t size);

/// `clip.mp4 is not whole: …; copy it again, or wait until the copy is finished`. Code::failed.
Error not_whole(const std::filesystem::path& path, const std::string& detail);

}  // namespace asfs
