// Access tokens. A token comes from, in this order: the practice platforms (issued silently), the environment
// (ASFS_YOUTUBE_TOKEN), a sign-in (token_store.h), or a file of mode 0600 under the library's config/tokens/
// (youtube.token, one line).
//
// A sign-in's token is refreshed some minutes ahead, that of Instagram's own login once a day, by one process
// at a time. A sign-in that the platform has ended is marked, and nothing is asked of the platform again
// before the next sign-in. A token is never logged, never part of an error and never written anywhere else.
// Any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/store/config.h"
#include "registry/store/library.h"
#include "uploaders/accounts/account_memory.h"
#include "uploaders/accounts/account_state.h"

namespace asfs {

class Credentials {
 public:
  virtual ~Credentials() = default;
  /// Code::needs_login says how to provide one, or which chmod to run when others can read the file.
  /// Code::account: the platform does not accept the app, and where to look. Code::offline: it could not be
  /// asked. Neither is the fault of a video.
  virtual Result<std::string> access_token(std::string_view platform) = 0;
  /// The platform refused the token: a fresh one, or Code::needs_login when there is none to be had.
  virtual Result<std::string> refreshed_token(std::string_view platform) = 0;
  /// Who the account is, in the platform's own id, as noted at the sign-in; "" when that is not known and
  /// must be asked for, as for a token that is not of a sign-in.
  virtual std::string account_id(std::string_view platform);
  /// How the account stands, for account_warning(); nothing is known of practice.
  virtual AccountState state(std::string_view platform);
  /// What is remembered of that account; nothing where there is no library to keep it in, as for practice.
  virtual AccountMemory memory(std::string_view platform);
  virtual void remember(std::string_view platform, const std::function<void(AccountMemory&)>& change);
};

/// `config` says where tokens are refreshed. The clock outlives the object.
std::unique_ptr<Credentials> stored_credentials(const Library& library, const Config& config = {},
                                                const Clock& clock = system_clock());

/// Tokens of the practice platforms at `practice_url`, asked for over HTTP when first needed.
std::unique_ptr<Credentials> practice_credentials(std::string practice_url);

}  // namespace asfs
