// Which Instagram accounts a token may post to, and what it was allowed: asked once, at the sign-in.
//
// A Facebook login sees accounts through the pages it manages, its own and those of its businesses; a page's
// own token sees that page's. Blocks for its requests; any thread.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "registry/base/result.h"
#include "registry/store/config.h"
#include "uploaders/transfer/http.h"

namespace asfs::instagram {

struct OwnAccount {
  std::string id;        ///< to post to
  std::string username;  ///< "" when it is not told
  std::string page;      ///< the Facebook page it is linked to

  /// For people: `@name (page)`.
  std::string shown() const;
};

struct Access {
  std::vector<OwnAccount> accounts;  ///< each once, in the platform's order; never empty
  std::vector<std::string> granted;  ///< permissions; empty when they are not told
};

/// Code::offline: could not be asked. Code::needs_login: the token is not good, or sees no account.
/// Code::failed: an answer that says nothing.
Result<Access> ask_access(Http& http, const InstagramConfig& config, const std::string& token,
                          std::stop_token stop = {});

/// The one that a person means by its name, page or id, in any capitals; nullptr for none, or several.
const OwnAccount* find_account(const std::vector<OwnAccount>& accounts, std::string_view wanted);

/// `@one (page), @two (page)`
std::string names_of(const std::vector<OwnAccount>& accounts);

}  // namespace asfs::instagram
