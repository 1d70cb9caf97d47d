#include "registry/store/library.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>

namespace asfs {
namespace {

namespace fs = std::filesystem;

/// Empty when the variable is missing or empty.
fs::path environment_path(const char* name) {
  const char* value = std::getenv(name);
  return value ? fs::path(value) : fs::path();
}

fs::path data_home() {
  const fs::path xdg = environment_path("XDG_DATA_HOME");
  if (xdg.is_absolute()) return xdg;  // the XDG rules: a relative path is to be ignored
  fs::path home = environment_path("HOME");
  if (home.empty())  // started by cron, say
    if (const passwd* user = ::getpwuid(::getuid())) home = user->pw_dir;
  return home / ".local" / "share";
}

Library library_at(const fs::path& home) {
  std::error_code error;
  const fs::path absolute = fs::absolute(home, error);  // fails only when the current folder is gone
  fs::path normal = (error ? home : absolute).lexically_normal();
  if (!normal.has_filename() && normal.has_relative_path()) normal = normal.parent_path();  // a/b/ -> a/b
  return Library{normal};
}

}  // namespace

fs::path Library::resolve(std::string_view file_path) const {
  return files_home() / fs::path(file_path);  // an absolute path replaces the home
}

std::vector<fs::path> Library::config_folders() const {
  if (practice()) return {Library{real_home}.config_folder(), config_folder()};
  return {config_folder()};
}

Library find_library(const fs::path& home_option) {
  if (!home_option.empty()) return library_at(home_option);
  if (const fs::path home = environment_path("ASFS_HOME"); !home.empty()) return library_at(home);
  const Library here = library_at(".");
  std::error_code ignored;
  if (fs::is_regular_file(here.database(), ignored)) return here;
  return library_at(data_home() / "asfs-videos");
}

}  // namespace asfs
