#include "uploaders/sign_in.h"

#include <fmt/format.h>
#include <httplib.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

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

nlohmann::json get_json(const std::string& url, const std::string& token) {
  HttpClient http;
  HttpRequest request;
  request.url = url;
  request.headers.emplace_back("Authorization", "Bearer " + token);
  request.stall_timeout = std::chrono::seconds(20);
  const auto response = http.send(request);
  return response ? nlohmann::json::parse(response->body, nullptr, false) : nlohmann::json();
}

/// Which Instagram account the pages that were allowed belong to.
Result<void> name_instagram(const InstagramConfig& config, Account& account) {
  const auto pages =
      get_json(fmt::format("{}/{}/me/accounts?fields=id,name,instagram_business_account{{id,username}}",
                           config.api_base, config.api_version),
               account.tokens.access_token);
  if (pages.is_object() && pages.contains("data") && pages["data"].is_array())
    for (const auto& one : pages["data"]) {
      const auto linked =
          one.is_object() ? one.value("instagram_business_account", nlohmann::json()) : nlohmann::json();
      if (!linked.is_object() || !linked.contains("id") || !linked["id"].is_string()) continue;
      account.id = linked["id"];
      account.name = one_line(linked.value("username", one.value("name", "")), 80);
      return {};
    }
  return fail(Code::needs_login,
              "this Facebook login sees no Instagram account: it must be a professional one, linked "
              "to a Facebook page that you allow at the sign-in");
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
  Account account{.tokens = *std::move(tokens)};
  if (platform == "Instagram")
    if (auto named = name_instagram(state_->config.instagram, account); !named)
      return std::unexpected(named.error());
  return account;
}

bool open_in_browser(const std::string& address) {
  if (!std::getenv("DISPLAY") && !std::getenv("WAYLAND_DISPLAY")) return false;
  const auto done = run_process({"xdg-open", address}, std::chrono::seconds(10));
  return done && done->exit_code == 0;
}

void revoke(const Config& config, std::string_view platform, const oauth::Client& client,
            const Account& account) {
  const OAuthConfig& oauth = oauth::config_of(config, platform);
  if (oauth.revoke_url.empty()) return;
  HttpClient http;
  const std::string& token = account.tokens.refresh_token.empty() || platform == "TikTok"
                                 ? account.tokens.access_token
                                 : account.tokens.refresh_token;
  static_cast<void>(http.send(oauth::revoke_request(oauth, client, platform, token)));
}

}  // namespace asfs
