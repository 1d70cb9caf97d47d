// One sign-in: an address for the browser, a listener on 127.0.0.1 that takes the answer, and the tokens in
// the end.
//
// The answer may also be pasted, where no browser can reach this machine. start() and finish() block for
// requests; arrived(), wait() and paste() may be called from any thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/store/config.h"
#include "uploaders/accounts/oauth.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/row/dialect.h"

namespace asfs {

/// Which of the accounts that a login sees a person means: one or more of them. An Error ends the sign-in.
using ChooseAccount = std::function<Result<std::size_t>(const std::vector<OwnAccount>&)>;

class SignIn {
 public:
  static Result<std::unique_ptr<SignIn>> start(const Config& config, std::string_view platform,
                                               oauth::Client client);
  ~SignIn();

  /// To be opened in a browser; holds no secret.
  const std::string& address() const;
  /// What the browser was redirected to, typed or pasted by a person.
  Result<void> paste(std::string_view redirected);
  bool arrived() const;
  /// Until the answer is there, at most so long; true when it is.
  bool wait(std::chrono::milliseconds at_most);

  /// Trades the answer for tokens, and asks whose account it is and what it may. Once, after arrived().
  Result<Account> finish(const Clock& clock = system_clock(), const ChooseAccount& choose = {},
                         std::stop_token stop = {});

 private:
  struct State;
  explicit SignIn(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Puts the account of a sign-in, or of a pasted token, in its place; what was not allowed is returned.
/// Code::blocked: it is another destination's account, or something was sent to it from there: one account
/// never gets a post under two names. Code::needs_login: less was allowed than by the sign-in to the same
/// account that is there, which is kept.
Result<std::vector<std::string>> keep_sign_in(const Library& library, const Config& config,
                                              std::string_view destination, Account account);

/// The other destination on the platform that has the account of this id, or has sent something to it; "" for
/// none.
Result<std::string> owner_of(const Library& library, const Config& config, std::string_view destination,
                             const std::string& id);

/// The same sign-in, as another of the accounts that it sees.
Account as_account(Account account, const OwnAccount& own);

/// What a person should know of a sign-in that cannot be renewed; "" for others.
std::string lasting_text(std::string_view destination, const Account& account);

/// An account by a token that was made elsewhere.
struct PastedAccount {
  Account account;
  std::string warning;  ///< what a person should know of it, if anything
};
/// Instagram's is traded for one of about 60 days, when there is an app to do so or it is of Instagram's own
/// login, and looked at as at a sign-in; Code::needs_login: it is not good. Others are taken as they are.
/// Blocks.
Result<PastedAccount> take_token(const Config& config, std::string_view platform, std::string token,
                                 const Result<oauth::Client>& client, const Clock& clock = system_clock(),
                                 const ChooseAccount& choose = {}, std::stop_token stop = {});

/// Forgets the account's tokens, the pasted one too, and asks the platform to do so (best effort); and its
/// browser profile. False when there was nothing to forget.
Result<bool> sign_out(const Library& library, const Config& config, std::string_view platform);

}  // namespace asfs
