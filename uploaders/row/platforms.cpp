#include "uploaders/row/platforms.h"

#include <algorithm>
#include <stdexcept>

#include "assets/assets.h"
#include "registry/base/text.h"
#include "registry/store/platform_names.h"
#include "uploaders/transfer/http_url.h"

namespace asfs {
namespace {

constinit std::span<const Platform* const> used_rows;

constexpr std::chrono::seconds kPracticeRetryDelay{2};

}  // namespace

void use_platforms(std::span<const Platform* const> rows) {
  used_rows = rows;
  std::vector<std::string_view> names;
  for (const Platform* platform : rows) names.push_back(*platform->name);
  know_platforms(std::move(names));
}

std::span<const Platform* const> platforms() {
  return used_rows;
}

const Platform* find_platform(std::string_view destination) {
  const std::string wanted = fold_case(platform_of(destination));
  for (const Platform* platform : used_rows)
    if (fold_case(*platform->name) == wanted) return platform;
  return nullptr;
}

const Platform& platform_at(std::string_view destination) {
  const Platform* platform = find_platform(destination);
  if (platform == nullptr) throw std::logic_error("no such platform");
  return *platform;
}

std::string post_id_in(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == text.npos) return {};
  text = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  if (text.find("://") == text.npos) return std::string(text);
  if (const auto named = std::min(text.find("?v="), text.find("&v=")); named != text.npos) {
    const auto value = text.substr(named + 3);
    return std::string(value.substr(0, value.find_first_of("&#")));
  }
  text = text.substr(0, text.find_first_of("?#"));
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text.substr(text.rfind('/') + 1));
}

Result<Config> upload_config(const Library& library, std::string_view practice_url) {
  std::vector<const PlatformSettings*> settings;
  for (const Platform* platform : used_rows) settings.push_back(*platform->settings);
  auto config = load_config(library, settings, asset_text("upload.json"));
  if (!config || practice_url.empty()) return config;
  while (practice_url.ends_with('/')) practice_url.remove_suffix(1);
  const auto origin = url_origin(practice_url);
  if (!origin || !origin->loopback() || !origin->rest.empty())
    return fail(Code::usage,
                "practice platforms run on this machine only; give an address like http://127.0.0.1:8787");
  const std::string base(practice_url);
  config->practice_url = base;
  for (const Platform* row : used_rows) {
    PlatformConfig& platform = config->at(*row->name);
    platform.api_base = base;
    platform.practise(base);
    for (std::string* url : {&platform.oauth.auth_url, &platform.oauth.token_url, &platform.oauth.revoke_url})
      if (const auto real = url_origin(*url)) *url = base + real->rest;
  }
  if (!config->own_rate_limits)
    config->change_limits([](RateLimits& limits) {
      limits.hold = false;
      limits.retry_delay = kPracticeRetryDelay;
    });
  config->upload.post_check_s = std::min(config->upload.post_check_s, 30u);
  return config;
}

}  // namespace asfs
