#include "uploaders/accounts/oauth.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <stdexcept>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/row/platforms.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::oauth {
namespace {
using Form = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string form_text(const Form& form) {
  std::string text;
  for (const auto& [name, value] : form)
    if (!value.empty())  // an app may have no secret
      text += fmt::format("{}{}={}", text.empty() ? "" : "&", url_encode(name), url_encode(value));
  return text;
}

std::map<std::string, std::string, std::less<>> query_of(std::string_view text) {
  const auto question = text.find('?');
  if (question != text.npos) text.remove_prefix(question + 1);
  text = text.substr(0, text.find('#'));
  std::map<std::string, std::string, std::less<>> query;
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    const auto equals = pair.find('=');
    if (equals != pair.npos)
      query[form_decode(pair.substr(0, equals))] = form_decode(pair.substr(equals + 1));
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
  }
  return query;
}

std::optional<TimePoint> time_at(const Json& object, const char* key, TimePoint now) {
  const auto seconds = number_at(object, key).value_or(0);
  constexpr std::int64_t kMost = 20ll * 365 * 86'400;
  return seconds > 0 ? std::optional(now + std::chrono::seconds(std::min(seconds, kMost))) : std::nullopt;
}

std::vector<std::string> words_of(std::string text) {
  std::ranges::replace(text, ',', ' ');
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

/// What a platform calls an error of its own, which passes.
constexpr std::array<std::string_view, 4> kPassing{"server_error", "temporarily_unavailable",
                                                   "internal_failure", "slow_down"};
/// Meta's numbers for the same.
constexpr std::array<std::int64_t, 5> kPassingCodes{1, 2, 4, 17, 341};

/// The platforms' error documents: flat, or Meta's `{"error": {…}}`.
std::optional<Error> problem_in(const Json& document, int status, std::string_view platform) {
  if (!document.is_object())
    return Error{Code::offline, fmt::format("{} answered HTTP {}", platform, status)};
  const Json& error = child_at(document, "error");
  if (error.is_null() && status < 300) return std::nullopt;
  const bool nested = error.is_object();
  const std::string name = nested ? text_at(error, "type") : text_at(document, "error");
  const std::string said = nested ? text_at(error, "message") : text_at(document, "error_description");
  const auto code = number_at(error, "code").value_or(0);
  const std::string words = one_line(
      fmt::format("{} answered HTTP {} {}{}{}", platform, status, name, said.empty() ? "" : ": ", said), 300);
  if (name == "invalid_grant" || code == 190) return Error{Code::needs_login, words + "; sign in again"};
  const bool passes = status >= 500 || status == 429 || status == 408 ||
                      std::ranges::find(kPassing, name) != kPassing.end() ||
                      std::ranges::find(kPassingCodes, code) != kPassingCodes.end();
  if (passes || (name.empty() && code == 0)) return Error{Code::offline, words};
  return Error{
      Code::account,
      fmt::format("{}; it does not accept the app: compare its id and secret in config/accounts.json "
                  "with {} (docs/accounts.md)",
                  words, dialect_of(platform).app_settings)};
}

}  // namespace

const Dialect& dialect_of(std::string_view platform) {
  return **platform_at(platform).sign_in;
}

std::string random(std::size_t length) {
  std::vector<unsigned char> bytes(length);
  if (RAND_bytes(bytes.data(), static_cast<int>(length)) != 1)
    throw std::runtime_error("the system gives no random numbers");
  std::string text;
  for (const unsigned char byte : bytes) text += kAlphabet[byte % kAlphabet.size()];
  return text;
}

std::string challenge_of(std::string_view verifier, bool as_hex) {
  std::array<unsigned char, 32> hash{};
  unsigned size = 0;
  EVP_Digest(verifier.data(), verifier.size(), hash.data(), &size, EVP_sha256(), nullptr);
  const std::string_view raw(reinterpret_cast<const char*>(hash.data()), hash.size());
  if (as_hex) return hex(raw);
  std::string text;
  for (std::size_t i = 0; i < raw.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < raw.size() ? static_cast<unsigned char>(raw[i + j]) : 0u);
    const std::size_t count = std::min<std::size_t>(3, raw.size() - i) + 1;
    for (std::size_t j = 0; j < count; ++j) text += kAlphabet[group >> (18 - 6 * j) & 63];
  }
  return text;
}

std::string auth_url(const OAuthConfig& config, const Client& client, const Request& request) {
  const Dialect& dialect = dialect_of(request.platform);
  std::string scopes = config.scopes;
  std::ranges::replace(scopes, ' ', dialect.scope_separator);
  Form form{{std::string(dialect.client_id), client.id},
            {"redirect_uri", request.redirect_uri},
            {"response_type", "code"},
            {"scope", scopes},
            {"state", request.state}};
  if (dialect.pkce) {
    form.emplace_back("code_challenge", challenge_of(request.verifier, dialect.hex_challenge));
    form.emplace_back("code_challenge_method", "S256");
  }
  for (const auto& [name, value] : query_of(dialect.extra_parameters)) form.emplace_back(name, value);
  return config.auth_url + "?" + form_text(form);
}

