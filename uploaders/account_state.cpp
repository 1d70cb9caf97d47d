#include "uploaders/account_state.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "uploaders/credentials.h"
#include "uploaders/token_store.h"

namespace asfs {
namespace {

using Kind = AccountState::Kind;

std::string expiry_text(const oauth::Tokens& tokens) {
  if (!tokens.expires_at) return "";
  if (!tokens.refresh_token.empty()) return "renewed by itself";
  return "until " + short_time(local_timestamp(*tokens.expires_at));
}

}  // namespace

std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, 4> kNames{"not signed in", "signed in", "token", "needs login"};
  return kNames[static_cast<std::size_t>(kind)];
}

AccountState account_state(const Library& library, const Config& config, std::string_view platform,
                           bool practice) {
  const std::string variable = token_variable(platform);
  const char* value = std::getenv(variable.c_str());
  if (!practice && value && *value) return {Kind::token, "", "from " + variable};
  const TokenStore store(library, practice);
  const auto changed_at = store.changed_at(platform);
  const auto account = store.load(platform);
  if (!account) return {Kind::needs_login, "", account.error().message, changed_at};
  if (*account) {
    const Account& known = **account;
    const auto missing = oauth::missing_scopes(oauth::config_of(config, platform), known.tokens.scopes);
    return {known.needs_login ? Kind::needs_login : Kind::signed_in, known.name,
            missing.empty() ? expiry_text(known.tokens)
                            : fmt::format("not allowed: {}", fmt::join(missing, ", ")),
            changed_at};
  }
  std::error_code none;
  if (!practice && std::filesystem::exists(store.pasted_file(platform), none))
    return {Kind::token, "", "from a file", changed_at};
  return {};
}

}  // namespace asfs
