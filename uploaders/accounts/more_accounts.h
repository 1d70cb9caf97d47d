// One sign-in that sees several accounts: which of them a person means, and a destination for each.
//
// picked_in() is pure; the others read and write files. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/base/result.h"
#include "registry/store/config.h"
#include "registry/store/library.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/row/dialect.h"

namespace asfs {

struct OfferedAccounts {
  std::vector<OwnAccount> free;                           ///< that `destination` may have
  std::vector<std::pair<OwnAccount, std::string>> owned;  ///< and the destination that has it
};
Result<OfferedAccounts> offered_to(const Library& library, const Config& config, std::string_view destination,
                                   const std::vector<OwnAccount>& seen);

/// What a person typed: `2`, `1,3`, `all`, a name, page or id, or several with commas; each once, in the
/// order typed. Empty: something of it names none of them.
std::vector<std::size_t> picked_in(const std::vector<OwnAccount>& accounts, std::string_view typed);

/// Keeps `account` as a destination of its own on the platform, `Instagram/<made of its name>`, which is
/// added to the library; its name. Errors as of add_destination() and keep_sign_in(); nothing is added then.
Result<std::string> add_account(const Library& library, const Config& config, std::string_view platform,
                                const Account& account);

}  // namespace asfs