Result<std::string> code_in(std::string_view redirected, const Request& request) {
  constexpr std::string_view kBlank = " \t\r\n";
  while (!redirected.empty() && kBlank.find(redirected.back()) != kBlank.npos) redirected.remove_suffix(1);
  const auto query = query_of(redirected);
  const auto value = [&](std::string_view name) {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  };
  const std::string state = value("state");
  if (state.size() != request.state.size() ||
      CRYPTO_memcmp(state.data(), request.state.data(), state.size()) != 0)
    return fail(Code::usage, "this is not the answer to the sign-in under way; open the address above again");
  for (const auto& [name, words] : {std::pair("error", "error_description"),
                                    std::pair("error_code", "error_message")})  // Facebook's dialog
    if (const auto error = value(name); !error.empty())
      return fail(
          Code::needs_login,
          one_line(fmt::format("{} did not allow it: {} {}", request.platform, error, value(words)), 300));
  std::string code = value("code");
  if (code.ends_with("#_")) code.resize(code.size() - 2);
  if (code.empty()) return fail(Code::usage, "the answer holds no code; open the address above again");
  return code;
}

HttpRequest request_of(const std::string& url, const Form& form, bool by_query) {
  HttpRequest request;
  request.url = by_query ? url + "?" + form_text(form) : url;
  request.stall_timeout = std::chrono::seconds(20);
  if (by_query) return request;
  request.method = "POST";
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.content = form_text(form);
  return request;
}

HttpRequest code_request(const OAuthConfig& config, const Client& client, const Request& request,
                         std::string_view code) {
  const Dialect& dialect = dialect_of(request.platform);
  Form form{{std::string(dialect.client_id), client.id},
            {"client_secret", client.secret},
            {"grant_type", "authorization_code"},
            {"redirect_uri", request.redirect_uri},
            {"code", std::string(code)}};
  if (dialect.pkce) form.emplace_back("code_verifier", request.verifier);
  return request_of(config.token_url, form, dialect.by_query);
}

HttpRequest refresh_request(const OAuthConfig& config, const Client& client, std::string_view platform,
                            std::string_view refresh_token) {
  return request_of(config.token_url,
                    {{std::string(dialect_of(platform).client_id), client.id},
                     {"client_secret", client.secret},
                     {"grant_type", "refresh_token"},
                     {"refresh_token", std::string(refresh_token)}},
                    false);
}

HttpRequest revoke_request(const OAuthConfig& config, const Client& client, std::string_view platform,
                           std::string_view token) {
  Form form{{"token", std::string(token)}};
  if (const Dialect& dialect = dialect_of(platform); dialect.app_revokes) {
    form.emplace_back(dialect.client_id, client.id);
    form.emplace_back("client_secret", client.secret);
  }
  return request_of(config.revoke_url, form, false);
}

Result<Tokens> read_tokens(const HttpResponse& response, std::string_view platform, TimePoint now) {
  Json document = read_json(response.body);
  if (auto problem = problem_in(document, response.status, platform))
    return std::unexpected(*std::move(problem));
  if (const Json& data = child_at(document, "data"); data.is_array() && !data.empty())
    document = Json(data.front());
  Tokens tokens;
  if (document.is_object()) {
    tokens.access_token = text_at(document, "access_token");
    tokens.refresh_token = text_at(document, "refresh_token");
    tokens.expires_at = time_at(document, "expires_in", now);
    tokens.given_at = now;
    tokens.open_id = one_line(text_at(document, "open_id"), 100);
    for (const char* key : {"refresh_expires_in", "refresh_token_expires_in"})
      if (const auto at = time_at(document, key, now)) tokens.refresh_expires_at = at;
    for (const char* key : {"scope", "permissions"})
      if (const auto said = text_at(document, key); !said.empty()) tokens.scopes = words_of(said);
  }
  const bool plain =
      std::ranges::all_of(tokens.access_token, [](unsigned char c) { return c > ' ' && c < 0x7f; });
  constexpr std::size_t kLongest = 16 << 10;
  if (tokens.access_token.empty() || !plain ||
      std::max(tokens.access_token.size(), tokens.refresh_token.size()) > kLongest)
    return fail(Code::offline, fmt::format("{} answered without an access token", platform));
  return tokens;
}

std::vector<std::string> missing_scopes(const OAuthConfig& config, const std::vector<std::string>& granted) {
  std::vector<std::string> missing;
  if (granted.empty()) return missing;
  for (const std::string& wanted : words_of(config.scopes))
    if (std::ranges::find(granted, wanted) == granted.end()) missing.push_back(wanted);
  return missing;
}

}  // namespace asfs::oauth
