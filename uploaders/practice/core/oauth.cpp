#include "uploaders/practice/core/oauth.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "uploaders/accounts/oauth.h"
#include "uploaders/practice/core/form.h"
#include "uploaders/practice/core/stand_in.h"
#include "uploaders/row/platforms.h"
#include "uploaders/transfer/http.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::practice {
namespace {

constexpr std::size_t kMostBody = 64 * 1024;
constexpr std::int64_t kRefreshSeconds = 180 * 86'400;

enum class Does : std::uint8_t { consent_page, token, revoke };

struct Route {
  const Platform* platform = nullptr;
  Does does = Does::token;
};

bool leads_to(std::string_view path, std::string_view own, bool versioned) {
  return !own.empty() && (path == own || (versioned && path.starts_with("/v") && path.ends_with(own)));
}

std::optional<Route> find_route(std::string_view path) {
  for (const Platform* platform : platforms()) {
    const SignInManner& manner = **platform->practice_sign_in;
    for (const auto& [own, does] :
         {std::pair(manner.consent_path, Does::consent_page), std::pair(manner.token_path, Does::token),
          std::pair(manner.renewal_path, Does::token), std::pair(manner.revoke_path, Does::revoke)})
      if (leads_to(path, own, manner.versioned)) return Route{platform, does};
  }
  return std::nullopt;
}

const SignInManner& manner_of(std::string_view platform) {
  return **platform_at(platform).practice_sign_in;
}

std::string value(const std::map<std::string, std::string>& params, const std::string& name) {
  const auto found = params.find(name);
  return found == params.end() ? std::string() : found->second;
}

Answer problem(std::string_view platform, std::string_view name, std::string_view said) {
  const auto own = manner_of(platform).problem;
  return own ? own(name, said) : json_answer(400, {{"error", name}, {"error_description", said}});
}

std::string redirect_to(const std::string& uri,
                        std::initializer_list<std::pair<std::string_view, std::string>> values) {
  std::string target = uri;
  for (const auto& [name, text] : values)
    target += fmt::format("{}{}={}", target.find('?') == target.npos ? '?' : '&', name, url_encode(text));
  return target;
}

bool is_loopback(const std::string& uri) {
  const auto origin = url_origin(uri);
  return origin && origin->loopback();
}

}  // namespace

bool OAuth::serves(std::string_view path) {
  return find_route(path).has_value() || path == "/practice/consent";
}

Answer OAuth::answer(Request& request) {
  std::map<std::string, std::string> params;
  for (const auto& [name, text] : request.query) params[name] = text;
  if (request.has_body) {
    const auto body = request.read_text(kMostBody);
    if (!body) return {.status = 413};
    add_form(*body, params);
  }
  if (request.path == "/practice/consent") return consent(request, params);
  const Route route = *find_route(request.path);
  const std::string_view platform = *route.platform->name;
  request.note.platform = platform;
  if (route.does == Does::consent_page) return ask_for_consent(request, platform);
  if (route.does == Does::token) return token(request, platform, params);
  const std::lock_guard lock(mutex_);
  refresh_tokens_.erase(value(params, "token"));
  return {};
}

