#include "registry/posts/upload_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "registry/base/process_identity.h"
#include "registry/base/text.h"
#include "registry/posts/evidence_search.h"
#include "registry/store/platform_names.h"
#include "registry/store/upload_rows.h"

namespace asfs {
namespace {

OpenAttempt read_attempt(const Statement& statement, int first, const Clock& clock,
                         const std::optional<std::string>& checksum) {
  OpenAttempt attempt;
  attempt.id = statement.integer(first);
  attempt.state = statement.text(first + 1);
  attempt.owner = statement.text(first + 2);
  const ProcessIdentity process{statement.text(first + 3), statement.integer(first + 4),
                                statement.integer(first + 5)};
  const bool leased = statement.integer(first + 6) > unix_millis(clock.now());
  attempt.alive = attempt.is(AttemptState::running) && leased && !is_gone(process);
  attempt.since = statement.text(first + 7);
  attempt.handle = statement.optional_text(first + 8);
  attempt.maybe_published = statement.integer(first + 9) != 0;
  const auto sent = statement.optional_text(first + 10);
  attempt.same_content = !sent || !checksum || *sent == *checksum;
  attempt.row_timestamp = statement.text(first + 11);
  attempt.metadata_json = statement.text(first + 12);
  attempt.chain = statement.is_null(first + 13) ? attempt.id : statement.integer(first + 13);
  if (!statement.is_null(first + 14)) attempt.waits_since = from_unix_millis(statement.integer(first + 14));
  return attempt;
}

Refusal twin_refusal(const UploadFacts& standing, const Twin& twin) {
  const std::string post = twin.post_id ? fmt::format("post {}, ", one_line(*twin.post_id, 80)) : "";
  std::string reason =
      fmt::format("{} {} {}, which ", standing.video_id,
                  twin.other_form ? "is the same clip as" : "has the same content as", twin.video_id);
  reason += twin.posted
                ? fmt::format("is already on {} ({}{})", standing.platform, post, short_time(twin.since))
                : fmt::format("is being uploaded to {} or may be live there since {}", standing.platform,
                              short_time(twin.since));
  return {.code = Code::blocked, .reason = std::move(reason), .duplicate = true, .twin = twin.video_id};
}

/// IN_PROGRESS, and not by an attempt of ours.
bool is_foreign(const UploadFacts& standing) {
  if (!standing.row || !standing.row->is(UploadStatus::in_progress)) return false;
  return !standing.attempt || standing.attempt->row_timestamp != standing.row->upload_timestamp;
}

/// `, as audit/events.db tells`.
std::string as_told_by(const Evidence& evidence) {
  return evidence.source.empty() ? "" : fmt::format(", as {} tells", one_line(evidence.source, 200));
}

/// A duplicate where it is certain, else a question.
Refusal evidence_refusal(const UploadFacts& standing, const Evidence& evidence) {
  Upload post;
  post.platform = standing.platform;
  post.platform_post_id = evidence.post_id;
  post.upload_timestamp = evidence.at;
  const bool twin = evidence.video_id != standing.video_id;
  if (evidence.certain) {
    Refusal refusal = twin ? twin_refusal(standing, {evidence.video_id, evidence.post_id, evidence.at, true,
                                                     evidence.other_form})
                           : Refusal{Code::blocked, already_posted_reason(standing.video_id, post), true};
    refusal.reason += as_told_by(evidence);
    return refusal;
  }
  return {
      Code::blocked,
      fmt::format("{} may be live on {}: {} tells of a post {} ({}), which may be this video or another; {}",
                  standing.video_id, standing.platform,
                  evidence.source.empty() ? "an earlier attempt" : one_line(evidence.source, 200),
                  twin ? "of " + one_line(evidence.video_id, 80) : "under this id",
                  (evidence.post_id ? one_line(*evidence.post_id, 80) + ", " : "") + short_time(evidence.at),
                  settle_hint(standing.video_id, standing.platform)),
      true};
}

/// What the shared row alone speaks against.
std::optional<Refusal> row_refusal(const UploadFacts& standing, const Upload& row, bool by_hand) {
  const auto& [id, platform] = std::tie(standing.video_id, standing.platform);
  const std::string when = short_time(row.upload_timestamp);
  const auto status = parse_status(row.upload_status);
  if (!status)
    return Refusal{Code::blocked,
                   fmt::format("{} has the status \"{}\" on {}, which this program does not know; {}", id,
                               one_line(row.upload_status, 40), platform, settle_hint(id, platform))};
  if (is_foreign(standing) && another_may_be_uploading(standing))
    return Refusal{Code::blocked, another_uploads(standing)};
  if (is_foreign(standing))
    return Refusal{
        Code::blocked,
        fmt::format("another program began to upload {} to {} at {} and never said how that ended, "
                    "so it may be live; {}",
                    id, platform, when, settle_hint(id, platform))};
  if (*status == UploadStatus::blocked && !standing.duplicate_allowed)
    return Refusal{Code::blocked,
                   fmt::format("{} is blocked on {} ({}, {}); {}", id, platform,
                               one_line(row.error_message.value_or("no reason is noted"), 200), when,
                               settle_hint(id, platform)),
                   true};
  if (*status == UploadStatus::failed_final && !by_hand)
    return Refusal{Code::failed,
                   fmt::format("{} failed {} times on {}, last with: {}; no more automatic retries, a "
                               "person may try again",
                               id, row.retry_count, platform,
                               one_line(row.error_message.value_or("no reason is noted"), 200))};
  return std::nullopt;
}

}  // namespace

std::optional<UploadFacts> load_upload_facts(Database& db, const Clock& clock, std::string_view video_id,
                                             std::string_view platform, KnownContents* known) {
  auto found = db.prepare(
      "SELECT ifnull(v.checksum, (SELECT d.checksum FROM asfs_disk_files d WHERE d.video_id = v.id"
      " AND d.file_path = v.file_path)), v.duplicate_allowed,"
      " u.upload_status, u.upload_timestamp, u.platform_post_id, u.error_message, u.retry_count, u.id,"
      " a.id, a.state, a.owner, a.owner_boot, a.owner_pid, a.owner_started, a.lease_until,"
      " strftime('%Y-%m-%dT%H:%M:%f', a.started_at, 'localtime'), a.handle, a.maybe_published, a.checksum,"
      " a.row_timestamp, a.metadata, c.chain, c.waits_since,"
      " v.checksum IS NOT NULL, v.file_path, v.created_at,"
      " (SELECT at FROM asfs_last_events WHERE video_id = ?1 AND platform = ?2), c.acknowledged,"
      " (SELECT o.account FROM asfs_attempt_accounts o WHERE o.attempt_id = a.id)"
      " FROM videos v"
      " LEFT JOIN video_uploads u ON u.video_id = v.id AND u.platform = ?2"
      " LEFT JOIN asfs_attempts a ON a.video_id = v.id AND a.platform = ?2 AND a.open = 1"
      " LEFT JOIN asfs_chains c ON c.attempt_id = a.id"
      " WHERE v.id = ?1");
  found->bind_all(video_id, platform);
  if (!found->step()) return std::nullopt;
  UploadFacts standing;
  standing.now = clock.now();
  standing.video_id = video_id;
  standing.platform = platform;
  standing.checksum = found->optional_text(0);
  standing.duplicate_allowed = found->integer(1) != 0;
  standing.last_event = found->text(26);
  if (!found->is_null(7)) standing.row = read_upload(*found, 2, standing.platform);
  if (!found->is_null(8)) {
    standing.attempt = read_attempt(*found, 8, clock, standing.checksum);
    standing.attempt->acknowledged = found->integer(27) != 0;
    standing.attempt->account = found->text(28);
  }
  if (standing.duplicate_allowed || (standing.row && standing.row->is(UploadStatus::success)))
    return standing;
  standing.answered_at = answered_at(db, video_id, platform);
  const std::string file_path = found->text(24), created_at = found->text(25);
  KnownContents own;
  const SameContent* content =
      standing.checksum ? &(known ? *known : own).of(db, *standing.checksum, platform) : nullptr;
  if (content) standing.twin = content->twin_of(video_id, standing.answered_at);
  standing.evidence = find_evidence(db,
                                    {.video_id = video_id,
                                     .platform = platform,
                                     .checksum = standing.checksum,
                                     .registered = found->integer(23) != 0,
                                     .file_path = file_path,
                                     .created_at = created_at,
                                     .answered_at = standing.answered_at},
                                    content);
  return standing;
}

std::optional<Refusal> why_not(const UploadFacts& standing, bool by_hand) {
  const auto& attempt = standing.attempt;
  const auto& row = standing.row;
  if (attempt && attempt->alive) return Refusal{.reason = busy_reason(standing), .running = true};
  if (!standing.duplicate_allowed) {
    if (row && row->is(UploadStatus::success))
      return Refusal{Code::blocked, already_posted_reason(standing.video_id, *row), true};
    if (standing.evidence && standing.evidence->certain)
      return evidence_refusal(standing, *standing.evidence);
    if (standing.twin) return twin_refusal(standing, *standing.twin);
    if (standing.evidence) return evidence_refusal(standing, *standing.evidence);
  }
  // Duplicates or not: first a person says how the open one ended. A handle is no help for another content.
  if (attempt &&
      (attempt->is(AttemptState::unconfirmed) || (attempt->maybe_published && !attempt->same_content)))
    return Refusal{
        Code::blocked,
        fmt::format("the upload of {} to {} of {} may be live; {}", standing.video_id, standing.platform,
                    short_time(attempt->since), settle_hint(standing.video_id, standing.platform))};
  if (!row) return std::nullopt;
  return row_refusal(standing, *row, by_hand);
}

bool another_may_be_uploading(const UploadFacts& standing) {
  return is_foreign(standing) && std::max(standing.row->upload_timestamp, standing.last_event) >
                                     local_timestamp(standing.now - kForeignPatience);
}

std::string another_uploads(const UploadFacts& standing) {
  return fmt::format("another program may be uploading {} to {} since {}", standing.video_id,
                     standing.platform, short_time(standing.row->upload_timestamp));
}

std::optional<Error> why_not_forget(const UploadFacts& standing) {
  const auto& [id, platform] = std::tie(standing.video_id, standing.platform);
  if (standing.attempt && standing.attempt->alive)
    return Error{Code::blocked, busy_reason(standing) + "; stop that upload first"};
  if (!is_on_known_platform(platform)) return std::nullopt;  // nobody could have posted it there
  const bool live = standing.row->is(UploadStatus::in_progress) ||
                    standing.row->error_message.value_or("").find(kMayBeLive) != std::string::npos ||
                    (standing.attempt &&
                     (standing.attempt->maybe_published || standing.attempt->is(AttemptState::unconfirmed)));
  if (!live) return std::nullopt;
  return Error{Code::blocked, fmt::format("{} may be live on {}, so its row is not to be forgotten; {}", id,
                                          platform, settle_hint(id, platform))};
}

std::string busy_reason(const UploadFacts& standing) {
  return fmt::format("{} is being uploaded to {} by {} since {}", standing.video_id, standing.platform,
                     standing.attempt->owner, short_time(standing.attempt->since));
}

std::string settle_hint(std::string_view video_id, std::string_view platform) {
  return fmt::format("look on {1}, then: asfs-videos settle {0} {1} live|not-live", video_id, platform);
}

std::string already_posted_reason(std::string_view video_id, std::string_view platform,
                                  std::string_view post_id, std::string_view timestamp) {
  const std::string post = one_line(post_id, 80);
  // The Python program writes sentences such as "YouTube upload successful" where an id should stand.
  const bool sentence = post.find(' ') != std::string::npos;
  std::string reason;
  reason.reserve(video_id.size() + platform.size() + post.size() + timestamp.size() + 30);
  reason.append(video_id).append(" is already on ").append(platform).append(" (");
  if (!post.empty() && !sentence) reason.append("post ");
  if (!post.empty()) reason.append(post).append(", ");
  return reason.append(short_time(timestamp)).append(")");
}

std::string already_posted_reason(std::string_view video_id, const Upload& upload) {
  return already_posted_reason(video_id, upload.platform, upload.platform_post_id.value_or(""),
                               upload.upload_timestamp);
}

}  // namespace asfs
