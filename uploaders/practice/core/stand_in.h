// What stands in for a platform on this machine: its API, and how one signs in there. A part of the
// platform's row.
#pragma once

#include <string_view>

#include "uploaders/practice/core/exchange.h"
#include "uploaders/practice/core/faults.h"
#include "uploaders/practice/core/store.h"
#include "uploaders/practice/core/turns.h"

namespace asfs::practice {

/// What all stand-ins of a server share. Outlives them.
struct StandInParts {
  Store& store;
  Faults& faults;
  Turns& turns;
};

/// Thread-safe.
class StandIn {
 public:
  virtual ~StandIn() = default;
  virtual bool serves(std::string_view path) const = 0;
  virtual Answer answer(Request& request) = 0;
};

/// A sign-in as oauth.h plays it, apart from what the platform's dialect says.
struct SignInManner {
  std::string_view consent_path, token_path;
  std::string_view revoke_path;   ///< "": none
  std::string_view renewal_path;  ///< a token is traded for itself there; "": nowhere
  bool versioned = false;         ///< a version stands before its paths
  bool needs_secret = true;
  bool refreshes = true;  ///< gives refresh tokens; else tokens are traded for longer ones
  bool rotates = false;   ///< a refresh token dies when it is used
  bool tells_scopes = true;
  std::string_view account_key;  ///< the account's id in an answer; "": it is not told
  Answer (*problem)(std::string_view name,
                    std::string_view said) = nullptr;  ///< nullptr: as the standard has it
};

}  // namespace asfs::practice
