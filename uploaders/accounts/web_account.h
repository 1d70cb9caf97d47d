// Who is signed in on the browser profile of a destination: config/tokens/<destination>.browser.json. No
// secret stands in it: those are the browser's, in the profile folder.
//
// Any thread and any process.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/result.h"
#include "registry/store/library.h"

namespace asfs {

struct WebAccount {
  std::string id;            ///< the platform's own, as its pages tell it
  std::string name;          ///< for people
  std::string browser;       ///< that the profile was made by; another one cannot read its sign-in
  bool needs_login = false;  ///< the pages asked for a sign-in, or for a person
  std::string why;           ///< what they asked for
  std::string page = {};     ///< where they asked for it; "" when that is not known

  bool operator==(const WebAccount&) const = default;
};

/// nullopt: nobody has signed in. Code::library: the file cannot be read, and why.
Result<std::optional<WebAccount>> load_web_account(const Library& library, std::string_view destination);
/// On disk when it returns.
Result<void> save_web_account(const Library& library, std::string_view destination,
                              const WebAccount& account);
/// The profile too. False when there was nothing.
Result<bool> forget_web_account(const Library& library, std::string_view destination);
/// Of its own, under the library; not made yet.
std::filesystem::path web_profile(const Library& library, std::string_view destination);
/// The smallest time when there is no such file.
std::filesystem::file_time_type web_account_changed_at(const Library& library, std::string_view destination);
/// "" when it is not known.
std::string web_account_id(const Library& library, std::string_view destination);

}  // namespace asfs
