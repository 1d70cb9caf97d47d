// Where one library lives on disk. A value: it opens nothing and may be copied to any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/base/result.h"

namespace asfs {

/// Which library this program found in a folder when it first opened it (schema.h). Any thread.
class OpenedLibrary {
 public:
  /// "" while it has not been opened.
  std::string id() const { return get(id_); }
  void set_id(std::string id) { set(id_, std::move(id)); }
  /// What audit/events.db looked like when it was last read (evidence.h).
  std::string audit() const { return get(audit_); }
  void set_audit(std::string audit) { set(audit_, std::move(audit)); }

 private:
  std::string get(const std::string& text) const {
    const std::scoped_lock lock(mutex_);
    return text;
  }
  void set(std::string& text, std::string value) {
    const std::scoped_lock lock(mutex_);
    text = std::move(value);
  }

  mutable std::mutex mutex_;
  std::string id_, audit_;
};

struct Library {
  std::filesystem::path home;            ///< absolute
  std::filesystem::path real_home = {};  ///< of a practice library: that of the library beside it; else empty
  /// Shared by all copies: what one of them has opened is never made anew by another.
  std::shared_ptr<OpenedLibrary> opened = std::make_shared<OpenedLibrary>();

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
