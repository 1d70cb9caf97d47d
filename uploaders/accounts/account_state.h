// How a person stands with a platform's account, for lists and windows. Reads files; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/clock.h"
#include "registry/store/config.h"
#include "registry/store/library.h"

namespace asfs {

struct AccountState {
  enum class Kind : std::uint8_t { signed_out, signed_in, token, needs_login };
  Kind kind = Kind::signed_out;
  std::string name;    ///< of the account, where it is known
  std::string detail;  ///< for people: until when, from where, what is missing or wrong
  std::filesystem::file_time_type changed_at =
      std::filesystem::file_time_type::min();  ///< of the files the token and the app are in

  std::optional<TimePoint> ends_at;  ///< of the sign-in: a new one is needed then; nullopt: not known
  bool kept_by_use = false;          ///< or it is used before that
  std::string shadowed_by;           ///< the variable whose token is used in place of the sign-in; "": none

  /// A token can be had, as far as this machine knows.
  bool usable() const { return kind == Kind::signed_in || kind == Kind::token; }
};

std::string_view name_of(AccountState::Kind kind);

/// What a person should know of an account that is to post at `at`: that its sign-in ends before, or is not
/// what is used. "" for nothing. The one judgement of plan, queue, login and the start of uploads.
std::string account_warning(std::string_view destination, const AccountState& state, TimePoint at);

AccountState account_state(const Library& library, const Config& config, std::string_view platform);

}  // namespace asfs
