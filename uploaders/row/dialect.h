// How a platform's sign-in differs from OAuth 2.0 as the others speak it, and from theirs: a part of its row.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/base/result.h"
#include "registry/store/config.h"
#include "uploaders/transfer/http.h"

namespace asfs {

/// An account that a token may post to.
struct OwnAccount {
  std::string id;        ///< the platform's own
  std::string username;  ///< "" when it is not told
  std::string page;      ///< Instagram: the Facebook page it is linked to; "" elsewhere

  /// For people: `@name (page)`.
  std::string shown() const;
};

struct Access {
  std::vector<OwnAccount> accounts;  ///< each once, in the platform's order; never empty
  std::vector<std::string> granted;  ///< permissions; empty when they are not told
};

/// The one that a person means by its name, page or id, in any capitals; nullptr for none, or several.
const OwnAccount* find_account(const std::vector<OwnAccount>& accounts, std::string_view wanted);

/// `@one (page), @two (page)`
std::string names_of(const std::vector<OwnAccount>& accounts);

namespace oauth {

/// The app that a person registered with a platform.
struct Client {
  std::string id;
  std::string secret;  ///< may be empty with Google
};

struct Dialect {
  std::string_view client_id = "client_id";      ///< the parameter's name
  std::string_view redirect_host = "127.0.0.1";  ///< that its app settings accept for a program on a desktop
  char scope_separator = ' ';
  bool pkce = true;
  bool hex_challenge = false;         ///< the challenge is the hex text of the hash
  bool by_query = false;              ///< the token request is a GET
  bool app_revokes = false;           ///< a revocation names the app, and the access token
  std::string_view extra_parameters;  ///< of the page that asks for consent: `name=value&…`
  std::string_view app_settings;      ///< where a person finds the app's id and secret
  bool refreshes = false;             ///< a sign-in gives a token by which it is renewed
  bool posts_to_all = false;          ///< a token posts to each of the accounts that it sees
  /// Whose account a token is, and what it was allowed. Code::offline: could not be asked. Code::needs_login:
  /// the token is not good, or sees no account. Code::failed: an answer that says nothing.
  Result<Access> (*ask_access)(Http& http, const PlatformConfig& config, const std::string& token,
                               std::stop_token stop) = nullptr;
  /// Trades a token for one that lasts; nullptr: every token lasts as it is.
  HttpRequest (*long_lived)(const OAuthConfig& config, const Client& client,
                            std::string_view token) = nullptr;
  /// Trades a token for itself, renewed, where that is how it is done; nullopt where it is not.
  std::optional<HttpRequest> (*renewal)(const PlatformConfig& config, std::string_view token) = nullptr;
};

}  // namespace oauth
}  // namespace asfs
