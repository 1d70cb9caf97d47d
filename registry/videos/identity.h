// Which video a file is: by its content, by the place on the disk that a video's path leads to (another path,
// a symlink, a hard link), and by what is known of older rows. The Python program leaves checksums out, and
// writes the clips of every source over clip_001.mp4; both are put right here before anything is registered
// or sent.
//
// The registry's thread. Reads files; each change is one short transaction, because the Python program may
// have the database open.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "registry/files/checksum.h"
#include "registry/videos/video_registry.h"

namespace asfs {

/// A file as the disk has it.
struct DiskFile {
  std::int64_t size = -1;       ///< -1: there is none
  std::int64_t changed_at = 0;  ///< unix ns
  std::int64_t device = 0, inode = 0;

  bool exists() const { return size >= 0; }
  bool same_place(const DiskFile& other) const { return device == other.device && inode == other.inode; }
};
DiskFile disk_file(const std::filesystem::path& path);

/// Notes where the files of videos lie: of those that are new or were missing, and of all whose content is
/// not known. Code::cancelled soon after a stop.
Result<void> note_disk_files(VideoRegistry& registry, std::stop_token stop = {});

/// A file that is to be known.
struct FoundFile {
  std::string stored_path;  ///< as a video would store it
  DiskFile disk;
  FileChecksum content;
  std::optional<FileFacts> facts;  ///< of that content
};

/// The video that a file is, if it is one: the one with this checksum, or one without a
/// checksum whose file has this content; that one gets it. Where it lies in the place of a video that had
/// another content, what was posted of that since the file was written counts for this content from now on,
/// and what may be of it is a question (evidence.h). Call note_disk_files() before.
Result<std::optional<Video>> find_video(VideoRegistry& registry, const FoundFile& file,
                                        std::stop_token stop = {});

/// A file was made of another one, as a hook phrase was put on it: what is posted of one is from now on a
/// duplicate for both, and for all else that was made of that one. To be told before anybody can see the new
/// file. Nothing changes when it is told again.
Result<void> note_made_of(VideoRegistry& registry, std::string_view made, std::string_view original);
/// What the content `checksum` was made of; "": of nothing that is known.
Result<std::string> made_of(VideoRegistry& registry, std::string_view checksum);

/// Before an upload: the video's own content, and that of those videos without a checksum whose files have
/// its size. Code::cancelled; a file that cannot be read is no error, its video stays as it is.
Result<void> know_content(VideoRegistry& registry, std::string_view video_id, std::stop_token stop = {});

/// In the background: finds out the content of one video that has no checksum, with size and duration; false
/// when none is left. Call note_disk_files() before the first.
Result<bool> know_next_content(VideoRegistry& registry, std::stop_token stop = {});

}  // namespace asfs
