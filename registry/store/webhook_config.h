// Whom to tell when an upload is over: the library's config/webhooks.json.
//
//   {"webhooks": [{"url": "https://…", "events": ["uploaded", "failed", "unclear"], "secret": "…"}]}
//
// It holds secrets, so it is refused when others can read it. It is read anew for every upload that ends:
// what a person changes counts at once. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/result.h"
#include "registry/store/library.h"

namespace asfs {

enum class WebhookEvent : std::uint8_t {
  uploaded,  ///< it is on the platform, also when a person found it there
  failed,    ///< it will not be tried again by itself
  unclear,   ///< it may be live; a person must answer
};
inline constexpr std::array<std::string_view, 3> kWebhookEvents{"uploaded", "failed", "unclear"};

constexpr std::string_view name_of(WebhookEvent event) {
  return kWebhookEvents[static_cast<std::size_t>(event)];
}

struct Webhook {
  std::string url;  ///< https, or http on loopback; may hold a secret itself
  std::string secret;
  std::array<bool, kWebhookEvents.size()> events{};

  bool wants(std::string_view event) const;
  /// Names it in the database, where no address stands: the SHA-256 of `url`.
  std::string key() const;
  /// Without the query, for people.
  std::string shown_url() const;
};

/// None when there is no file. Code::library names the file and line and column, or the key and what is
/// allowed, or the chmod to run; never a secret or an address.
Result<std::vector<Webhook>> load_webhooks(const Library& library);

}  // namespace asfs
