#include "uploaders/accounts/account_state.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "uploaders/accounts/credentials.h"
#include "uploaders/accounts/token_store.h"

namespace asfs {
namespace {

using Kind = AccountState::Kind;

std::string until_text(const std::optional<TimePoint>& time) {
  return time ? "until " + short_time(local_timestamp(*time)) : std::string();
}

/// How long the sign-in lasts, and what keeps it from being renewed.
std::string expiry_text(const Library& library, std::string_view platform, const Account& account) {
  const oauth::Tokens& tokens = account.tokens;
  if (!account.app_problem.empty()) return account.app_problem;
  if (account.renews_itself)
    return tokens.expires_at ? until_text(tokens.expires_at) + "; renewed by itself when it is used before"
                             : "renewed by itself when it is used within 60 days";
  if (tokens.refresh_token.empty()) return until_text(tokens.expires_at);
  const auto client = load_client(library, platform);
  if (!client && (client.error().code != Code::usage || account.client_id.empty()))
    return until_text(tokens.expires_at) + "; cannot be renewed: " + client.error().message;
  constexpr std::chrono::hours kSoon{30 * 24};
  const TimePoint now = system_clock().now();
  if (tokens.refresh_expires_at && *tokens.refresh_expires_at <= now) return until_text(tokens.expires_at);
  if (tokens.refresh_expires_at && *tokens.refresh_expires_at - now < kSoon)
    return "renewed by itself " + until_text(tokens.refresh_expires_at);
  return tokens.expires_at ? "renewed by itself" : "";
}

}  // namespace

std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, 4> kNames{"not signed in", "signed in", "token", "needs login"};
  return kNames[static_cast<std::size_t>(kind)];
}

AccountState account_state(const Library& library, const Config& config, std::string_view platform) {
  const std::string variable = token_variable(platform);
  const char* value = std::getenv(variable.c_str());
  if (!library.practice() && value && *value) return {Kind::token, "", "from " + variable};
  const TokenStore store(library);
  std::error_code no_app;
  auto changed_at = std::filesystem::last_write_time(library.config_folder() / "accounts.json", no_app);
  changed_at = no_app ? store.changed_at(platform) : std::max(changed_at, store.changed_at(platform));
  const auto account = store.load(platform);
  if (!account) return {Kind::needs_login, "", account.error().message, changed_at};
  if (*account) {
    const Account& known = **account;
    const auto missing = oauth::missing_scopes(config.at(platform).oauth, known.tokens.scopes);
    return {known.needs_login ? Kind::needs_login : Kind::signed_in, known.name,
            missing.empty() ? expiry_text(library, platform, known)
                            : fmt::format("not allowed: {}", fmt::join(missing, ", ")),
            changed_at};
  }
  std::error_code none;
  if (!library.practice() && std::filesystem::exists(store.pasted_file(platform), none))
    return {Kind::token, "", "from a file", changed_at};
  return {};
}

}  // namespace asfs
