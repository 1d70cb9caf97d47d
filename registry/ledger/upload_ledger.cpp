#include "registry/ledger/upload_ledger.h"

#include <fmt/format.h>

#include <utility>

#include "registry/base/process_identity.h"
#include "registry/base/text.h"
#include "registry/ledger/attempt_rows.h"
#include "registry/ledger/post_checks.h"
#include "registry/ledger/post_owner.h"
#include "registry/ledger/post_times.h"
#include "registry/ledger/webhook_outbox.h"
#include "registry/posts/audit_reader.h"
#include "registry/posts/evidence.h"
#include "registry/posts/upload_facts.h"
#include "registry/store/upload_rows.h"

namespace asfs {
namespace {

/// What is committed while this lives is on disk when the commit returns, even if the power goes the moment
/// after.
class Durable {
 public:
  explicit Durable(Database& db) : db_(db), before_(db.query_int("PRAGMA synchronous")) {
    db_.execute("PRAGMA synchronous=FULL");
  }
  Durable(const Durable&) = delete;
  Durable& operator=(const Durable&) = delete;
  ~Durable() {
    const std::string restore = fmt::format("PRAGMA synchronous={}", before_);
    sqlite3_exec(db_.handle(), restore.c_str(), nullptr, nullptr, nullptr);
  }

 private:
  Database& db_;
  std::int64_t before_;
};

/// Changes an attempt if it still runs and is this process's. `set` may use ?5 and later for `args`.
template <class... Args>
bool update_ours(Database& db, std::int64_t attempt_id, std::string_view set, const Args&... args) {
  const ProcessIdentity me = this_process();
  db.prepare(fmt::format("UPDATE asfs_attempts SET {} WHERE id = ?1 AND state = 'running' AND owner_boot = ?2"
                         " AND owner_pid = ?3 AND owner_started = ?4",
                         set))
      ->bind_all(attempt_id, me.boot, me.pid, me.started, args...)
      .run();
  return db.changes() > 0;
}

std::unexpected<Error> lost(std::int64_t attempt_id) {
  return fail(Code::blocked,
              fmt::format("upload attempt {} is not this process's any more: another one took it over, "
                          "or a person settled it; nothing more may be sent",
                          attempt_id));
}

/// The shared row after this outcome; nullopt when it stays as it is.
std::optional<Upload> row_after(const EndingAttempt& attempt, const Outcome& outcome,
                                const std::optional<Upload>& before, std::string timestamp) {
  Upload next;
  next.platform = attempt.platform;
  next.upload_timestamp = std::move(timestamp);
  next.error_message = outcome.error;
  next.retry_count = before ? before->retry_count : 0;
  const auto become = [&](UploadStatus status) {
    next.upload_status = names_of(status).name;
    return next;
  };
  if (outcome.state == AttemptState::succeeded) {
    next.platform_post_id = outcome.post_id;
    next.error_message.reset();
    next.retry_count = 0;
    if (before && before->is(UploadStatus::success) && before->platform_post_id != outcome.post_id) {
      next.platform_post_id = before->platform_post_id;
      next.upload_timestamp = before->upload_timestamp;
      next.error_message = fmt::format(
          "posted twice: another program posted it, too, while this one did (posts {} and {}); delete one on "
          "{}",
          one_line(before->platform_post_id.value_or("?"), 80), one_line(outcome.post_id.value_or("?"), 80),
          attempt.platform);
    }
    return become(UploadStatus::success);
  }
  // Another program posted it meanwhile.
  if (before && before->is(UploadStatus::success)) return std::nullopt;
  switch (outcome.state) {
    case AttemptState::rate_limited:
      return become(UploadStatus::rate_limited);
    case AttemptState::interrupted:
      // IN_PROGRESS holds everybody back until the next start has looked the post up.
      if (attempt.maybe_published && before) next.upload_timestamp = before->upload_timestamp;
      return become(attempt.maybe_published ? UploadStatus::in_progress : UploadStatus::pending);
    case AttemptState::unconfirmed:
      next.error_message =
          fmt::format("{}; the post {}: {}", outcome.error.value_or("the platform's answer was lost"),
                      kMayBeLive, settle_hint(attempt.video_id, attempt.platform));
      return become(UploadStatus::blocked);
    case AttemptState::failed:
    case AttemptState::running:
    case AttemptState::succeeded:
    case AttemptState::settled_not_live:
      if (outcome.progressed) next.retry_count = 0;
      next.retry_count += outcome.counts_as_failure ? 1 : 0;
      return become(status_after_failures(next.retry_count, outcome.max_retries));
  }
  std::unreachable();
}

/// Something of it may be on the platform.
bool is_unfinished(const OpenAttempt& attempt) {
  return attempt.same_content && (attempt.handle || attempt.maybe_published);
}

/// What the new try takes over from the unfinished one.
void inherit(Claim& claim, const OpenAttempt& from) {
  const bool unfinished = is_unfinished(from);
  // Without new words a resume says what the first try was to say.
  if (unfinished || claim.metadata_json == "{}") claim.metadata_json = from.metadata_json;
  if (!unfinished) return;
  const bool other = !from.account.empty() && !claim.account.empty() && from.account != claim.account;
  // Nothing was posted, and what was begun is of no use to another account: it is begun anew.
  if (other && !from.maybe_published) return;
  if (!from.account.empty()) claim.account = from.account;
  claim.of_another_account = other;
  claim.handle = from.handle;
  claim.maybe_published = from.maybe_published;
  claim.chain = from.chain;
  claim.waits_since = from.waits_since;
  claim.acknowledged = from.acknowledged;
}

/// Ends the unfinished attempt, begins the new one and marks the shared row.
Claim begin_attempt(Database& db, const Clock& clock, const UploadFacts& standing,
                    const ClaimRequest& request) {
  Claim claim;
  claim.metadata_json = request.metadata_json;
  claim.account = request.account;
  claim.earlier_failures = standing.row ? standing.row->retry_count : 0;
  if (standing.attempt) {
    close_attempt(db, clock, standing.attempt->id);
    inherit(claim, *standing.attempt);
  }
  Upload row;
  row.platform = standing.platform;
  row.upload_status = names_of(UploadStatus::in_progress).name;
  row.upload_timestamp = local_timestamp(clock.now());
  row.retry_count = claim.earlier_failures;
  write_upload(db, standing.video_id, row);
  claim.attempt_id = insert_attempt(db, clock, standing, row.upload_timestamp, claim);
  return claim;
}

/// The slot a claim has to wait for; nullopt when it may start now.
std::optional<PostTime> wait_of(Database& db, const Clock& clock, const UploadFacts& standing,
                                const ClaimRequest& request) {
  const auto& before = standing.attempt;
  if (!request.limits.hold || (before && before->maybe_published && is_unfinished(*before)))
    return std::nullopt;
  const TimePoint now = clock.now();
  mend_post_times(db, standing.platform, now);
  const PostTimes book = load_post_times(db, standing.platform, request.limits, now, before ? before->id : 0);
  const PostTime slot = book.next(now);
  if (slot.at > now) return slot;
  if (!book.leaves_room(now, request.chosen_times))
    return PostTime{request.chosen_times.front(), PostTime::Why::chosen};
  return std::nullopt;
}

}  // namespace

Result<Claim> UploadLedger::claim(const ClaimRequest& request) {
  know_audit_trail(registry_.database(), registry_.library());
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<Claim> {
    Transaction transaction(db);
    const auto standing = load_upload_facts(db, registry_.clock(), request.video_id, request.platform);
    if (!standing) return std::unexpected(no_such_video(request.video_id));
    if (const auto refusal = why_not(*standing, request.by_hand)) return fail(refusal->code, refusal->reason);
    const auto slot = wait_of(db, registry_.clock(), *standing, request);
    if (slot && !request.skip_limits) {
      transaction.commit();  // of slots mended after the clock was put back
      return fail(Code::rate_limited, too_soon_text(request.platform, *slot, request.limits));
    }
    Claim claim = begin_attempt(db, registry_.clock(), *standing, request);
    claim.skipped = slot;
    auto video = registry_.get_video(request.video_id);
    if (!video) return std::unexpected(video.error());
    claim.video = std::move(**video);
    transaction.commit();
    return claim;
  });
}

