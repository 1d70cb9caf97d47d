// OAuth 2.0 as the platforms speak it, each in its dialect: addresses, forms and answers. Pure, but for
// random(); any thread.
//
// Secrets (codes, tokens, client secrets) stand in requests and answers only; no error ever holds one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/store/config.h"
#include "uploaders/row/dialect.h"
#include "uploaders/transfer/http.h"

namespace asfs::oauth {

/// Of the platform that a destination is on.
const Dialect& dialect_of(std::string_view platform);

/// `length` characters of A-Z a-z 0-9 - _ by the system's random source.
std::string random(std::size_t length);

/// The PKCE challenge of a verifier: base64url without padding, or lower-case hex.
std::string challenge_of(std::string_view verifier, bool hex);

/// One sign-in under way.
struct Request {
  std::string platform;
  std::string redirect_uri;
  std::string state;
  std::string verifier;
};
/// The address to open in a browser.
std::string auth_url(const OAuthConfig& config, const Client& client, const Request& request);

/// The code in what the platform redirected to: a whole address, or its query. Code::needs_login: denied.
/// Code::usage: not the answer to this request.
Result<std::string> code_in(std::string_view redirected, const Request& request);

/// What a sign-in or a refresh gave.
struct Tokens {
  std::string access_token;
  std::string refresh_token;  ///< empty: none was given
  std::optional<TimePoint> expires_at;
  std::optional<TimePoint> refresh_expires_at;
  std::vector<std::string> scopes;  ///< granted; empty: not said
  std::string open_id;              ///< TikTok: whose they are
  std::optional<TimePoint> given_at;
};

HttpRequest code_request(const OAuthConfig& config, const Client& client, const Request& request,
                         std::string_view code);
HttpRequest refresh_request(const OAuthConfig& config, const Client& client, std::string_view platform,
                            std::string_view refresh_token);
/// A request of these parameters; empty ones are left out. By query: a GET.
HttpRequest request_of(const std::string& url, const std::vector<std::pair<std::string, std::string>>& form,
                       bool by_query);
HttpRequest revoke_request(const OAuthConfig& config, const Client& client, std::string_view platform,
                           std::string_view token);

/// Code::needs_login: the sign-in is over. Code::account: the app's settings are wrong, and where to look.
/// Code::offline: nothing is known, try again later.
Result<Tokens> read_tokens(const HttpResponse& response, std::string_view platform, TimePoint now);

/// Those of `config` that were not granted; none when the platform did not say.
std::vector<std::string> missing_scopes(const OAuthConfig& config, const std::vector<std::string>& granted);

}  // namespace asfs::oauth
