// From files to registered videos: searched, probed, hashed on all cores, and written one by one.
//
// Called by the command line and the window; blocks until done. Reads files in worker threads that end before
// it returns; the registry is only touched by the calling thread. A file that fails does not stop the others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/videos/video_registry.h"

namespace asfs {

struct RegisterOptions {
  std::optional<std::string> id;     ///< only with one file
  std::optional<std::string> title;  ///< only with one file
  bool allow_duplicates = false;
  /// What the posts of a file are to say, stored together with the video; `beside` is the document that lies
  /// beside the file, "" for none, and the answer when this is not set. On the calling thread. Its Error
  /// counts as the file's.
  std::function<Result<std::string>(const std::filesystem::path& file, const std::string& beside)> words = {};
  /// The same, once it is sure that no video has this content, and when by `words` its posts say nothing.
  std::function<Result<std::string>(const std::filesystem::path& file, const std::string& checksum)>
      words_of_new = {};
};

struct RegistrationReport {
  struct Registered {
    std::string id, file_path, checksum;
    double duration = 0.0;
    std::filesystem::path source;  ///< the file as it was given or found
  };
  struct Skipped {
    std::string file_path, reason;
    std::string id;  ///< of the video with this content
    std::filesystem::path source;
  };
  struct Failed {
    std::string file_path;
    Error error;
    bool unfinished = false;  ///< not whole, or still being written: it may become what can be registered
  };
  std::vector<Registered> registered;
  std::vector<Skipped> skipped;  ///< content that is registered already, with the id it has
  std::vector<Failed> failed;
  std::vector<std::string> warnings;  ///< what is odd about files that were taken
};

struct RegistrationProgress {
  std::size_t files_done = 0, files_total = 0;
  std::uint64_t bytes_done = 0, bytes_total = 0;
};

/// The video files below a folder, not hidden, sorted by name. Folders in it that may not be read are left
/// out, and told to `unreadable`.
Result<std::vector<std::filesystem::path>> videos_in(
    const std::filesystem::path& folder,
    const std::function<void(const std::filesystem::path&, const Error&)>& unreadable = {});

/// The document beside a video, `clip.json` beside `clip.mp4`, as one JSON object; "" when there is none.
Result<std::string> metadata_beside(const std::filesystem::path& video);

/// `paths`: files, or folders whose video files (not hidden, sorted by name, subfolders too) are taken.
/// `clip.json` beside `clip.mp4` says what the posts are to say, and is kept. Stored paths are absolute, or
/// relative when inside the library's home. The id is the stem; when that id is taken by other content, stem
/// + "-" + the first 8 hex digits of the checksum. Refused with the reason: not a video, empty, unreadable,
/// not whole (container.h; once for each content its last second is decoded, too), still being written
/// (another program has it open for that, or size or time changed while it was read), and a path that is not
/// valid UTF-8 (such a row would break the Python program). A file that a video without a checksum names, or
/// has the content of, is that video (identity.h). A file with the content of one
/// that is gone was moved: the video is found there from now on. Fails as a whole only with Code::library,
/// Code::usage or Code::cancelled; what was registered until then stays.
Result<RegistrationReport> register_files(
    VideoRegistry& registry, const std::vector<std::filesystem::path>& paths,
    const RegisterOptions& options = {},
    const std::function<void(const RegistrationProgress&)>& on_progress = {}, std::stop_token stop = {});

struct VerifyReport {
  std::size_t ok = 0;
  std::vector<std::string> missing;  ///< ids
  std::vector<std::string> changed;  ///< ids; unreadable files count as missing
};

/// Recomputes checksums of all videos, or of the ids given, on all cores; a video that was registered without
/// a checksum is ok when its file can be read. Code::not_found for an unknown id.
Result<VerifyReport> verify_files(VideoRegistry& registry, const std::vector<std::string>& ids,
                                  std::stop_token stop = {});

}  // namespace asfs