Result<void> UploadLedger::note_quota(std::int64_t attempt_id, const Quota& quota) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    save_quota(db, attempt_id, quota);
    return {};
  });
}

Result<void> UploadLedger::note_rate_limited(std::string_view video_id, std::string_view platform,
                                             std::string_view reason) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    Transaction transaction(db);
    auto row = find_upload(db, video_id, platform).value_or(Upload{});
    const auto before = row.upload_status.empty() ? UploadStatus::pending : parse_status(row.upload_status);
    if (!before || *before == UploadStatus::in_progress ||
        allowed_transition(*before, UploadStatus::rate_limited) != Transition::always)
      return {};
    row.platform = platform;
    row.upload_status = names_of(UploadStatus::rate_limited).name;
    row.upload_timestamp = local_timestamp(registry_.clock().now());
    row.error_message = reason;
    write_upload(db, video_id, row);
    transaction.commit();
    return {};
  });
}

Result<void> UploadLedger::heartbeat(std::int64_t attempt_id, std::int64_t bytes_sent,
                                     std::int64_t bytes_total) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    if (!update_ours(db, attempt_id, "lease_until = ?5, bytes_sent = ?6, bytes_total = ?7",
                     lease_from(registry_.clock()), bytes_sent, bytes_total))
      return lost(attempt_id);
    return {};
  });
}

Result<void> UploadLedger::save_handle(std::int64_t attempt_id, std::string_view handle) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    const Durable durable(db);
    Transaction transaction(db);
    const auto attempt = find_attempt(db, attempt_id);
    if (!attempt || !attempt->ours) return lost(attempt_id);
    if (attempt->maybe_published)
      return fail(Code::failed, fmt::format("{} may be on {} already: nothing new is begun",
                                            attempt->video_id, attempt->platform));
    update_ours(db, attempt_id, "lease_until = ?5, handle = ?6", lease_from(registry_.clock()), handle);
    transaction.commit();
    return {};
  });
}

