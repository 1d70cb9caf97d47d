#include "uploaders/webhooks/webhooks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>

#include "registry/base/json.h"
#include "registry/files/checksum.h"
#include "uploaders/transfer/http_url.h"

namespace asfs {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr Duration kFirstPause = 1min;
constexpr Duration kLongestPause = 6h;
constexpr Duration kLongestRetryAfter = 24h;
constexpr int kGone = 410;

/// What is posted to whom.
struct Letter {
  const Webhook& webhook;
  std::string event;
  std::string delivery;
  std::string body;
};

/// Why a letter was not taken.
struct Refusal {
  std::string error;  ///< empty: stopped by a person, or because the program ends
  bool for_good = false;
  bool busy = false;  ///< it takes no other letter now either
  std::optional<TimePoint> retry_after;
};

HttpRequest request_of(const Letter& letter, TimePoint now, const WebhookPatience& patience) {
  const std::string timestamp = std::to_string(unix_millis(now) / 1000);
  return {.method = "POST",
          .url = letter.webhook.url,
          .headers = {{"Content-Type", "application/json"},
                      {"X-ASFS-Event", letter.event},
                      {"X-ASFS-Delivery", letter.delivery},
                      {"X-ASFS-Timestamp", timestamp},
                      {"X-ASFS-Signature", webhook_signature(letter.webhook.secret, timestamp, letter.body)}},
          .content = letter.body,
          .body = {},
          .on_progress = {},
          .connect_timeout = patience.connect,
          .stall_timeout = patience.stall,
          .stop = {}};
}

/// What it answered, unless that is a 2xx.
std::optional<Refusal> refusal_in(const HttpResponse& answer, const Webhook& webhook, TimePoint now) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  const auto origin = url_origin(webhook.url);
  Refusal refusal{.error = fmt::format("{} answered HTTP {}", origin ? origin->host : "it", answer.status),
                  .retry_after = answer.retry_after(now)};
  if (answer.status >= 300 && answer.status < 400) refusal.error += "; redirects are not followed";
  refusal.for_good = answer.status == kGone;
  refusal.busy = answer.status == 429 || answer.status == 503;
  return refusal;
}

/// nullopt: the receiver has it.
std::optional<Refusal> post(HttpClient& http, const Letter& letter, TimePoint now,
                            const std::stop_token& stop, const WebhookPatience& patience) {
  std::stop_source cut;
  const std::stop_callback forward(stop, [&cut] { cut.request_stop(); });
  const auto until = SteadyClock::now() + patience.whole;
  HttpRequest request = request_of(letter, now, patience);
  request.stop = cut.get_token();
  // A receiver that answers drop by drop never stalls.
  request.on_progress = [&](std::uint64_t) {
    if (SteadyClock::now() >= until) cut.request_stop();
  };
  const auto answer = http.send(request);
  if (answer) return refusal_in(*answer, letter.webhook, now);
  if (answer.error().kind != HttpError::Kind::cancelled)
    return Refusal{.error = answer.error().message, .busy = true, .retry_after = {}};
  if (stop.stop_requested()) return Refusal{};
  return Refusal{.error = fmt::format("the answer took longer than {} s", patience.whole.count()),
                 .busy = true,
                 .retry_after = {}};
}

TimePoint next_try(int failures, const std::optional<TimePoint>& retry_after, TimePoint now) {
  const int doublings = std::min(failures - 1, 20);
  const TimePoint at = now + std::min(kFirstPause * (1 << doublings), kLongestPause);
  return retry_after ? std::max(at, std::min(*retry_after, now + kLongestRetryAfter)) : at;
}

std::string given_up_text(const WebhookDelivery& lent, const Webhook& webhook, const std::string& error) {
  return fmt::format(
      "the webhook {} was not told that {} on {} is {}: {}; to try it again: asfs-videos webhooks send",
      webhook.shown_url(), lent.video_id, lent.platform, lent.event, error);
}

/// Writes down how a try went.
Result<void> note(WebhookOutbox& outbox, const WebhookDelivery& lent, const Webhook& webhook,
                  const std::optional<Refusal>& refusal, TimePoint now, WebhookRound& round) {
  if (!refusal) {
    ++round.delivered;
    return outbox.delivered(lent);
  }
  if (refusal->error.empty()) return outbox.put_back(lent, "", now);
  if (refusal->for_good || lent.tries + 1 >= kMostTries) {
    round.given_up.push_back(given_up_text(lent, webhook, refusal->error));
    return outbox.give_up(lent, refusal->error);
  }
  ++round.failed;
  auto noted = outbox.put_back(lent, refusal->error, next_try(lent.tries + 1, refusal->retry_after, now));
  // The others have not failed as often: they wait as after a first failure.
  if (noted && refusal->busy) noted = outbox.hold(lent.webhook, next_try(1, refusal->retry_after, now));
  return noted;
}

std::string random_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace

std::string webhook_signature(std::string_view secret, std::string_view timestamp, std::string_view body) {
  return "sha256=" + hmac_sha256(secret, fmt::format("{}.{}", timestamp, body));
}

Result<WebhookRound> deliver_webhooks(VideoRegistry& registry, HttpClient& http, std::stop_token stop,
                                      const WebhookPatience& patience) {
  const auto webhooks = load_webhooks(registry.library());
  if (!webhooks) return std::unexpected(webhooks.error());
  const Clock& clock = registry.clock();
  WebhookOutbox outbox(registry);
  Result<void> fine = outbox.sort_out(*webhooks);
  WebhookRound round;
  while (fine && !stop.stop_requested()) {
    const auto lent = outbox.take();
    if (!lent) return std::unexpected(lent.error());
    if (!*lent) break;
    const auto webhook = std::ranges::find(*webhooks, (*lent)->webhook, &Webhook::key);
    if (webhook == webhooks->end()) {  // of a file that is newer than what was read above
      fine = outbox.put_back(**lent, "", clock.now() + kFirstPause);
      continue;
    }
    const Letter letter{*webhook, (*lent)->event, (*lent)->delivery, (*lent)->body};
    const auto refusal = post(http, letter, clock.now(), stop, patience);
    fine = note(outbox, **lent, *webhook, refusal, clock.now(), round);
  }
  if (!fine) return std::unexpected(fine.error());
  return round;
}

Result<std::vector<WebhookTest>> test_webhooks(const Library& library, HttpClient& http, const Clock& clock,
                                               std::stop_token stop) {
  const auto webhooks = load_webhooks(library);
  if (!webhooks) return std::unexpected(webhooks.error());
  std::vector<WebhookTest> tests;
  for (const Webhook& webhook : *webhooks) {
    const Json body{{"event", "test"}, {"at", utc_timestamp(clock.now())}, {"practice", true}};
    const auto refusal =
        post(http, {webhook, "test", random_id(), body.dump()}, clock.now(), stop, WebhookPatience{});
    if (stop.stop_requested()) return fail(Code::cancelled, "stopped");
    tests.push_back({webhook.shown_url(), refusal ? refusal->error : ""});
  }
  return tests;
}

}  // namespace asfs
