// Stage 9 for many videos: files become registered videos, and what their posts are to say comes along.
// Behind `register`, `metadata`, `watch`, files dropped on the window, and stages that register what they
// made; stage 10 is bulk_upload.h.
//
// Uses the registry's connection, so the registry's thread; blocks until done. Asks no platform anything.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/videos/registration.h"

namespace asfs {

struct ClipsOptions {
  RegisterOptions registering;  ///< its `words` are ours to set
  /// What the posts are to say: a CSV with a row for each video (metadata_csv.h), or any other ending: one
  /// JSON document (metadata.h) for all files given. Empty: what lies beside each file.
  std::filesystem::path metadata = {};
  std::function<void(const RegistrationProgress&)> on_progress = {};
  std::stop_token stop = {};
};

struct ClipsReport {
  RegistrationReport files;
  std::vector<std::string> described;  ///< ids of the videos that `metadata` says something about
  /// Of the CSV, in the order of its lines. When there are any, nothing was registered and nothing changed.
  std::vector<Error> mistakes;
  std::size_t mistake_count = 0;  ///< all of them; the list may be shorter
};

/// Registers `paths` as register_files() does. What `metadata` says is laid field by field over what a video
/// says so far (its document in the registry; for a new one, the document beside the file). The rows of a CSV
/// may be about the files given and about every registered video; with no paths it is about those alone. All
/// of it is checked first: its form, that every row means one video and no two the same one, and that no
/// platform refuses a post because of it. New videos get their words in the transaction that registers them;
/// those of registered videos all change in one transaction, after that. Fails as register_files() does, and
/// when `metadata` cannot be read or is no such document; then, too, nothing was registered, except with
/// Code::library and Code::cancelled.
Result<ClipsReport> register_clips(VideoRegistry& registry, const std::vector<std::filesystem::path>& paths,
                                   const ClipsOptions& options = {});

/// Ends with .csv, in any capitalisation.
bool is_csv(const std::filesystem::path& path);

/// `posts.csv says what the posts of 2 videos are to say`.
std::string described_text(const std::filesystem::path& metadata, const ClipsReport& report);

/// `posts.csv has 3 mistakes; nothing was changed`: the last line to people. Code::not_found when every
/// mistake is a video that is not there, else Code::usage.
Error refused_table(const std::filesystem::path& csv, const ClipsReport& report);

}  // namespace asfs
