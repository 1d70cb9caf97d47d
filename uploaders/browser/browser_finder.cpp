#include "uploaders/browser/browser_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "registry/base/files.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;

/// One browser, and the names it goes by.
struct Known {
  std::string_view name, folder;  ///< its own, under ~/.config
  std::string_view flatpak, snap;
  std::vector<std::string_view> programs;
};

const std::vector<Known>& known_browsers() {
  static const std::vector<Known> kKnown{
      {"Brave",
       "BraveSoftware/Brave-Browser",
       "com.brave.Browser",
       "brave",
       {"usr/bin/brave-browser", "usr/bin/brave", "opt/brave.com/brave/brave-browser",
        "opt/brave.com/brave/brave"}},
      {"Chrome",
       "google-chrome",
       "com.google.Chrome",
       "",
       {"usr/bin/google-chrome", "usr/bin/google-chrome-stable", "opt/google/chrome/chrome"}},
      {"Chromium",
       "chromium",
       "org.chromium.Chromium",
       "chromium",
       {"usr/bin/chromium", "usr/bin/chromium-browser"}},
      {"Edge",
       "microsoft-edge",
       "com.microsoft.Edge",
       "",
       {"usr/bin/microsoft-edge", "usr/bin/microsoft-edge-stable", "opt/microsoft/msedge/msedge"}}};
  return kKnown;
}

bool is_there(const fs::path& file) {
  std::error_code none;
  return fs::exists(file, none);
}

bool is_inside(const fs::path& folder, const fs::path& outer) {
  std::error_code error;
  const fs::path one = fs::weakly_canonical(folder, error), other = fs::weakly_canonical(outer, error);
  return std::mismatch(other.begin(), other.end(), one.begin(), one.end()).first == other.end();
}

std::string value_of_variable(const Machine& machine, const char* name) {
  const char* value = machine.variable ? machine.variable(name) : nullptr;
  return value == nullptr ? "" : value;
}

Result<void> check_not_everyday(const fs::path& profile, const std::vector<fs::path>& everyday) {
  for (const fs::path& own : everyday)
    if (is_inside(profile, own))
      return fail(
          Code::usage,
          fmt::format("{} is the browser's everyday profile, and browsers do not let a program drive that; "
                      "unset BRAVE_USER_DATA_DIR to have a profile of its own made for each account, or set "
                      "it to a folder of its own",
                      path_text(profile)));
  return {};
}

/// The everyday folders of all of them, installed or not.
std::vector<fs::path> everyday_folders(const Machine& machine) {
  std::vector<fs::path> all;
  for (const Known& one : known_browsers()) {
    all.push_back(machine.home / ".config" / one.folder);
    all.push_back(machine.home / ".var/app" / one.flatpak / "config" / one.folder);
    if (!one.snap.empty()) all.push_back(machine.home / "snap" / one.snap / "current/.config" / one.folder);
    if (!one.snap.empty()) all.push_back(machine.home / "snap" / one.snap / "common" / one.snap);
  }
  return all;
}

}  // namespace

Machine Machine::this_one() {
  const char* home = std::getenv("HOME");
  return {.home = home == nullptr ? "/" : home,
          .variable = [](const char* name) { return std::getenv(name); }};
}

std::vector<FoundBrowser> find_browsers(const Machine& machine) {
  std::vector<FoundBrowser> found;
  for (const Known& one : known_browsers()) {
    const fs::path own = machine.home / ".config" / one.folder;
    const auto program = std::ranges::find_if(
        one.programs, [&](std::string_view path) { return is_there(machine.root / path); });
    const fs::path snap = machine.root / "snap/bin" / (one.snap.empty() ? "." : one.snap);
    if (program != one.programs.end()) {
      found.push_back({std::string(one.name), machine.root / *program, own});
    } else if (!one.snap.empty() && is_there(snap)) {
      found.push_back(
          {fmt::format("{} (snap)", one.name), snap, own, machine.home / "snap" / one.snap / "common/asfs"});
    } else {
      for (const fs::path& exports :
           {machine.root / "var/lib/flatpak/exports/bin", machine.home / ".local/share/flatpak/exports/bin"})
        if (is_there(exports / one.flatpak)) {
          found.push_back({fmt::format("{} (flatpak)", one.name), exports / one.flatpak, own,
                           machine.home / ".var/app" / one.flatpak / "asfs"});
          break;
        }
    }
  }
  return found;
}

Result<BrowserChoice> choose_browser(const Machine& machine, const fs::path& profile,
                                     std::string_view wanted) {
  BrowserChoice choice{.profile = profile};
  if (const std::string given = value_of_variable(machine, "BRAVE_USER_DATA_DIR"); !given.empty()) {
    choice.profile = given;
    if (!choice.profile.is_absolute())
      return fail(Code::usage, "BRAVE_USER_DATA_DIR must be an absolute path");
    if (const std::string part = value_of_variable(machine, "BRAVE_PROFILE_DIRECTORY"); !part.empty())
      choice.more.push_back("--profile-directory=" + part);
  }
  if (auto own = check_not_everyday(choice.profile, everyday_folders(machine)); !own)
    return std::unexpected(own.error());
  if (const std::string path = value_of_variable(machine, "BRAVE_PATH"); !path.empty()) {
    if (!is_there(path))
      return fail(Code::not_found, fmt::format("BRAVE_PATH names {}, which is not there", path));
    choice.name = fs::path(path).filename().string();
    choice.program = {path};
    return choice;
  }
  const auto all = find_browsers(machine);
  const auto one = std::ranges::find_if(all, [&](const FoundBrowser& browser) {
    return wanted.empty() || fold_case(browser.name).starts_with(fold_case(wanted));
  });
  if (one == all.end())
    return fail(
        Code::not_found,
        fmt::format("there is no {} here; install Brave, Chrome, Chromium or Edge, or set BRAVE_PATH to one",
                    wanted.empty() ? "browser that can be driven" : std::string(wanted)));
  choice.name = one->name;
  choice.program = {one->program.string()};
  if (!one->room.empty() && choice.profile == profile) {
    std::string name = path_text(profile);
    std::ranges::replace(name, '/', '_');
    choice.profile = one->room / name;
  }
  return choice;
}

}  // namespace asfs
