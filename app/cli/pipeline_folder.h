// A folder of finished clips on its way into the registry: `pipeline FOLDER`.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "app/pipeline/settings.h"
#include "registry/videos/registration.h"

namespace asfs {

struct FolderArgs {
  const pipeline::Settings& settings;  ///< with hook and logo
  bool asked = false;  ///< for these clips; else the settings say so, and mean those cut elsewhere
  std::filesystem::path clips_folder;
  bool quiet = false;  ///< names no files that were made
  std::stop_token stop = {};
  decltype(RegisterOptions::words_of_new) words_of_new = {};
};

/// Registers the clips, or what was made of them with hook and logo (finished_clips.h), and adds their ids.
/// What is wrong with one is reported, and the others go on; then Code::failed in the end.
Result<void> register_finished(VideoRegistry& registry, const std::filesystem::path& folder,
                               const FolderArgs& args, std::vector<std::string>& ids);

}  // namespace asfs