Result<void> UploadLedger::start_over(std::int64_t attempt_id) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    const Durable durable(db);
    Transaction transaction(db);
    if (!update_ours(db, attempt_id, "lease_until = ?5, handle = NULL, maybe_published = 0",
                     lease_from(registry_.clock())))
      return lost(attempt_id);
    db.prepare(
          "UPDATE asfs_chains SET chain = attempt_id, waits_since = NULL, acknowledged = 0"
          " WHERE attempt_id = ?1")
        ->bind_all(attempt_id)
        .run();
    transaction.commit();
    return {};
  });
}

Result<void> UploadLedger::before_publish(std::int64_t attempt_id) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    const Durable durable(db);
    Transaction transaction(db);
    const auto attempt = find_attempt(db, attempt_id);
    if (!attempt || !attempt->ours) return lost(attempt_id);
    Result<void> answer;
    // The claim made the row IN_PROGRESS. A SUCCESS now is somebody else's post, made while we were sending.
    const auto row = find_upload(db, attempt->video_id, attempt->platform);
    if (row && row->is(UploadStatus::success)) {
      answer = fail(Code::blocked, already_posted_reason(attempt->video_id, *row));
      end_attempt(db, registry_.clock(), attempt_id, {.error = answer.error().message});
    } else {
      update_ours(db, attempt_id, "lease_until = ?5, maybe_published = 1", lease_from(registry_.clock()));
      note_waiting(db, registry_.clock(), attempt_id, !attempt->maybe_published);
    }
    transaction.commit();
    return answer;
  });
}

Result<Upload> UploadLedger::finish(std::int64_t attempt_id, const Outcome& given) {
  Outcome outcome = given;
  if (outcome.state == AttemptState::running || outcome.state == AttemptState::settled_not_live)
    return fail(Code::usage, fmt::format("an upload attempt cannot end as {}", name_of(outcome.state)));
  const auto webhooks = load_webhooks(registry_.library());
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<Upload> {
    const Durable durable(db);
    Transaction transaction(db);
    const auto attempt = find_attempt(db, attempt_id);
    // A post that was made counts, even if the attempt was taken over while its process slept.
    const bool late_success = attempt && outcome.state == AttemptState::succeeded &&
                              attempt->state == name_of(AttemptState::interrupted);
    if (!attempt || (!attempt->ours && !late_success)) return lost(attempt_id);
    const Clock& clock = registry_.clock();
    const auto before = find_upload(db, attempt->video_id, attempt->platform);
    question_if_anothers(db, attempt_id, *attempt, outcome);
    const auto next = row_after(*attempt, outcome, before, local_timestamp(clock.now()));
    end_attempt(db, clock, attempt_id, outcome);
    if (next) write_upload(db, attempt->video_id, *next);
    if (next && next->is(UploadStatus::success) && next->platform_post_id != outcome.post_id)
      note_second_post(db, attempt->video_id, *next, outcome.post_id);
    if (const auto event = next ? webhook_event_of(outcome, *next) : std::nullopt)
      note_webhook_event(
          db, clock, webhooks,
          {*event, attempt->video_id, attempt_id, outcome.link, registry_.library().practice()}, *next);
    if (outcome.check_at && outcome.post_id)
      schedule_post_check(
          db, {attempt->video_id, attempt->platform, *outcome.post_id, attempt->metadata_json, outcome.place},
          *outcome.check_at);
    const auto after = find_upload(db, attempt->video_id, attempt->platform);
    transaction.commit();
    return after.value_or(next.value_or(Upload{}));  // without a row: the video was deleted meanwhile
  });
}

Result<std::vector<Attempt>> UploadLedger::unfinished() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::vector<Attempt>> {
    auto open = attempts_to_look_up(db);
    std::erase_if(open, [&](const Attempt& attempt) {
      const auto standing = load_upload_facts(db, registry_.clock(), attempt.video_id, attempt.platform);
      return !standing || !standing->attempt || standing->attempt->alive;
    });
    return open;
  });
}

Result<std::vector<OnItsWay>> UploadLedger::on_their_way() {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::vector<OnItsWay>> {
    std::vector<OnItsWay> found;
    for (const Attempt& attempt : attempts_to_look_up(db)) {
      const auto standing = load_upload_facts(db, registry_.clock(), attempt.video_id, attempt.platform);
      if (!standing || !standing->attempt) continue;
      const OpenAttempt& open = *standing->attempt;
      if (open.alive || open.maybe_published)
        found.push_back(
            {attempt.video_id, attempt.platform, open.maybe_published, open.alive ? open.owner : ""});
    }
    return found;
  });
}

Result<std::vector<Attempt>> UploadLedger::attempts(std::string_view video_id) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::vector<Attempt>> { return attempts_of(db, video_id); });
}

}  // namespace asfs