// A page with the question; the form hands the whole request on.
Answer OAuth::ask_for_consent(const Request& request, std::string_view platform) {
  std::string fields = fmt::format("<input type=\"hidden\" name=\"platform\" value=\"{}\">", platform);
  for (const auto& [name, text] : request.query)
    fields += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", as_html(name), as_html(text));
  Answer page{.content_type = "text/html; charset=UTF-8"};
  page.headers.emplace_back("Content-Security-Policy",
                            "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
  page.body = fmt::format(
      "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Practice sign-in</title>"
      "<link rel=\"stylesheet\" href=\"/practice/page.css\"><body><header><div><h1>Practice {0}</h1>"
      "<p>May ASFS Videos upload to your practice account? Nothing leaves this computer.</p></div></header>"
      "<form method=\"post\" action=\"/practice/consent\">{1}"
      "<label>Account <input name=\"account\" pattern=\"[a-z0-9_\\-]*\" placeholder=\"the first\"></label> "
      "<button name=\"answer\" value=\"allow\">Allow</button> "
      "<button class=\"quiet\" name=\"answer\" value=\"deny\">Deny</button></form></body></html>\n",
      platform, fields);
  return page;
}

Answer OAuth::consent(Request& request, const Params& params) {
  const std::string platform = value(params, "platform"), uri = value(params, "redirect_uri");
  const std::string state = value(params, "state");
  const auto refuse = [](std::string_view why) {
    return Answer{
        .status = 400, .body = fmt::format("{}\n", why), .content_type = "text/plain; charset=UTF-8"};
  };
  if (!is_practised(platform)) return refuse("'platform' names none");
  const auto& dialect = asfs::oauth::dialect_of(platform);
  if (value(params, std::string(dialect.client_id)).empty()) return refuse("the client id is missing");
  if (!is_loopback(uri)) return refuse("redirect_uri must be on 127.0.0.1 or localhost");
  if (value(params, "response_type") != "code") return refuse("response_type must be code");
  if (dialect.pkce &&
      (value(params, "code_challenge").empty() || value(params, "code_challenge_method") != "S256"))
    return refuse("PKCE is needed: code_challenge, and code_challenge_method S256");
  request.note.platform = platform;
  std::string target = redirect_to(uri, {{"error", "access_denied"}, {"state", state}});
  if (value(params, "answer") != "deny") {
    std::string scopes = value(params, "scope");
    if (strike(request, platform, "fewer_scopes"))
      scopes = scopes.substr(0, scopes.find(dialect.scope_separator));
    const std::string code = random_id(40);
    {
      const std::lock_guard lock(mutex_);
      codes_[code] = {platform, value(params, std::string(dialect.client_id)),
                      uri,      value(params, "code_challenge"),
                      scopes,   value(params, "account")};
    }
    target = redirect_to(uri, {{"code", code}, {"scope", scopes}, {"state", state}});
  }
  Answer answer{.status = 303};
  answer.headers.emplace_back("Location", target);
  return answer;
}

Answer OAuth::token(Request& request, std::string_view platform, const Params& params) {
  const std::string client = value(params, std::string(asfs::oauth::dialect_of(platform).client_id));
  const std::string type = value(params, "grant_type");
  const SignInManner& manner = manner_of(platform);
  const bool by_itself = !manner.renewal_path.empty() && type == "ig_refresh_token";
  if (!by_itself && (client.empty() || (manner.needs_secret && value(params, "client_secret").empty())))
    return problem(platform, "invalid_client", "The client is not known");
  if (strike(request, platform, "invalid_client")) return problem(platform, "invalid_client", "Unauthorized");
  if (strike(request, platform, "invalid_grant"))
    return problem(platform, "invalid_grant", "Token has been expired or revoked.");
  if (type == "refresh_token" && manner.refreshes) return by_refresh_token(platform, params);
  if (by_itself || (type == "fb_exchange_token" && !manner.refreshes)) {
    if (!store_.token_is_good(platform, value(params, by_itself ? "access_token" : "fb_exchange_token")))
      return problem(platform, "invalid_grant", "Error validating access token");
    return json_answer(200, {{"access_token", store_.issue_token(platform, 5'183'944)},
                             {"token_type", "bearer"},
                             {"expires_in", 5'183'944}});
  }
  return by_code(platform, params);
}

Answer OAuth::by_code(std::string_view platform, const Params& params) {
  Grant grant;
  {
    const std::lock_guard lock(mutex_);
    const auto found = codes_.find(value(params, "code"));
    if (found == codes_.end())
      return problem(platform, "invalid_grant", "The code is not good, or was used already");
    grant = found->second;
    codes_.erase(found);
  }
  const auto& dialect = asfs::oauth::dialect_of(platform);
  if (grant.platform != platform || grant.redirect_uri != value(params, "redirect_uri") ||
      grant.client != value(params, std::string(dialect.client_id)))
    return problem(platform, "invalid_grant", "redirect_uri or client is another than at the sign-in");
  if (dialect.pkce &&
      asfs::oauth::challenge_of(value(params, "code_verifier"), dialect.hex_challenge) != grant.challenge)
    return problem(platform, "invalid_request", "Code verifier or code challenge is invalid.");
  const std::string refresh_token = manner_of(platform).refreshes ? "r." + random_id(40) : "";
  if (!refresh_token.empty()) {
    const std::lock_guard lock(mutex_);
    refresh_tokens_[refresh_token] = grant;
  }
  return give(grant, refresh_token);
}

Answer OAuth::by_refresh_token(std::string_view platform, const Params& params) {
  const std::lock_guard lock(mutex_);
  const auto found = refresh_tokens_.find(value(params, "refresh_token"));
  if (found == refresh_tokens_.end() || found->second.platform != platform)
    return problem(platform, "invalid_grant", "Token has been expired or revoked.");
  const Grant grant = found->second;
  if (grant.client != value(params, std::string(asfs::oauth::dialect_of(platform).client_id)))
    return problem(platform, "invalid_grant", "The refresh token belongs to another client.");
  if (!manner_of(platform).rotates) return give(grant, "");
  refresh_tokens_.erase(found);
  const std::string next = "r." + random_id(40);
  refresh_tokens_[next] = grant;
  return give(grant, next);
}

Answer OAuth::give(const Grant& grant, const std::string& refresh_token) {
  const SignInManner& manner = manner_of(grant.platform);
  Json tokens{{"access_token", store_.issue_token(grant.platform, kTokenSeconds, grant.account)},
              {"expires_in", kTokenSeconds},
              {"token_type", manner.refreshes ? "Bearer" : "bearer"}};
  if (manner.tells_scopes) tokens["scope"] = grant.scopes;
  if (!refresh_token.empty()) tokens["refresh_token"] = refresh_token;
  if (!manner.account_key.empty())
    tokens[std::string(manner.account_key)] =
        "practice-open-id" + (grant.account.empty() ? "" : "-" + grant.account);
  if (manner.rotates) tokens["refresh_expires_in"] = kRefreshSeconds;
  return json_answer(200, tokens);
}

std::optional<Fault> OAuth::strike(Request& request, std::string_view platform, std::string_view kind) {
  auto fault =
      faults_.find(platform, Moment::finished, Step::oauth, [&](const Fault& f) { return f.kind == kind; });
  if (!fault || !faults_.fire(*fault)) return std::nullopt;
  request.note.fault = fault->kind;
  return fault;
}

}  // namespace asfs::practice
