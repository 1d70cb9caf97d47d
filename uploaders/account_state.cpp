#include "uploaders/account_state.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include "registry/base/text.h"
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
  std::string upper(platform);
  std::ranges::transform(upper, upper.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const std::string variable = "ASFS_" + upper + "_TOKEN";
  const char* value = std::getenv(variable.c_str());
  if (!practice && value && *value) return {Kind::token, "", "from " + variable};
  const auto account = TokenStore(library, practice).load(platform);
  if (!account) return {Kind::needs_login, "", account.error().message};
  if (*account) {
    const Account& known = **account;
    const auto missing = oauth::missing_scopes(oauth::config_of(config, platform), known.tokens.scopes);
    return {known.needs_login ? Kind::needs_login : Kind::signed_in, known.name,
            missing.empty() ? expiry_text(known.tokens)
                            : fmt::format("not allowed: {}", fmt::join(missing, ", "))};
  }
  std::error_code none;
  if (!practice && std::filesystem::exists(library.tokens_folder() / (fold_case(platform) + ".token"), none))
    return {Kind::token, "", "from a file"};
  return {};
}

}  // namespace asfs
