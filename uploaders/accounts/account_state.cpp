#include "uploaders/accounts/account_state.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "uploaders/accounts/token_store.h"
#include "uploaders/accounts/web_account.h"

namespace asfs {
namespace {

using Kind = AccountState::Kind;

std::string until_text(const std::optional<TimePoint>& time) {
  return time ? "until " + short_time(local_timestamp(*time)) : std::string();
}

/// How long the sign-in lasts, and what keeps it from being renewed.
void tell_end(const Library& library, std::string_view platform, const Account& account,
              AccountState& state) {
  const oauth::Tokens& tokens = account.tokens;
  state.detail = account.app_problem;
  if (!account.app_problem.empty()) return;
  state.kept_by_use = account.renews_itself;
  state.ends_at = tokens.expires_at;
  state.detail = until_text(tokens.expires_at);
  if (account.renews_itself) {
    state.detail = tokens.expires_at ? state.detail + "; renewed by itself when it is used before"
                                     : "renewed by itself when it is used within 60 days";
    return;
  }
  constexpr std::chrono::hours kSoon{30 * 24};
  const TimePoint now = system_clock().now();
  const auto& ends = tokens.refresh_expires_at;
  if (tokens.refresh_token.empty() || (ends && *ends <= now)) return;
  const auto client = load_client(library, platform);
  state.ends_at.reset();
  if (!client && (client.error().code != Code::usage || account.client_id.empty())) {
    state.detail += "; cannot be renewed: " + client.error().message;
    return;
  }
  state.ends_at = ends;
  if (ends && *ends - now < kSoon)
    state.detail = "renewed by itself " + until_text(ends);
  else
    state.detail = tokens.expires_at ? "renewed by itself" : "";
}

/// Whatever stands in the environment.
AccountState stored_state(const Library& library, const Config& config, std::string_view platform) {
  const TokenStore store(library);
  std::error_code no_app;
  auto changed_at = std::filesystem::last_write_time(library.config_folder() / "accounts.json", no_app);
  changed_at = no_app ? store.changed_at(platform) : std::max(changed_at, store.changed_at(platform));
  const auto account = store.load(platform);
  if (!account) return {Kind::needs_login, "", account.error().message, changed_at};
  if (*account) {
    const Account& known = **account;
    AccountState state{known.needs_login ? Kind::needs_login : Kind::signed_in, known.name, "", changed_at};
    tell_end(library, platform, known, state);
    if (const auto missing = oauth::missing_scopes(config.at(platform).oauth, known.tokens.scopes);
        !missing.empty())
      state.detail = fmt::format("not allowed: {}", fmt::join(missing, ", "));
    return state;
  }
  std::error_code none;
  if (!library.practice() && std::filesystem::exists(store.pasted_file(platform), none))
    return {Kind::token, "", "from a file", changed_at};
  return {};
}

}  // namespace

std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, 4> kNames{"not signed in", "signed in", "token", "needs login"};
  return kNames[static_cast<std::size_t>(kind)];
}

namespace {

/// Of a destination that posts through a browser.
AccountState web_state(const Library& library, std::string_view destination) {
  const auto changed_at = web_account_changed_at(library, destination);
  const auto account = load_web_account(library, destination);
  if (!account)
    return {.kind = Kind::needs_login, .detail = account.error().message, .changed_at = changed_at};
  if (!*account) return {.detail = "posts through a browser"};
  const WebAccount& known = **account;
  return {.kind = known.needs_login ? Kind::needs_login : Kind::signed_in,
          .name = known.name,
          .detail = known.needs_login ? known.why : "in " + known.browser,
          .changed_at = changed_at};
}

}  // namespace

AccountState account_state(const Library& library, const Config& config, std::string_view platform) {
  const Destination* destination = config.destinations.find(platform);
  if (destination != nullptr && destination->route == Route::browser) return web_state(library, platform);
  AccountState stored = stored_state(library, config, platform);
  if (!environment_token(library, platform)) return stored;
  const std::string variable = token_variable(platform);
  const bool hidden = stored.kind != Kind::signed_out;
  return {.kind = Kind::token,
          .detail = fmt::format("from {}{}", variable, hidden ? ", in place of the sign-in" : ""),
          .shadowed_by = hidden ? variable : ""};
}

std::string account_warning(std::string_view destination, const AccountState& state, TimePoint at) {
  if (!state.shadowed_by.empty())
    return fmt::format("{} in the environment is used in place of the sign-in to {}; unset it to use that",
                       state.shadowed_by, destination);
  if (state.kind != Kind::signed_in || !state.ends_at || at < *state.ends_at) return {};
  return fmt::format("the sign-in to {0} ends {1}{2}; sign in again by then: asfs-videos login {0}",
                     destination, short_time(local_timestamp(*state.ends_at)),
                     state.kept_by_use ? ", unless something is sent before" : "");
}

}  // namespace asfs
