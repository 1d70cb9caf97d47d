#include "uploaders/accounts/sign_in.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <httplib.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "registry/base/json.h"
#include "registry/base/process.h"
#include "registry/base/text.h"
#include "registry/ledger/upload_ledger.h"
#include "registry/videos/video_registry.h"
#include "uploaders/accounts/web_account.h"
#include "uploaders/transfer/http_secrets.h"

namespace asfs {
namespace {

constexpr std::size_t kVerifier = 64;
constexpr std::size_t kState = 32;
constexpr const char* kPath = "/callback/";

std::string page(std::string_view title, std::string_view text) {
  return fmt::format(
      "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title>"
      "<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:18vh auto;padding:0 "
      "1em;color:#1d2330}}"
      "</style><h1>{0}</h1><p>{1}</p></html>\n",
      title, text);
}

/// Whose account the token is, and what it was allowed.
Result<void> name_account(Http& http, const Config& config, std::string_view platform, Account& account,
                          const ChooseAccount& choose, std::stop_token stop) {
  const oauth::Dialect& dialect = oauth::dialect_of(platform);
  if (dialect.ask_access == nullptr) return {};
  auto access = dialect.ask_access(http, config.at(platform), account.tokens.access_token, std::move(stop));
  if (!access) return std::unexpected(access.error());
  std::size_t chosen = 0;
  if (choose) {
    const auto answer = choose(access->accounts);
    if (!answer) return std::unexpected(answer.error());
    chosen = std::min(*answer, access->accounts.size() - 1);
  } else if (access->accounts.size() > 1) {
    return fail(
        Code::usage,
        fmt::format("this login sees several accounts: {}; say which: asfs-videos login {} --page NAME",
                    names_of(access->accounts), platform));
  }
  account = as_account(std::move(account), access->accounts[chosen]);
  if (!access->granted.empty()) account.tokens.scopes = std::move(access->granted);
  return {};
}

Result<oauth::Tokens> ask_tokens(Http& http, HttpRequest request, std::string_view platform, TimePoint now,
                                 std::stop_token stop) {
  request.stop = std::move(stop);
  const auto response = http.send(request);
  if (!response) {
    const bool stopped = response.error().kind == HttpError::Kind::cancelled;
    return fail(stopped ? Code::cancelled : Code::offline, response.error().message);
  }
  return oauth::read_tokens(*response, platform, now);
}

void revoke(const Library& library, const Config& config, std::string_view platform, const Account& account) {
  const OAuthConfig& oauth = config.at(platform).oauth;
  auto client = load_client(library, platform);
  const bool needs_client = oauth::dialect_of(platform).app_revokes;
  if (oauth.revoke_url.empty() || (needs_client && !client)) return;
  if (client && !account.client_id.empty()) client->id = account.client_id;
  const bool by_refresh_token = !needs_client && !account.tokens.refresh_token.empty();
  HttpClient http;
  static_cast<void>(http.send(
      oauth::revoke_request(oauth, client.value_or(oauth::Client()), platform,
                            by_refresh_token ? account.tokens.refresh_token : account.tokens.access_token)));
}

}  // namespace

struct SignIn::State {
  Config config;
  oauth::Client client;
  oauth::Request request;
  std::string address;
  httplib::Server server;
  int port = 0;
  std::thread thread;
  std::mutex mutex;
  std::condition_variable arrives;
  std::string code;  ///< guarded by mutex, like the next
  std::optional<Error> refusal;

  ~State() {
    server.stop();
    if (thread.joinable()) thread.join();
  }

  bool has_answer() { return !code.empty() || refusal; }

  /// False: it was not the answer to this sign-in.
  Result<void> take(std::string_view redirected) {
    auto found = oauth::code_in(redirected, request);
    const bool denied = !found && found.error().code == Code::needs_login;
    if (!found && !denied) return std::unexpected(found.error());
    {
      const std::lock_guard lock(mutex);
      if (has_answer()) return {};  // the first one counts
      if (found)
        code = *found;
      else
        refusal = found.error();
    }
    arrives.notify_all();
    return found ? Result<void>() : std::unexpected(found.error());
  }

