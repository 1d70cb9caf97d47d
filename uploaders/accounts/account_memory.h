// What is known of a person's accounts beside their tokens, and outlives a sign-out:
// config/tokens/<destination>.known.json, by the platform's own id of the account.
//
// Any thread and any process. Without the file, or with one that cannot be read, nothing is known.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/store/library.h"

namespace asfs {

struct AccountMemory {
  std::string privacy;                    ///< the narrowest that a person chose for a post; "": none was
  std::optional<TimePoint> unaudited_at;  ///< the platform said that it has not audited the app
  bool operator==(const AccountMemory&) const = default;
};

/// "" stands for an account whose id is not known; what was noted under it counts until more is known.
AccountMemory load_memory(const Library& library, std::string_view destination,
                          const std::string& account_id);

/// On disk when it returns.
Result<void> change_memory(const Library& library, std::string_view destination,
                           const std::string& account_id, const std::function<void(AccountMemory&)>& change);

}  // namespace asfs
