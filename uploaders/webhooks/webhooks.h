// Telling webhooks that an upload is over: a JSON document in an HTTP POST, signed with HMAC-SHA-256.
//
// What is to be told lies in the outbox (registry/ledger/webhook_outbox.h) until the receiver has answered
// 2xx. Anything else is tried again after 1 minute, doubled up to 6 hours, or when Retry-After says, and
// given up after kMostTries, which are about three days; HTTP 410 ends it at once. docs/webhooks.md is for
// receivers.
//
// A redirect is not followed. An error names the host alone: an address may hold a secret. Blocks; who
// uploads has a WebhookSender instead.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/ledger/webhook_outbox.h"
#include "uploaders/transfer/http.h"

namespace asfs {

inline constexpr int kMostTries = 20;

/// How long one receiver is waited for.
struct WebhookPatience {
  std::chrono::seconds connect{10};
  std::chrono::seconds stall{15};
  std::chrono::seconds whole{60};  ///< shorter than kDeliveryLent, so that nobody else delivers it meanwhile
};

/// What a round did.
struct WebhookRound {
  int delivered = 0;
  int failed = 0;                     ///< to be tried again
  std::vector<std::string> given_up;  ///< one line each, for people
};

/// Delivers what is due, one after the other, until nothing is or `stop` is requested; what is cut off is due
/// again at once. Fails when the library or config/webhooks.json cannot be read: then everything waits.
Result<WebhookRound> deliver_webhooks(VideoRegistry& registry, HttpClient& http, std::stop_token stop,
                                      const WebhookPatience& patience = {});

/// How a `test` event was taken.
struct WebhookTest {
  std::string shown_url;
  std::string error;  ///< empty: delivered
};

/// Posts one `test` event to every webhook, whatever events it wants, past the outbox.
Result<std::vector<WebhookTest>> test_webhooks(const Library& library, HttpClient& http, const Clock& clock,
                                               std::stop_token stop);

/// The value of X-ASFS-Signature. `timestamp` is that of X-ASFS-Timestamp.
std::string webhook_signature(std::string_view secret, std::string_view timestamp, std::string_view body);

}  // namespace asfs
