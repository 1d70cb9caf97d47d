#include "uploaders/accounts/credentials.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/private_file.h"
#include "registry/base/text.h"
#include "uploaders/accounts/oauth.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/transfer/http.h"
#include "uploaders/transfer/http_secrets.h"
#include "uploaders/transfer/http_url.h"

namespace asfs {
namespace {

constexpr std::size_t kMaxToken = 16 << 10;

// The token without the blanks around it; anything but printable ASCII inside would end up in a request
// header.
Result<std::string> checked_token(std::string_view text, std::string_view where) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == text.npos)
    return fail(Code::needs_login, fmt::format("{} is empty; put an access token there", where));
  text = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  if (std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c >= 0x7f; }))
    return fail(Code::needs_login,
                fmt::format("{} does not hold an access token: one line without blanks is expected", where));
  return std::string(text);
}

Result<std::string> read_token_file(const std::filesystem::path& path) {
  const auto text = read_private_file(path, "the access token");
  if (!text) return text;
  const std::string name = path_text(path);
  if (text->size() > kMaxToken) return fail(Code::needs_login, name + " is too large to be an access token");
  return checked_token(*text, name);
}

// A token that could not be asked for is never the fault of a video.
Code code_of(const HttpError& error) {
  return error.kind == HttpError::Kind::refused ? Code::account : Code::offline;
}

// Refreshed when so little of a token's life is left: long enough for the requests under way.
constexpr std::chrono::minutes kAhead{5};
// One that is traded itself, at this age: before, Instagram does not renew it, and once it has ended, nothing
// does.
constexpr std::chrono::hours kOld{24};

class StoredCredentials final : public Credentials {
 public:
  StoredCredentials(Library library, Config config, const Clock& clock)
      : library_(std::move(library)), config_(std::move(config)), clock_(clock), store_(library_) {}

  Result<std::string> access_token(std::string_view platform) override {
    auto token = look_up(platform, false);
    remember(platform, token);
    return token;
  }

  Result<std::string> refreshed_token(std::string_view platform) override {
    std::string before;
    {
      const std::scoped_lock lock(mutex_);
      before = given_[std::string(platform)];
    }
    auto token = look_up(platform, false);
    // Another process may have refreshed it, or the owner put a new one in place.
    if (token && *token == before) token = look_up(platform, true);
    remember(platform, token);
    if (!token || *token != before) return token;
    return fail(Code::needs_login,
                fmt::format("{} no longer accepts the access token; {}", platform, how(platform)));
  }

  // A token of the environment may be another account's.
  std::string account_id(std::string_view platform) override {
    if (environment_token(library_, platform)) return {};
    const auto account = store_.load(platform);
    return account && *account ? (*account)->id : std::string();
  }

  AccountState state(std::string_view platform) override {
    return account_state(library_, config_, platform);
  }

  AccountMemory memory(std::string_view platform) override {
    return load_memory(library_, platform, account_id(platform));
  }
  // That it is noted is not as important as the upload under way.
  void remember(std::string_view platform, const std::function<void(AccountMemory&)>& change) override {
    static_cast<void>(change_memory(library_, platform, account_id(platform), change));
  }

 private:
  std::string how(std::string_view platform) const {
    return fmt::format(
        "sign in: asfs-videos login {} (or put a token into the environment variable {} or, with mode "
        "600, into {})",
        platform, token_variable(platform), path_text(store_.pasted_file(platform)));
  }

  void remember(std::string_view platform, const Result<std::string>& token) {
    const std::scoped_lock lock(mutex_);
    if (token) given_[std::string(platform)] = *token;
  }

  Result<std::string> look_up(std::string_view platform, bool refused) {
    if (const char* token = environment_token(library_, platform))
      return checked_token(token, token_variable(platform));
    const auto account = store_.load(platform);
    if (!account) return std::unexpected(account.error());
    if (*account) return fresh_token(platform, **account, refused);
    const auto path = store_.pasted_file(platform);
    struct stat status {};
    if (library_.practice() || (::lstat(path.c_str(), &status) != 0 && (errno == ENOENT || errno == ENOTDIR)))
      return fail(Code::needs_login,
                  fmt::format("there is no access token for {}; {}", platform, how(platform)));
    return read_token_file(path);
  }

