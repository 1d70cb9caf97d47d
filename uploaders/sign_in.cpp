#include "uploaders/sign_in.h"

#include <fmt/format.h>
#include <httplib.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "registry/base/json.h"
#include "registry/base/process.h"
#include "registry/base/text.h"

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

Result<nlohmann::json> get_json(const std::string& url, const std::string& token) {
  HttpClient http;
  HttpRequest request;
  request.url = url;
  request.headers.emplace_back("Authorization", "Bearer " + token);
  request.stall_timeout = std::chrono::seconds(20);
  const auto response = http.send(request);
  if (!response) return fail(Code::failed, response.error().message);
  auto document = read_json(response->body);
  if (response->status != 200 || !document.is_object())
    return fail(
        Code::failed,
        fmt::format("the sign-in is good, but whose it is could not be asked (HTTP {}); sign in again",
                    response->status));
  return document;
}

/// Which Instagram account the pages that were allowed belong to.
Result<void> name_instagram(const InstagramConfig& config, Account& account) {
  const auto pages =
      get_json(fmt::format("{}/{}/me/accounts?fields=id,name,instagram_business_account{{id,username}}",
                           config.api_base, config.api_version),
               account.tokens.access_token);
  if (!pages) return std::unexpected(pages.error());
  if (pages->contains("data") && (*pages)["data"].is_array())
    for (const auto& one : (*pages)["data"]) {
      const auto linked =
          one.is_object() ? one.value("instagram_business_account", nlohmann::json()) : nlohmann::json();
      if (!linked.is_object() || text_at(linked, "id").empty()) continue;
      account.id = text_at(linked, "id");
      const std::string user = text_at(linked, "username");
      account.name = one_line(user.empty() ? text_at(one, "name") : user, 80);
      return {};
    }
  return fail(Code::needs_login,
              "this Facebook login sees no Instagram account: it must be a professional one, linked "
              "to a Facebook page that you allow at the sign-in");
}

void revoke(const Library& library, const Config& config, std::string_view platform, const Account& account,
            bool practice) {
  const OAuthConfig& oauth = oauth::config_of(config, platform);
  auto client = load_client(library, platform, practice);
  const bool needs_client = platform == "TikTok";
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
    const bool denied = !found && std::string_view(redirected).find("error=") != std::string_view::npos &&
                        found.error().message.find("did not allow") != std::string::npos;
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
  state->address = oauth::auth_url(oauth::config_of(config, platform), state->client, state->request);
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

Result<Account> SignIn::finish(const Clock& clock) {
  std::string code;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->refusal) return std::unexpected(*state_->refusal);
    code = state_->code;
  }
  const std::string& platform = state_->request.platform;
  const OAuthConfig& config = oauth::config_of(state_->config, platform);
  HttpClient http;
  const auto ask = [&](const HttpRequest& request) -> Result<oauth::Tokens> {
    const auto response = http.send(request);
    if (!response) return fail(Code::failed, response.error().message);
    return oauth::read_tokens(*response, platform, clock.now());
  };
  auto tokens = ask(oauth::code_request(config, state_->client, state_->request, code));
  if (tokens && platform == "Instagram")
    tokens = ask(oauth::long_lived_request(config, state_->client, tokens->access_token));
  if (!tokens) return std::unexpected(tokens.error());
  Account account{.tokens = *std::move(tokens), .client_id = state_->client.id};
  if (platform == "Instagram")
    if (auto named = name_instagram(state_->config.instagram, account); !named)
      return std::unexpected(named.error());
  return account;
}

bool open_in_browser(const std::string& address) {
  if (!std::getenv("DISPLAY") && !std::getenv("WAYLAND_DISPLAY")) return false;
  // Some desktops' xdg-open becomes the browser and ends with it: what fails does so within moments, what
  // goes on for longer is left alone.
  constexpr const char* kScript =
      "xdg-open \"$1\" >/dev/null 2>&1 & browser=$!\n"
      "trap 'exit 0' ALRM\n"
      "(sleep 2; kill -ALRM $$) >/dev/null 2>&1 & timer=$!\n"
      "wait $browser; code=$?\n"
      "kill $timer 2>/dev/null\n"
      "exit $code";
  const auto done = run_process({"sh", "-c", kScript, "sh", address}, std::chrono::seconds(10));
  return done && done->exit_code == 0;
}

Result<bool> sign_out(const Library& library, const Config& config, std::string_view platform,
                      bool practice) {
  const TokenStore store(library, practice);
  const auto lock = store.lock(platform);  // a refresh under way must not bring the account back
  if (!lock) return std::unexpected(lock.error());
  const auto account = store.load(platform);
  const auto removed = store.remove(platform);
  if (removed && account && *account) revoke(library, config, platform, **account, practice);
  return removed;
}

}  // namespace asfs
