#include "registry/ledger/settle.h"

#include <fmt/format.h>

#include "registry/base/text.h"
#include "registry/ledger/attempt_rows.h"
#include "registry/ledger/post_owner.h"
#include "registry/ledger/upload_ledger.h"
#include "registry/ledger/webhook_outbox.h"
#include "registry/posts/audit_reader.h"
#include "registry/posts/evidence.h"
#include "registry/posts/upload_facts.h"
#include "registry/store/audit_log.h"
#include "registry/store/upload_rows.h"

namespace asfs {
namespace {

/// A person may have pasted the link of another video's post.
Result<void> check_owner(VideoRegistry& registry, std::string_view video_id, std::string_view platform,
                         const std::string& post_id) {
  Database& db = registry.database();
  return guarded(db.path(), [&]() -> Result<void> {
    const auto owner = owner_of_post(db, 0, platform, post_id);
    if (!owner || *owner == video_id) return {};
    return fail(Code::usage, fmt::format("the post {} on {} is that of {}; give the one of {}",
                                         one_line(post_id, 80), platform, *owner, video_id));
  });
}

/// True when a person's answer is wanted: nobody is at it, and the outcome is open.
bool has_question(const UploadFacts& standing) {
  const auto& attempt = standing.attempt;
  if (attempt && (attempt->maybe_published || attempt->is(AttemptState::unconfirmed) ||
                  attempt->is(AttemptState::running)))
    return true;
  if (standing.evidence || standing.twin) return true;
  if (!standing.row) return false;
  const auto status = parse_status(standing.row->upload_status);
  return !status || *status == UploadStatus::in_progress || *status == UploadStatus::blocked;
}

/// That of the evidence, where it is an id.
std::optional<std::string> known_post_id(const UploadFacts& standing) {
  const auto& evidence = standing.evidence;
  if (!evidence || is_inconclusive(evidence->post_id.value_or(""))) return std::nullopt;
  return evidence->post_id;
}

/// The shared row by a person's answer.
Upload settled_row(const UploadFacts& standing, bool live, const std::optional<std::string>& post_id,
                   std::string timestamp) {
  Upload row;
  row.platform = standing.platform;
  row.upload_timestamp = std::move(timestamp);
  row.upload_status = names_of(live ? UploadStatus::success : UploadStatus::failed).name;
  if (live)
    row.platform_post_id = post_id ? post_id : known_post_id(standing);
  else
    row.error_message = "it is not live, as a person found";
  if (!live && standing.row) row.retry_count = standing.row->retry_count;
  return row;
}

}  // namespace

Result<Upload> UploadLedger::settle(std::string_view video_id, std::string_view platform, bool live,
                                    const std::optional<std::string>& post_id, bool sure) {
  know_audit_trail(registry_.database(), registry_.library());
  const auto webhooks = load_webhooks(registry_.library());
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<Upload> {
    Transaction transaction(db);
    const Clock& clock = registry_.clock();
    const auto standing = load_upload_facts(db, clock, video_id, platform);
    if (!standing) return std::unexpected(no_such_video(video_id));
    if (standing->attempt && standing->attempt->alive)
      return fail(Code::blocked, busy_reason(*standing) + "; it is not to be settled while it runs");
    if (!live && !sure && another_may_be_uploading(*standing))
      return fail(Code::blocked, fmt::format("{}; if you are sure that none is at it any more: asfs-videos "
                                             "settle {} {} not-live --sure",
                                             another_uploads(*standing), video_id, platform));
    if (!has_question(*standing))
      return fail(Code::usage,
                  fmt::format("nothing to settle: the state of {} on {} is {}", video_id, platform,
                              standing->row ? standing->row->upload_status : "not uploaded"));
    if (standing->attempt) {
      Outcome answer{.state = live ? AttemptState::succeeded : AttemptState::settled_not_live};
      if (live) answer.post_id = post_id;
      end_attempt(db, clock, standing->attempt->id, answer);
    }
    if (!live) note_answer(db, video_id, platform, local_timestamp(clock.now()));
    // A SUCCESS that another program wrote meanwhile is not what was asked about.
    if (!standing->row || !standing->row->is(UploadStatus::success)) {
      const Upload answer = settled_row(*standing, live, post_id, local_timestamp(clock.now()));
      write_upload(db, video_id, answer);
      const std::int64_t attempt_id = standing->attempt ? standing->attempt->id : 0;
      if (live)
        note_webhook_event(
            db, clock, webhooks,
            {WebhookEvent::uploaded, std::string(video_id), attempt_id, {}, registry_.library().practice()},
            answer);
    }
    const auto after = find_upload(db, video_id, platform);
    transaction.commit();
    return after.value_or(Upload{});
  });
}

Result<void> UploadLedger::forget(std::string_view video_id, std::string_view platform) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    Transaction transaction(db);
    const auto standing = load_upload_facts(db, registry_.clock(), video_id, platform);
    if (!standing || !standing->row)
      return fail(Code::not_found, fmt::format("there is no row of {} on {} to forget",
                                               one_line(video_id, 80), one_line(platform, 80)));
    if (auto no = why_not_forget(*standing)) return std::unexpected(*std::move(no));
    db.prepare("DELETE FROM video_uploads WHERE video_id = ?1 AND platform = ?2")
        ->bind_all(video_id, platform)
        .run();
    if (standing->attempt) close_attempt(db, registry_.clock(), standing->attempt->id);
    transaction.commit();
    return {};
  });
}

Result<Upload> settle_upload(VideoRegistry& registry, std::string_view video_id, std::string_view platform,
                             bool live, const std::optional<std::string>& post_id, bool sure) {
  if (live && post_id)
    if (auto fits = check_owner(registry, video_id, platform, *post_id); !fits)
      return std::unexpected(fits.error());
  auto settled = UploadLedger(registry).settle(video_id, platform, live, post_id, sure);
  if (!settled) return settled;
  AuditLog audit(registry.library(), registry.clock());
  static_cast<void>(audit.record({.video_id = std::string(video_id),
                                  .platform = std::string(platform),
                                  .status = live ? UploadStatus::success : UploadStatus::failed,
                                  .upload_id = settled->platform_post_id,
                                  .retry_count = settled->retry_count,
                                  .error_message = settled->error_message}));
  return settled;
}

}  // namespace asfs
