#include "registry/ledger/webhook_outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr std::chrono::days kKeepGivenUp{30};

constexpr std::string_view kDeliveryColumns =
    "id, delivery, webhook, event, video_id, platform, body, tries, next_at, given_up, error";

WebhookDelivery read_delivery(const Statement& row) {
  return {.row = row.integer(0),
          .delivery = row.text(1),
          .webhook = row.text(2),
          .event = row.text(3),
          .video_id = row.text(4),
          .platform = row.text(5),
          .body = row.text(6),
          .tries = static_cast<int>(row.integer(7)),
          .next_at = from_unix_millis(row.integer(8)),
          .given_up = row.integer(9) != 0,
          .error = row.optional_text(10)};
}

std::vector<WebhookDelivery> read_deliveries(Statement& rows) {
  std::vector<WebhookDelivery> deliveries;
  while (rows.step()) deliveries.push_back(read_delivery(rows));
  return deliveries;
}

bool wanted(std::span<const Webhook> webhooks, const std::string& key, const std::string& event) {
  return std::ranges::any_of(
      webhooks, [&](const Webhook& webhook) { return webhook.wants(event) && webhook.key() == key; });
}

/// The kinds of rows that no webhook wants, or that have none yet.
std::vector<std::pair<std::string, std::string>> strays(Database& db, std::span<const Webhook> webhooks) {
  std::vector<std::pair<std::string, std::string>> found;
  auto kinds = db.prepare("SELECT DISTINCT webhook, event FROM asfs_webhooks");
  while (kinds->step())
    if (auto kind = std::pair(kinds->text(0), kinds->text(1)); !wanted(webhooks, kind.first, kind.second))
      found.push_back(std::move(kind));
  return found;
}

/// A copy of every row without a receiver for this one.
void address(Database& db, const std::string& event, const Webhook& webhook) {
  db.prepare(
        "INSERT INTO asfs_webhooks(delivery, webhook, event, video_id, platform, attempt_id, body, "
        "created_at,"
        " next_at) SELECT lower(hex(randomblob(16))), ?2, event, video_id, platform, attempt_id, body,"
        " created_at, next_at FROM asfs_webhooks WHERE webhook = '' AND event = ?1 ORDER BY id")
      ->bind_all(event, webhook.key())
      .run();
}

/// Changes a row that is still lent to who holds `lent`. `set` may use ?3 and later for `args`.
template <class... Args>
void update_lent(Database& db, const WebhookDelivery& lent, std::string_view set, const Args&... args) {
  db.prepare(fmt::format("UPDATE asfs_webhooks SET {} WHERE id = ?1 AND lent = 1 AND next_at = ?2", set))
      ->bind_all(lent.row, unix_millis(lent.next_at), args...)
      .run();
}

std::string title_of(Database& db, const std::string& video_id) {
  auto found = db.prepare("SELECT title, file_path FROM videos WHERE id = ?1");
  found->bind_all(video_id);
  return found->step() ? std::string(title_or_stem(found->text_view(0), found->text_view(1))) : std::string();
}

std::string body_of(const WebhookFacts& facts, const std::string& title, const Upload& row, TimePoint now) {
  const auto nullable = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  const Json body{{"event", name_of(facts.event)},
                  {"at", utc_timestamp(now)},
                  {"practice", facts.practice},
                  {"video_id", facts.video_id},
                  {"title", title},
                  {"platform", row.platform},
                  {"status", row.upload_status},
                  {"post_id", nullable(row.platform_post_id.value_or(""))},
                  {"link", nullable(facts.link)},
                  {"error", nullable(row.error_message.value_or(""))},
                  {"attempt", facts.attempt_id == 0 ? Json(nullptr) : Json(facts.attempt_id)}};
  return dumped(body);
}

}  // namespace

Result<void> WebhookOutbox::sort_out(std::span<const Webhook> webhooks) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    if (strays(db, webhooks).empty()) return {};
    Transaction transaction(db);
    for (const auto& [key, event] : strays(db, webhooks)) {
      for (const Webhook& webhook : webhooks)
        if (key.empty() && webhook.wants(event)) address(db, event, webhook);
      db.prepare("DELETE FROM asfs_webhooks WHERE webhook = ?1 AND event = ?2")->bind_all(key, event).run();
    }
    transaction.commit();
    return {};
  });
}

