// The sign-in of the practice platforms: the pages that ask for consent, codes, tokens, refresh and
// revocation, each platform in its own dialect. Strict: PKCE is verified (TikTok's in hex), a code works once
// and for the same redirect_uri, TikTok's refresh tokens rotate. Thread-safe; what it gave out is forgotten
// when the server ends, but for the access tokens.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "uploaders/practice/core/exchange.h"
#include "uploaders/practice/core/faults.h"
#include "uploaders/practice/core/store.h"

namespace asfs::practice {

class OAuth {
 public:
  OAuth(Store& store, Faults& faults) : store_(store), faults_(faults) {}

  static bool serves(std::string_view path);
  Answer answer(Request& request);

 private:
  using Params = std::map<std::string, std::string>;
  struct Grant {
    std::string platform, client, redirect_uri, challenge, scopes, account;
  };

  Answer ask_for_consent(const Request& request, std::string_view platform);
  Answer consent(Request& request, const Params& params);
  Answer token(Request& request, std::string_view platform, const Params& params);
  Answer by_code(std::string_view platform, const Params& params);
  Answer by_refresh_token(std::string_view platform, const Params& params);
  Answer give(const Grant& grant, const std::string& refresh_token);
  std::optional<Fault> strike(Request& request, std::string_view platform, std::string_view kind);

  Store& store_;
  Faults& faults_;
  std::mutex mutex_;
  std::map<std::string, Grant> codes_;
  std::map<std::string, Grant> refresh_tokens_;
};

}  // namespace asfs::practice
