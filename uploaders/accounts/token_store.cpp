#include "uploaders/accounts/token_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>

#include "registry/base/json.h"
#include "registry/base/private_file.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr std::int64_t kLastSecond = 253'402'300'799;  // of the year 9999

std::int64_t seconds_of(const std::optional<TimePoint>& time) {
  return time ? unix_millis(*time) / 1000 : 0;
}

std::optional<TimePoint> time_at(const Json& json, const char* key) {
  const auto seconds = number_at(json, key).value_or(0);
  if (seconds <= 0 || seconds > kLastSecond) return std::nullopt;
  return TimePoint(std::chrono::seconds(seconds));
}

Account read_account(const Json& json) {
  Account account;
  account.tokens.access_token = text_at(json, "access_token");
  account.tokens.refresh_token = text_at(json, "refresh_token");
  account.tokens.expires_at = time_at(json, "expires_at");
  account.tokens.refresh_expires_at = time_at(json, "refresh_expires_at");
  if (const Json& scopes = child_at(json, "scopes"); scopes.is_array())
    for (const Json& scope : scopes)
      if (scope.is_string()) account.tokens.scopes.push_back(scope);
  account.id = text_at(json, "account_id");
  account.name = text_at(json, "account_name");
  account.client_id = text_at(json, "client_id");
  account.app_problem = text_at(json, "app_problem");
  account.tokens.given_at = time_at(json, "given_at");
  account.renews_itself = flag_at(json, "renews_itself");
  account.needs_login = flag_at(json, "needs_login");
  return account;
}

std::string account_text(const Account& account) {
  const Json json{{"access_token", account.tokens.access_token},
                  {"refresh_token", account.tokens.refresh_token},
                  {"expires_at", seconds_of(account.tokens.expires_at)},
                  {"refresh_expires_at", seconds_of(account.tokens.refresh_expires_at)},
                  {"scopes", account.tokens.scopes},
                  {"account_id", account.id},
                  {"account_name", account.name},
                  {"client_id", account.client_id},
                  {"app_problem", account.app_problem},
                  {"given_at", seconds_of(account.tokens.given_at)},
                  {"renews_itself", account.renews_itself},
                  {"needs_login", account.needs_login}};
  return dumped(json, 2) + "\n";
}

}  // namespace

std::string token_variable(std::string_view destination) {
  std::string name = fmt::format("ASFS_{}_TOKEN", destination);
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return std::isalnum(c) ? std::toupper(c) : '_'; });
  return name;
}

const char* environment_token(const Library& library, std::string_view destination) {
  const char* value = library.practice() ? nullptr : std::getenv(token_variable(destination).c_str());
  return value && *value ? value : nullptr;
}

TokenStore::TokenStore(const Library& library) : folder_(library.tokens_folder()) {}

std::string file_stem_of(std::string_view destination) {
  std::string stem = fold_case(destination);
  std::ranges::replace(stem, '/', '+');
  return stem;
}

std::filesystem::path TokenStore::file(std::string_view destination) const {
  return folder_ / (file_stem_of(destination) + ".json");
}

std::filesystem::path TokenStore::pasted_file(std::string_view destination) const {
  return folder_ / (file_stem_of(destination) + ".token");
}

std::filesystem::file_time_type TokenStore::changed_at(std::string_view destination) const {
  auto latest = std::filesystem::file_time_type::min();
  for (const auto& path : {file(destination), pasted_file(destination)}) {
    std::error_code missing;
    const auto time = std::filesystem::last_write_time(path, missing);
    if (!missing) latest = std::max(latest, time);
  }
  return latest;
}

Result<std::optional<Account>> TokenStore::load(std::string_view destination) const {
  const auto path = file(destination);
  const auto text = read_private_file(path, "the access token");
  if (!text && text.error().code == Code::not_found) return std::nullopt;
  if (!text) return std::unexpected(text.error());
  struct stat status {};
  if (::stat(folder_.c_str(), &status) != 0 || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(Code::needs_login, fmt::format("others can look into the folder of access tokens; run: chmod "
                                               "700 '{}'",
                                               path_text(folder_)));
  const Json json = read_json(*text);
  if (!json.is_object() || text_at(json, "access_token").empty())
    return fail(Code::needs_login, fmt::format("{} is damaged; sign in again: asfs-videos login {}",
                                               path_text(path), destination));
  return read_account(json);
}

Result<void> TokenStore::save(std::string_view destination, const Account& account) const {
  auto room = reserve(destination);
  return room ? save(*room, account) : std::unexpected(room.error());
}

Result<FileReplacement> TokenStore::reserve(std::string_view destination) const {
  if (auto made = make_private_folder(folder_); !made) return std::unexpected(made.error());
  if (::chmod(folder_.c_str(), S_IRWXU) != 0)
    return fail(Code::library,
                fmt::format("cannot make {} private: {}", path_text(folder_), errno_text(errno)));
  constexpr std::size_t kLargest = 64 << 10;  // that is read again
  return FileReplacement::reserve(file(destination), kLargest);
}

Result<void> TokenStore::save(FileReplacement& room, const Account& account) {
  return room.write(account_text(account));
}

Result<bool> TokenStore::remove(std::string_view destination) const {
  bool removed = false;
  for (const auto& path : {file(destination), pasted_file(destination)}) {
    std::error_code error;
    removed |= std::filesystem::remove(path, error);
    if (error)
      return fail(Code::library, fmt::format("cannot delete {}: {}", path_text(path), error.message()));
  }
  return removed;
}

Result<FileDescriptor> TokenStore::lock(std::string_view destination) const {
  if (auto made = make_private_folder(folder_); !made) return std::unexpected(made.error());
  return lock_file(folder_ / (file_stem_of(destination) + ".lock"));
}

Result<oauth::Client> load_client(const Library& library, std::string_view destination) {
  if (library.practice()) return oauth::Client{"practice-client", "practice-secret"};
  const auto path = library.config_folder() / "accounts.json";
  const std::string example =
      fmt::format(R"({{"{}": {{"client_id": "…", "client_secret": "…"}}}})", destination);
  const auto how = fmt::format(
      "write the app's client id into {} (mode 600), as in {}; docs/accounts.md tells how to "
      "get one",
      path_text(path), example);
  const auto text = read_private_file(path, "the client secret");
  if (!text && text.error().code == Code::not_found) return fail(Code::usage, how);
  if (!text) return std::unexpected(text.error());
  const Json json = read_json(*text, JsonComments::welcome);
  if (!json.is_object())
    return fail(Code::usage, fmt::format("{} is not valid JSON; {}", path_text(path), how));
  const Json& app = child_at(json, json.contains(destination) ? destination : platform_of(destination));
  oauth::Client client{text_at(app, "client_id"), text_at(app, "client_secret")};
  if (client.id.empty()) client.id = text_at(app, "client_key");  // as TikTok calls it
  if (client.id.empty()) return fail(Code::usage, how);
  return client;
}

}  // namespace asfs
