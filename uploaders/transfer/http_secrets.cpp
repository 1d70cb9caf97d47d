#include "uploaders/transfer/http_secrets.h"

#include <strings.h>

#include <algorithm>
#include <array>

#include "uploaders/transfer/http_url.h"

namespace asfs {
namespace {

constexpr std::size_t kShort = 8;
constexpr std::size_t kTooShort = 3;
constexpr std::string_view kMark = "***";

constexpr std::array<std::string_view, 6> kSecretParameters{"access_token",  "client_secret", "code",
                                                            "code_verifier", "upload_id",     "upload_token"};

bool same_name(std::string_view one, std::string_view other) {
  return one.size() == other.size() && ::strncasecmp(one.data(), other.data(), one.size()) == 0;
}

/// The secret ones among `name=value&…`.
void add_parameters(std::string_view form, std::vector<std::string>& secrets) {
  if (form.starts_with("grant_type=ig_refresh_token&")) return;  // the token is to be renewed
  while (!form.empty()) {
    const auto end = std::min(form.find('&'), form.size());
    const std::string_view pair = form.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (std::ranges::find(kSecretParameters, pair.substr(0, equals)) != kSecretParameters.end())
      secrets.push_back(form_decode(pair.substr(std::min(equals + 1, pair.size()))));
    form.remove_prefix(std::min(end + 1, form.size()));
  }
}

bool is_word(std::string_view text, std::size_t at, std::size_t length) {
  const auto joins = [&](std::size_t i) {
    const auto c = i < text.size() ? static_cast<unsigned char>(text[i]) : ' ';
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c >= 0x80;
  };
  return (at == 0 || !joins(at - 1)) && !joins(at + length);
}

void strike(std::string& text, std::string_view secret) {
  for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at)) {
    const bool counts = secret.size() >= kShort || is_word(text, at, secret.size());
    if (counts) text.replace(at, secret.size(), kMark);
    at += counts ? kMark.size() : secret.size();
  }
}

std::string with_slashes_escaped(std::string_view secret) {
  std::string out;
  for (const char c : secret) out += c == '/' ? std::string("\\/") : std::string(1, c);
  return out;
}

}  // namespace

std::vector<std::string> secrets_in(const HttpRequest& request) {
  std::vector<std::string> secrets;
  for (const auto& [name, value] : request.headers) {
    if (!same_name(name, "Authorization")) continue;
    const auto blank = value.find(' ');
    secrets.push_back(blank == value.npos ? value : value.substr(blank + 1));
  }
  if (const auto question = request.url.find('?'); question != request.url.npos)
    add_parameters(std::string_view(request.url).substr(question + 1), secrets);
  const bool form = std::ranges::any_of(request.headers, [](const auto& header) {
    return same_name(header.first, "Content-Type") &&
           header.second.starts_with("application/x-www-form-urlencoded");
  });
  if (form) add_parameters(request.content, secrets);
  return secrets;
}

std::string struck_out(std::string text, std::span<const std::string> secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() < kTooShort) continue;
    strike(text, secret);
    if (const auto escaped = with_slashes_escaped(secret); escaped != secret) strike(text, escaped);
    if (const auto encoded = url_encode(secret); encoded != secret) strike(text, encoded);
  }
  return text;
}

}  // namespace asfs