  bool is_stale(const Account& account) const {
    const auto& given = account.tokens.given_at;
    if (account.renews_itself && (!given || has_passed(clock_.now(), *given, kOld))) return true;
    return account.tokens.expires_at && *account.tokens.expires_at - clock_.now() < kAhead;
  }

  Result<std::string> fresh_token(std::string_view platform, const Account& account, bool refused) {
    if (account.needs_login) return dead(platform, "");
    if (!refused && !is_stale(account)) return account.tokens.access_token;
    const auto lock = store_.lock(platform);
    if (!lock) return std::unexpected(lock.error());
    // Another process may have done it while this one waited.
    auto now = store_.load(platform);
    if (!now || !*now) return now ? dead(platform, "") : std::unexpected(now.error());
    Account current = **std::move(now);
    if (current.needs_login) return dead(platform, "");
    if (current.tokens.access_token != account.tokens.access_token) return current.tokens.access_token;
    return refresh(platform, current, refused);
  }

  // With the lock held. The new refresh token is on disk before the access token is used, and has its room
  // there before it is asked for.
  Result<std::string> refresh(std::string_view platform, Account& account, bool refused) {
    if (account.tokens.refresh_token.empty() && !account.renews_itself)
      return end_sign_in(platform, account, "its token cannot be renewed");
    const auto& ends = account.tokens.expires_at;
    const bool still_good = !refused && (ends ? *ends > clock_.now() : account.renews_itself);
    const auto client =
        account.renews_itself ? Result<oauth::Client>(oauth::Client()) : client_of(platform, account);
    if (!client && still_good) return account.tokens.access_token;
    if (!client)
      return fail(client.error().code == Code::usage ? Code::account : client.error().code,
                  client.error().message);
    auto room = store_.reserve(platform);
    if (!room && still_good) return account.tokens.access_token;
    if (!room) return fail(room.error().code, "the access token was not renewed: " + room.error().message);
    HttpClient http;
    const auto response = http.send(renewal_of(platform, account, *client));
    auto tokens = response ? oauth::read_tokens(*response, platform, clock_.now())
                           : Result<oauth::Tokens>(fail(code_of(response.error()), response.error().message));
    if (!tokens) {
      const std::string said =
          struck_out(tokens.error().message,
                     std::vector{account.tokens.refresh_token, client->secret, account.tokens.access_token});
      // Of a token that is not needed yet, the platform's answers to its use tell more.
      const bool dies = tokens.error().code == Code::needs_login && !(account.renews_itself && still_good);
      if (dies) return refused_renewal(platform, account, said);
      note_app_problem(platform, account, tokens.error().code == Code::account ? said : account.app_problem);
      if (still_good) return account.tokens.access_token;
      return fail(tokens.error().code, "the access token could not be renewed: " + said);
    }
    account.app_problem.clear();
    if (tokens->refresh_token.empty()) {
      tokens->refresh_token = account.tokens.refresh_token;
      tokens->refresh_expires_at = account.tokens.refresh_expires_at;
    }
    if (tokens->scopes.empty()) tokens->scopes = account.tokens.scopes;
    account.tokens = *std::move(tokens);
    if (auto saved = TokenStore::save(*room, account); !saved) return std::unexpected(saved.error());
    return account.tokens.access_token;
  }

  // Who signed in meanwhile, or put a copy of the folder back, is not who was refused: locks do not hold on
  // every network's disk.
  Result<std::string> refused_renewal(std::string_view platform, Account& account, const std::string& said) {
    const auto now = store_.load(platform);
    const bool anew =
        now && *now && !(*now)->needs_login && (*now)->tokens.access_token != account.tokens.access_token;
    return anew ? (*now)->tokens.access_token : end_sign_in(platform, account, said);
  }

