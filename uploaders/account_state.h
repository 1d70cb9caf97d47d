// How a person stands with a platform's account, for lists and windows. Reads files; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "registry/config.h"
#include "registry/library.h"

namespace asfs {

struct AccountState {
  enum class Kind : std::uint8_t { signed_out, signed_in, token, needs_login };
  Kind kind = Kind::signed_out;
  std::string name;    ///< of the account, where it is known
  std::string detail;  ///< for people: until when, from where, what is missing or wrong
};

std::string_view name_of(AccountState::Kind kind);

AccountState account_state(const Library& library, const Config& config, std::string_view platform,
                           bool practice);

}  // namespace asfs
