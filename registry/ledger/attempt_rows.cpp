#include "registry/ledger/attempt_rows.h"

#include <fmt/format.h>

#include <utility>

#include "registry/base/process_identity.h"
#include "registry/base/text.h"
#include "registry/ledger/post_times.h"
#include "registry/store/upload_rows.h"

namespace asfs {
namespace {

/// Whether something may be unfinished on the platform after this outcome.
bool stays_open(const Outcome& outcome) {
  switch (outcome.state) {
    case AttemptState::interrupted:
    case AttemptState::unconfirmed:
      return true;
    case AttemptState::failed:
    case AttemptState::rate_limited:
      return outcome.keep_handle;
    case AttemptState::running:
    case AttemptState::succeeded:
    case AttemptState::settled_not_live:
      return false;
  }
  std::unreachable();
}

constexpr std::string_view kSelectAttempts =
    "SELECT a.id, a.video_id, a.platform, a.state, a.started_at, a.ended_at, a.owner, a.handle, a.bytes_sent,"
    " a.bytes_total, a.post_id, a.error, a.retry_at, a.metadata FROM asfs_attempts a";

Attempt read_attempt(const Statement& row) {
  return {.id = row.integer(0),
          .video_id = row.text(1),
          .platform = row.text(2),
          .state = row.text(3),
          .started_at = row.text(4),
          .ended_at = row.text(5),
          .owner = row.text(6),
          .handle = row.optional_text(7),
          .bytes_sent = row.integer(8),
          .bytes_total = row.integer(9),
          .post_id = row.optional_text(10),
          .error = row.optional_text(11),
          .retry_at = row.optional_text(12),
          .metadata_json = row.text(13)};
}

std::vector<Attempt> read_attempts(Statement& rows) {
  std::vector<Attempt> attempts;
  while (rows.step()) attempts.push_back(read_attempt(rows));
  return attempts;
}

}  // namespace

std::int64_t lease_from(const Clock& clock) {
  return unix_millis(clock.now() + kLease);
}

std::int64_t insert_attempt(Database& db, const Clock& clock, const UploadFacts& standing,
                            const std::string& row_timestamp, const Claim& claim) {
  const ProcessIdentity me = this_process();
  db.prepare(
        "INSERT INTO asfs_attempts(video_id, platform, state, open, started_at, row_timestamp, checksum,"
        " owner, owner_boot, owner_pid, owner_started, lease_until, handle, maybe_published, metadata)"
        " VALUES (?1, ?2, 'running', 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")
      ->bind_all(standing.video_id, standing.platform, utc_timestamp(clock.now()), row_timestamp,
                 standing.checksum, process_text(me), me.boot, me.pid, me.started, lease_from(clock),
                 claim.handle, claim.maybe_published, claim.metadata_json)
      .run();
  const std::int64_t id = db.last_insert_rowid();
  std::optional<std::int64_t> waits_since;
  if (claim.waits_since) waits_since = unix_millis(*claim.waits_since);
  db.prepare("INSERT INTO asfs_chains(attempt_id, chain, waits_since, acknowledged) VALUES (?1, ?2, ?3, ?4)")
      ->bind_all(id, claim.chain ? claim.chain : id, waits_since, claim.acknowledged)
      .run();
  if (!claim.account.empty())
    db.prepare("INSERT INTO asfs_attempt_accounts(attempt_id, account) VALUES (?1, ?2)")
        ->bind_all(id, claim.account)
        .run();
  return id;
}

void note_waiting(Database& db, const Clock& clock, std::int64_t attempt_id, bool anew) {
  // A time that lies ahead was noted before the clock was put back.
  db.prepare(
        "UPDATE asfs_chains SET waits_since = ?2 WHERE attempt_id = ?1 AND (?3 OR ifnull(waits_since > ?2, "
        "1))")
      ->bind_all(attempt_id, unix_millis(clock.now()), anew)
      .run();
}

void end_attempt(Database& db, const Clock& clock, std::int64_t attempt_id, const Outcome& outcome) {
  std::optional<std::string> retry_at;
  if (outcome.retry_at) retry_at = utc_timestamp(*outcome.retry_at);
  db.prepare(
        "UPDATE asfs_attempts SET state = ?2, open = ?3, ended_at = ?4, lease_until = 0, post_id = ?5,"
        " error = ?6, retry_at = ?7, handle = CASE WHEN ?8 THEN handle END WHERE id = ?1")
      ->bind_all(attempt_id, name_of(outcome.state), stays_open(outcome), utc_timestamp(clock.now()),
                 clean_text(outcome.post_id), clean_text(outcome.error), retry_at,
                 stays_open(outcome) && outcome.state != AttemptState::unconfirmed)
      .run();
  note_post_time(db, attempt_id, outcome, clock.now());
}

void close_attempt(Database& db, const Clock& clock, std::int64_t attempt_id) {
  db.prepare(
        "UPDATE asfs_attempts SET open = 0, ended_at = ifnull(ended_at, ?2), lease_until = 0, handle = NULL,"
        " state = CASE state WHEN 'running' THEN 'interrupted' ELSE state END WHERE id = ?1")
      ->bind_all(attempt_id, utc_timestamp(clock.now()))
      .run();
  free_post_time(db, attempt_id);
}

std::optional<EndingAttempt> find_attempt(Database& db, std::int64_t attempt_id) {
  const ProcessIdentity me = this_process();
  auto found = db.prepare(
      "SELECT video_id, platform, state, maybe_published,"
      " state = 'running' AND owner_boot = ?2 AND owner_pid = ?3 AND owner_started = ?4, metadata"
      " FROM asfs_attempts WHERE id = ?1");
  found->bind_all(attempt_id, me.boot, me.pid, me.started);
  if (!found->step()) return std::nullopt;
  return EndingAttempt{found->text(0),         found->text(1),         found->text(2),
                       found->integer(3) != 0, found->integer(4) != 0, found->text(5)};
}

std::vector<Attempt> attempts_to_look_up(Database& db) {
  auto rows = db.prepare(fmt::format(
      "{} JOIN videos v ON v.id = a.video_id"
      " LEFT JOIN video_uploads u ON u.video_id = a.video_id AND u.platform = a.platform"
      " WHERE a.open = 1 AND (a.state = 'running' OR (a.state = 'interrupted' AND a.maybe_published))"
      " AND ifnull(u.upload_status, '') <> 'SUCCESS' ORDER BY a.id",
      kSelectAttempts));
  return read_attempts(*rows);
}

std::vector<Attempt> attempts_of(Database& db, std::string_view video_id) {
  auto rows = db.prepare(fmt::format("{} WHERE a.video_id = ?1 ORDER BY a.id", kSelectAttempts));
  rows->bind_all(video_id);
  return read_attempts(*rows);
}

}  // namespace asfs
