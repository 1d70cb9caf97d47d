// Signed-in accounts at rest: config/tokens/<destination>.json, mode 0600 in a folder of mode 0700, replaced
// in one rename.
//
// Any thread and any process; lock() keeps two refreshes of one account apart.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/files.h"
#include "registry/base/result.h"
#include "registry/store/library.h"
#include "uploaders/accounts/oauth.h"

namespace asfs {

struct Account {
  oauth::Tokens tokens;
  std::string id;         ///< the platform's own: Instagram's user id, TikTok's open_id
  std::string name;       ///< for people
  std::string client_id;  ///< the app it was signed in with: no other can renew it
  std::string
      app_problem;  ///< why the platform does not renew it by this app, as it said last; "" while it does
  bool renews_itself = false;  ///< the access token itself is traded for a new one (Instagram's own login)
  bool needs_login = false;    ///< the platform ended the sign-in: nothing is tried before the next sign-in
};

/// What the files of a destination are called: `youtube`, `youtube+cooking`.
std::string file_stem_of(std::string_view destination);

/// The environment variable a token may stand in: ASFS_YOUTUBE_TOKEN.
std::string token_variable(std::string_view destination);
/// What stands there, and goes before all other tokens; nullptr: nothing, or it is practice.
const char* environment_token(const Library& library, std::string_view destination);

class TokenStore {
 public:
  explicit TokenStore(const Library& library);

  /// nullopt: nobody has signed in. Code::needs_login: the file is unsafe or unreadable, with what to do.
  Result<std::optional<Account>> load(std::string_view destination) const;
  /// On disk when it returns.
  Result<void> save(std::string_view destination, const Account& account) const;
  /// Takes the room for an account that is about to be renewed: a refresh token that was traded is worth
  /// nothing any more, and the new one is lost where it cannot be written. Code::library: the disk is full.
  Result<FileReplacement> reserve(std::string_view destination) const;
  static Result<void> save(FileReplacement& room, const Account& account);
  /// Also the file of a token pasted by hand. False when there was nothing to remove.
  Result<bool> remove(std::string_view destination) const;

  /// Held while a token is refreshed; waits for another process.
  Result<FileDescriptor> lock(std::string_view destination) const;

  std::filesystem::path file(std::string_view destination) const;
  /// A token put there by hand: one line.
  std::filesystem::path pasted_file(std::string_view destination) const;
  /// When the sign-in or the pasted token last changed; the earliest of times when there is neither.
  std::filesystem::file_time_type changed_at(std::string_view destination) const;

 private:
  std::filesystem::path folder_;
};

/// The app a person registered with a destination's platform, from config/accounts.json (mode 0600).
/// Code::usage says how to write it; any client will do for practice.
Result<oauth::Client> load_client(const Library& library, std::string_view destination);

}  // namespace asfs