Result<std::optional<WebhookDelivery>> WebhookOutbox::take() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::optional<WebhookDelivery>> {
    const TimePoint now = registry_.clock().now();
    Transaction transaction(db);
    std::optional<WebhookDelivery> due;
    {
      auto rows = db.prepare(
          fmt::format("SELECT {} FROM asfs_webhooks WHERE given_up = 0 AND next_at <= ?1 AND webhook <> ''"
                      " ORDER BY next_at, id LIMIT 1",
                      kDeliveryColumns));
      rows->bind_all(unix_millis(now));
      if (rows->step()) due = read_delivery(*rows);
    }
    if (!due) return std::nullopt;
    due->next_at = now + kDeliveryLent;
    db.prepare("UPDATE asfs_webhooks SET lent = 1, next_at = ?2 WHERE id = ?1")
        ->bind_all(due->row, unix_millis(due->next_at))
        .run();
    transaction.commit();
    return due;
  });
}

Result<void> WebhookOutbox::delivered(const WebhookDelivery& lent) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare("DELETE FROM asfs_webhooks WHERE id = ?1")->bind_all(lent.row).run();
    return {};
  });
}

Result<void> WebhookOutbox::put_back(const WebhookDelivery& lent, const std::string& error,
                                     TimePoint next_at) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    update_lent(db, lent,
                "lent = 0, next_at = ?3, tries = tries + (?4 <> ''),"
                " error = CASE ?4 WHEN '' THEN error ELSE ?4 END",
                unix_millis(next_at), error);
    return {};
  });
}

Result<void> WebhookOutbox::give_up(const WebhookDelivery& lent, const std::string& error) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    const TimePoint now = registry_.clock().now();
    update_lent(db, lent, "lent = 0, given_up = 1, next_at = ?3, tries = tries + 1, error = ?4",
                unix_millis(now), error);
    db.prepare("DELETE FROM asfs_webhooks WHERE given_up = 1 AND next_at < ?1")
        ->bind_all(unix_millis(now - kKeepGivenUp))
        .run();
    return {};
  });
}

Result<void> WebhookOutbox::hold(const std::string& webhook, TimePoint until) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare(
          "UPDATE asfs_webhooks SET next_at = ?2 WHERE webhook = ?1 AND given_up = 0 AND lent = 0 AND "
          "next_at < ?2")
        ->bind_all(webhook, unix_millis(until))
        .run();
    return {};
  });
}

Result<void> WebhookOutbox::send_again() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare(
          "UPDATE asfs_webhooks SET tries = CASE given_up WHEN 1 THEN 0 ELSE tries END, given_up = 0,"
          " lent = 0, next_at = ?1 WHERE lent = 0 OR next_at <= ?1")
        ->bind_all(unix_millis(registry_.clock().now()))
        .run();
    return {};
  });
}

Result<std::vector<WebhookDelivery>> WebhookOutbox::list() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::vector<WebhookDelivery>> {
    auto rows = db.prepare(fmt::format("SELECT {} FROM asfs_webhooks ORDER BY id", kDeliveryColumns));
    return read_deliveries(*rows);
  });
}

std::optional<WebhookEvent> webhook_event_of(const Outcome& outcome, const Upload& row) {
  switch (outcome.state) {
    case AttemptState::succeeded:
      return WebhookEvent::uploaded;
    case AttemptState::unconfirmed:
      return WebhookEvent::unclear;
    case AttemptState::failed: {
      const bool for_good = outcome.counts_as_failure && !outcome.retry_at;
      if (for_good || row.is(UploadStatus::failed_final)) return WebhookEvent::failed;
      return std::nullopt;
    }
    case AttemptState::running:
    case AttemptState::interrupted:
    case AttemptState::rate_limited:
    case AttemptState::settled_not_live:
      return std::nullopt;
  }
  std::unreachable();
}

void note_webhook_event(Database& db, const Clock& clock, const Result<std::vector<Webhook>>& webhooks,
                        const WebhookFacts& facts, const Upload& row) {
  std::vector<std::string> keys;
  for (const Webhook& webhook : webhooks.value_or(std::vector<Webhook>()))
    if (webhook.wants(name_of(facts.event))) keys.push_back(webhook.key());
  if (!webhooks) keys.emplace_back();  // for whomever the file names once it can be read
  if (keys.empty()) return;
  const TimePoint now = clock.now();
  const std::string body = body_of(facts, title_of(db, facts.video_id), row, now);
  std::optional<std::int64_t> attempt_id;
  if (facts.attempt_id != 0) attempt_id = facts.attempt_id;
  for (const std::string& key : keys)
    db.prepare(
          "INSERT INTO asfs_webhooks(delivery, webhook, event, video_id, platform, attempt_id, body,"
          " created_at, next_at) VALUES (lower(hex(randomblob(16))), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)")
        ->bind_all(key, name_of(facts.event), facts.video_id, row.platform, attempt_id, body,
                   unix_millis(now))
        .run();
}

}  // namespace asfs