  void answer(const httplib::Request& from, httplib::Response& to) {
    const std::string host = from.get_header_value("Host");
    to.set_header("Cache-Control", "no-store");
    to.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    if (host != fmt::format("127.0.0.1:{}", port) && host != fmt::format("localhost:{}", port)) {
      to.status = 421;
      return;
    }
    const auto taken = take(from.target);
    to.status = taken ? 200 : 400;
    to.set_content(taken
                       ? page("You are signed in", "You can close this page and go back to ASFS Videos.")
                       : page("Not signed in", "ASFS Videos tells what went wrong. You can close this page."),
                   "text/html; charset=UTF-8");
  }
};

SignIn::SignIn(std::unique_ptr<State> state) : state_(std::move(state)) {}
SignIn::~SignIn() = default;

Result<std::unique_ptr<SignIn>> SignIn::start(const Config& config, std::string_view platform,
                                              oauth::Client client) {
  auto state = std::make_unique<State>();
  state->config = config;
  state->client = std::move(client);
  state->port = state->server.bind_to_any_port("127.0.0.1");
  if (state->port <= 0) return fail(Code::failed, "there is no free port on 127.0.0.1 for the sign-in");
  state->request = {
      std::string(platform),
      fmt::format("http://{}:{}{}", oauth::dialect_of(platform).redirect_host, state->port, kPath),
      oauth::random(kState), oauth::random(kVerifier)};
  state->address = oauth::auth_url(config.at(platform).oauth, state->client, state->request);
  State& known = *state;
  state->server.Get(
      kPath, [&known](const httplib::Request& from, httplib::Response& to) { known.answer(from, to); });
  state->thread = std::thread([&known] { known.server.listen_after_bind(); });
  state->server.wait_until_ready();
  return std::unique_ptr<SignIn>(new SignIn(std::move(state)));
}

const std::string& SignIn::address() const {
  return state_->address;
}

Result<void> SignIn::paste(std::string_view redirected) {
  return state_->take(redirected);
}

bool SignIn::arrived() const {
  const std::lock_guard lock(state_->mutex);
  return state_->has_answer();
}

bool SignIn::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(state_->mutex);
  return state_->arrives.wait_for(lock, at_most, [this] { return state_->has_answer(); });
}

Result<Account> SignIn::finish(const Clock& clock, const ChooseAccount& choose, std::stop_token stop) {
  std::string code;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->refusal) return std::unexpected(*state_->refusal);
    code = state_->code;
  }
  const std::string& platform = state_->request.platform;
  const OAuthConfig& config = state_->config.at(platform).oauth;
  const oauth::Dialect& dialect = oauth::dialect_of(platform);
  HttpClient http;
  const auto ask = [&](HttpRequest request) {
    return ask_tokens(http, std::move(request), platform, clock.now(), stop);
  };
  auto tokens = ask(oauth::code_request(config, state_->client, state_->request, code));
  if (tokens && dialect.long_lived)
    tokens = ask(dialect.long_lived(config, state_->client, tokens->access_token));
  if (!tokens) return std::unexpected(tokens.error());
  Account account{.tokens = *std::move(tokens), .client_id = state_->client.id};
  account.id = account.tokens.open_id;
  if (auto named = name_account(http, state_->config, platform, account, choose, stop); !named)
    return std::unexpected(named.error());
  return account;
}

Account as_account(Account account, const OwnAccount& own) {
  account.id = own.id;
  account.name = own.username.empty() ? own.page : own.username;
  return account;
}

Result<std::string> owner_of(const Library& library, const Config& config, std::string_view destination,
                             const std::string& id) {
  const TokenStore store(library);
  for (const Destination& other : config.destinations) {
    if (other.name == destination || other.platform != platform_of(destination)) continue;
    const auto account = store.load(other.name);
    if ((account && *account && (*account)->id == id) || web_account_id(library, other.name) == id)
      return other.name;
  }
  std::error_code none;
  if (!std::filesystem::exists(library.database(), none)) return std::string();  // nothing was ever sent
  auto registry = VideoRegistry::open(library);
  if (!registry) return std::unexpected(registry.error());
  const auto senders = UploadLedger(*registry).destinations_of(id);
  if (!senders) return std::unexpected(senders.error());
  for (const std::string& sender : *senders)
    if (sender != destination && platform_of(sender) == platform_of(destination)) return sender;
  return std::string();
}

