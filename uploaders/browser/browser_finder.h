// Which browsers of the Chromium family this machine has, and the profile folders they may be driven on.
//
// Reads the file system and the environment; any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/result.h"

namespace asfs {

struct FoundBrowser {
  std::string name;                  ///< "Brave", for people
  std::filesystem::path program;     ///< absolute
  std::filesystem::path own_folder;  ///< where it keeps the person's everyday profile
  /// Where it may write, when not everywhere: a flatpak's or a snap's own room; "" for others.
  std::filesystem::path room = {};
};

/// What of the machine is looked at; for tests.
struct Machine {
  std::filesystem::path root = "/";
  std::filesystem::path home;  ///< of the person
  std::function<const char*(const char* name)> variable;
  static Machine this_one();
};

/// Brave, Chrome, Chromium, Edge, in this order: those that are installed. Debian's places, snap's,
/// flatpak's.
std::vector<FoundBrowser> find_browsers(const Machine& machine);

/// What to drive: a browser on a profile folder.
struct BrowserChoice {
  std::string name;
  std::vector<std::string> program;
  std::filesystem::path profile;
  std::vector<std::string> more = {};  ///< switches
};

/// BRAVE_PATH, and BRAVE_USER_DATA_DIR with BRAVE_PROFILE_DIRECTORY, as the Python program reads them, go
/// first; else the first browser found, or the one that is called `wanted`, on `profile`, or for one that may
/// not write there on a folder of that name in its own room. Code::not_found: there is none, and what to do;
/// Code::usage: the profile is the browser's everyday one, which browsers do not let anyone drive.
Result<BrowserChoice> choose_browser(const Machine& machine, const std::filesystem::path& profile,
                                     std::string_view wanted = {});

}  // namespace asfs
