// What webhooks are still to be told. It lies in the library and is written in the transaction that ends an
// attempt, so that no crash loses an event and none is invented; who delivers is
// uploaders/webhooks/webhooks.h.
//
// One row for each webhook and event. take() lends a row to its caller for kDeliveryLent; one whose caller
// died is due again after that, and its receiver may hear of it twice, under the same delivery id. While
// config/webhooks.json cannot be read, an event waits for whomever it will name.
//
// Uses the registry's connection, so the registry's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "registry/posts/attempt.h"
#include "registry/store/webhook_config.h"
#include "registry/videos/video_registry.h"

namespace asfs {

inline constexpr std::chrono::minutes kDeliveryLent{2};

struct WebhookDelivery {
  std::int64_t row = 0;
  std::string delivery;  ///< the same over all tries
  std::string webhook;   ///< Webhook::key(); empty: for all that config/webhooks.json will name
  std::string event;
  std::string video_id;
  std::string platform;
  std::string body;
  int tries = 0;  ///< that failed
  TimePoint next_at;
  bool given_up = false;
  std::optional<std::string> error;  ///< of the last try
};

class WebhookOutbox {
 public:
  explicit WebhookOutbox(VideoRegistry& registry) : registry_(registry) {}

  /// Addresses what has no receiver yet, and drops what none of these wants.
  Result<void> sort_out(std::span<const Webhook> webhooks);
  /// Lends the row that is due for longest; nullopt when none is.
  Result<std::optional<WebhookDelivery>> take();
  /// Removes it.
  Result<void> delivered(const WebhookDelivery& lent);
  /// Back into the outbox: after a try that failed with `error`, or untried when that is empty.
  Result<void> put_back(const WebhookDelivery& lent, const std::string& error, TimePoint next_at);
  /// Kept for people to see, up to a month.
  Result<void> give_up(const WebhookDelivery& lent, const std::string& error);
  /// Nothing goes to this webhook before `until`: it did not answer, or asked for that.
  Result<void> hold(const std::string& webhook, TimePoint until);
  /// Everything is due now, also what was given up; not what is being delivered.
  Result<void> send_again();
  /// Oldest first.
  Result<std::vector<WebhookDelivery>> list();

 private:
  VideoRegistry& registry_;
};

/// What is to be told of an attempt that ended so and left the shared row like this; nothing of one that goes
/// on by itself, or waits for a login.
std::optional<WebhookEvent> webhook_event_of(const Outcome& outcome, const Upload& row);

/// What happened, for note_webhook_event().
struct WebhookFacts {
  WebhookEvent event = WebhookEvent::uploaded;
  std::string video_id;
  std::int64_t attempt_id = 0;  ///< 0: none of ours
  std::string link;             ///< to the post; may be empty
  bool practice = false;        ///< nothing real
};

/// Within the caller's transaction: each of `webhooks` that wants it is to be told. `row`: as just written.
void note_webhook_event(Database& db, const Clock& clock, const Result<std::vector<Webhook>>& webhooks,
                        const WebhookFacts& facts, const Upload& row);

}  // namespace asfs