  HttpRequest renewal_of(std::string_view platform, const Account& account,
                         const oauth::Client& client) const {
    const auto itself = oauth::dialect_of(platform).renewal;
    auto renewal = account.renews_itself && itself ? itself(config_.at(platform), account.tokens.access_token)
                                                   : std::nullopt;
    return renewal ? *std::move(renewal)
                   : oauth::refresh_request(config_.at(platform).oauth, client, platform,
                                            account.tokens.refresh_token);
  }

  // For `accounts`; that it is noted is not as important as the upload under way.
  void note_app_problem(std::string_view platform, Account& account, const std::string& problem) {
    if (std::exchange(account.app_problem, problem) == problem) return;
    static_cast<void>(store_.save(platform, account));
  }

  // The app of config/accounts.json, under the id the sign-in was made with.
  Result<oauth::Client> client_of(std::string_view platform, const Account& account) const {
    auto client = load_client(library_, platform);
    const bool none = !client && client.error().code == Code::usage;
    if (none && !account.client_id.empty()) return oauth::Client{account.client_id, ""};
    if (client && !account.client_id.empty()) client->id = account.client_id;
    return client;
  }

  Result<std::string> end_sign_in(std::string_view platform, Account& account, const std::string& why) {
    account.needs_login = true;
    if (auto saved = store_.save(platform, account); !saved) return std::unexpected(saved.error());
    return dead(platform, why);
  }

  Result<std::string> dead(std::string_view platform, const std::string& why) const {
    return fail(Code::needs_login,
                fmt::format("the sign-in to {} has ended{}; sign in again: asfs-videos login {}", platform,
                            why.empty() ? "" : " (" + why + ")", platform));
  }

  const Library library_;
  const Config config_;
  const Clock& clock_;
  const TokenStore store_;
  std::mutex mutex_;
  std::map<std::string, std::string> given_;  ///< by platform: the token handed out last
};

class PracticeCredentials final : public Credentials {
 public:
  explicit PracticeCredentials(std::string url) : url_(std::move(url)) {
    while (url_.ends_with('/')) url_.pop_back();
  }

  Result<std::string> access_token(std::string_view platform) override {
    const std::scoped_lock lock(mutex_);
    const auto known = tokens_.find(platform);
    return known != tokens_.end() ? known->second : ask(platform);
  }

  Result<std::string> refreshed_token(std::string_view platform) override {
    const std::scoped_lock lock(mutex_);
    return ask(platform);
  }

 private:
  Result<std::string> ask(std::string_view platform) {
    const auto origin = url_origin(url_);
    if (!origin || !origin->loopback())
      return fail(Code::usage,
                  "practice platforms run on this machine only; give an address like http://127.0.0.1:8787");
    HttpRequest request;
    request.url = url_ + "/practice/token?platform=" + url_encode(platform_of(platform));
    request.stall_timeout = std::chrono::seconds(15);
    const auto answer = client_.send(request);
    if (!answer)
      return fail(code_of(answer.error()),
                  fmt::format("the practice platforms do not answer ({})", answer.error().message));
    const auto document = read_json(answer->body);
    const std::string token = text_at(document, "access_token");
    if (answer->status != 200 || token.empty())
      return fail(Code::failed, fmt::format("{}:{} is not a practice server (HTTP {})", origin->host,
                                            origin->port, answer->status));
    auto checked = checked_token(token, "the practice server's answer");
    if (checked) tokens_[std::string(platform)] = *checked;
    return checked;
  }

  std::string url_;
  std::mutex mutex_;
  HttpClient client_;
  std::map<std::string, std::string, std::less<>> tokens_;
};

}  // namespace

std::string Credentials::account_id(std::string_view) {
  return {};
}

AccountState Credentials::state(std::string_view) {
  return {};
}

AccountMemory Credentials::memory(std::string_view) {
  return {};
}

void Credentials::remember(std::string_view, const std::function<void(AccountMemory&)>&) {}

std::unique_ptr<Credentials> stored_credentials(const Library& library, const Config& config,
                                                const Clock& clock) {
  return std::make_unique<StoredCredentials>(library, config, clock);
}

std::unique_ptr<Credentials> practice_credentials(std::string practice_url) {
  return std::make_unique<PracticeCredentials>(std::move(practice_url));
}

}  // namespace asfs