Result<std::vector<std::string>> keep_sign_in(const Library& library, const Config& config,
                                              std::string_view destination, Account account) {
  if (!account.id.empty()) {
    const auto owner = owner_of(library, config, destination, account.id);
    if (!owner) return std::unexpected(owner.error());
    if (!owner->empty())
      return fail(Code::blocked,
                  fmt::format("{} is the account of {}: no account gets posts under two names; choose "
                              "another one at the sign-in",
                              account.name.empty() ? account.id : account.name, *owner));
  }
  const TokenStore store(library);
  const auto lock = store.lock(destination);
  if (!lock) return std::unexpected(lock.error());
  const auto before = store.load(destination);
  const bool same =
      before && *before && (*before)->id == account.id && (*before)->client_id == account.client_id;
  const OAuthConfig& oauth = config.at(destination).oauth;
  auto missing = oauth::missing_scopes(oauth, account.tokens.scopes);
  if (same && !(*before)->needs_login) {
    if (!missing.empty() && oauth::missing_scopes(oauth, (*before)->tokens.scopes).empty())
      return fail(Code::needs_login,
                  fmt::format("not everything was allowed, missing: {}; the sign-in from before, "
                              "which may do that, is kept",
                              fmt::join(missing, ", ")));
    if (account.tokens.refresh_token.empty()) account.tokens.refresh_token = (*before)->tokens.refresh_token;
  }
  if (auto saved = store.save(destination, account); !saved) return std::unexpected(saved.error());
  return missing;
}

std::string lasting_text(std::string_view destination, const Account& account) {
  if (!oauth::dialect_of(destination).refreshes || !account.tokens.refresh_token.empty()) return {};
  return fmt::format(
      "{} gave nothing to renew the sign-in by: it ends {}", platform_of(destination),
      account.tokens.expires_at ? short_time(local_timestamp(*account.tokens.expires_at)) : "soon");
}

Result<PastedAccount> take_token(const Config& config, std::string_view platform, std::string token,
                                 const Result<oauth::Client>& client, const Clock& clock,
                                 const ChooseAccount& choose, std::stop_token stop) {
  PastedAccount pasted;
  Account& account = pasted.account;
  account.tokens.access_token = std::move(token);
  const oauth::Dialect& dialect = oauth::dialect_of(platform);
  if (!dialect.long_lived) return pasted;
  HttpClient http;
  if (const auto renewal = dialect.renewal(config.at(platform), account.tokens.access_token)) {
    // It lasts 60 days already; one that is not a day old is renewed later.
    account.renews_itself = true;
    account.tokens.given_at = clock.now();
    auto renewed = ask_tokens(http, *renewal, platform, clock.now(), stop);
    if (renewed) account.tokens = *std::move(renewed);
  } else if (!client || client->secret.empty()) {
    pasted.warning =
        "such a token ends within hours: with the app's id and secret in config/accounts.json it is made to "
        "last "
        "about 60 days";
  } else {
    auto longer =
        ask_tokens(http, dialect.long_lived(config.at(platform).oauth, *client, account.tokens.access_token),
                   platform, clock.now(), stop);
    if (longer) {
      account.tokens = *std::move(longer);
      account.client_id = client->id;
    } else {
      const std::string said = struck_out(longer.error().message, std::vector{account.tokens.access_token});
      if (longer.error().code == Code::needs_login || longer.error().code == Code::cancelled)
        return fail(longer.error().code, said);
      pasted.warning = "the token could not be made to last, and ends within hours: " + said;
    }
  }
  auto named = name_account(http, config, platform, account, choose, std::move(stop));
  if (named) return pasted;
  if (named.error().code != Code::offline) return std::unexpected(named.error());
  pasted.warning = "whose token this is could not be asked: " + named.error().message;
  return pasted;
}

Result<bool> sign_out(const Library& library, const Config& config, std::string_view platform) {
  const TokenStore store(library);
  const auto lock = store.lock(platform);  // a refresh under way must not bring the account back
  if (!lock) return std::unexpected(lock.error());
  const auto account = store.load(platform);
  const auto removed = store.remove(platform);
  if (removed && account && *account) revoke(library, config, platform, **account);
  if (!removed) return removed;
  const auto browser = forget_web_account(library, platform);
  return browser ? Result<bool>(*removed || *browser) : browser;
}

}  // namespace asfs
