// Where one library lives on disk. A value: it opens nothing and may be copied to any thread.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "registry/base/result.h"

namespace asfs {

struct Library {
  std::filesystem::path home;            ///< absolute
  std::filesystem::path real_home = {};  ///< of a practice library: that of the library beside it; else empty

  bool practice() const { return !real_home.empty(); }
  /// Where relative file paths begin.
  const std::filesystem::path& files_home() const { return practice() ? real_home : home; }

  std::filesystem::path database() const { return home / "database" / "videos.db"; }
  std::filesystem::path audit_database() const { return home / "audit" / "events.db"; }
  std::filesystem::path upload_log() const { return home / "logs" / "uploads.log"; }
  std::filesystem::path config_folder() const { return home / "config"; }
  /// Whose files lie over each other, the last on top.
  std::vector<std::filesystem::path> config_folders() const;
  std::filesystem::path webhooks_file() const { return home / "config" / "webhooks.json"; }
  std::filesystem::path tokens_folder() const { return home / "config" / "tokens"; }
  std::filesystem::path practice_folder() const { return files_home() / "practice"; }

  /// A stored `file_path` (absolute, or relative to the library as the Python program writes it) as a usable
  /// path.
  std::filesystem::path resolve(std::string_view file_path) const;
};

/// The library a user means: `--home`, else ASFS_HOME, else the current folder when it holds
/// database/videos.db, else $XDG_DATA_HOME/asfs-videos (default ~/.local/share).
Library find_library(const std::filesystem::path& home_option);

}  // namespace asfs
