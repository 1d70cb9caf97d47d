#include "registry/upload_standing.h"

#include <fmt/format.h>

#include <utility>

#include "registry/base/process_identity.h"
#include "registry/base/text.h"

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

/// Another program may have replaced a SUCCESS, or deleted the row: history and our own attempts still know
/// it. A new file under an old id is a new content, and not posted yet.
std::optional<Upload> find_earlier_success(Database& db, const Standing& standing) {
  auto found = db.prepare(
      "SELECT post_id, at FROM ("
      " SELECT platform_post_id AS post_id, upload_timestamp AS at FROM asfs_upload_history"
      " WHERE video_id = ?1 AND platform = ?2 AND upload_status = 'SUCCESS' AND ifnull(checksum = ?3, 1)"
      " UNION ALL"
      " SELECT post_id, strftime('%Y-%m-%dT%H:%M:%f', ended_at, 'localtime') FROM asfs_attempts"
      " WHERE video_id = ?1 AND platform = ?2 AND state = 'succeeded' AND ifnull(checksum = ?3, 1)"
      ") ORDER BY at DESC LIMIT 1");
  found->bind_all(standing.video_id, standing.platform, standing.checksum);
  if (!found->step()) return std::nullopt;
  Upload upload;
  upload.platform = standing.platform;
  upload.upload_status = names_of(UploadStatus::success).name;
  upload.platform_post_id = found->optional_text(0);
  upload.upload_timestamp = found->text(1);
  return upload;
}

/// The same bytes under another id are the same post. What is certain comes first.
std::optional<Twin> find_twin(Database& db, const Standing& standing) {
  if (!standing.checksum) return std::nullopt;
  auto found = db.prepare(
      "SELECT video_id, post_id, at, posted FROM ("
      " SELECT v.id AS video_id, u.platform_post_id AS post_id, u.upload_timestamp AS at, 1 AS posted"
      " FROM videos v JOIN video_uploads u ON u.video_id = v.id AND u.platform = ?2"
      " WHERE v.checksum = ?3 AND v.id <> ?1 AND u.upload_status = 'SUCCESS'"
      " UNION ALL"
      " SELECT video_id, post_id, strftime('%Y-%m-%dT%H:%M:%f', started_at, 'localtime'),"
      " state = 'succeeded' FROM asfs_attempts"
      " WHERE checksum = ?3 AND platform = ?2 AND video_id <> ?1 AND (state = 'succeeded'"
      " OR (open = 1 AND (maybe_published OR state IN ('running', 'unconfirmed'))))"
      ") ORDER BY posted DESC, at LIMIT 1");
  found->bind_all(standing.video_id, standing.platform, *standing.checksum);
  if (!found->step()) return std::nullopt;
  return Twin{found->text(0), found->optional_text(1), found->text(2), found->integer(3) != 0};
}

Refusal twin_refusal(const Standing& standing, const Twin& twin) {
  const std::string post = twin.post_id ? fmt::format("post {}, ", one_line(*twin.post_id, 80)) : "";
  std::string reason = fmt::format("{} has the same content as {}, which ", standing.video_id, twin.video_id);
  reason += twin.posted
                ? fmt::format("is already on {} ({}{})", standing.platform, post, short_time(twin.since))
                : fmt::format("is being uploaded to {} or may be live there since {}", standing.platform,
                              short_time(twin.since));
  return {Code::blocked, std::move(reason), true};
}

/// What the shared row alone speaks against.
std::optional<Refusal> row_refusal(const Standing& standing, const Upload& row, bool by_hand) {
  const auto& [id, platform] = std::tie(standing.video_id, standing.platform);
  const std::string when = short_time(row.upload_timestamp);
  const auto status = parse_status(row.upload_status);
  if (!status)
    return Refusal{Code::blocked,
                   fmt::format("{} has the status \"{}\" on {}, which this program does not know; {}", id,
                               one_line(row.upload_status, 40), platform, settle_hint(id, platform))};
  const bool ours = standing.attempt && standing.attempt->row_timestamp == row.upload_timestamp;
  if (*status == UploadStatus::in_progress && !ours)
    return Refusal{Code::blocked,
                   fmt::format("another program began to upload {} to {} at {} and may be at it, or "
                               "have crashed; {}",
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

std::optional<Standing> load_standing(Database& db, const Clock& clock, std::string_view video_id,
                                      std::string_view platform) {
  auto found = db.prepare(
      "SELECT v.checksum, v.duplicate_allowed,"
      " u.upload_status, u.upload_timestamp, u.platform_post_id, u.error_message, u.retry_count, u.id,"
      " a.id, a.state, a.owner, a.owner_boot, a.owner_pid, a.owner_started, a.lease_until,"
      " strftime('%Y-%m-%dT%H:%M:%f', a.started_at, 'localtime'), a.handle, a.maybe_published, a.checksum,"
      " a.row_timestamp, a.metadata, c.chain, c.waits_since"
      " FROM videos v"
      " LEFT JOIN video_uploads u ON u.video_id = v.id AND u.platform = ?2"
      " LEFT JOIN asfs_attempts a ON a.video_id = v.id AND a.platform = ?2 AND a.open = 1"
      " LEFT JOIN asfs_chains c ON c.attempt_id = a.id"
      " WHERE v.id = ?1");
  found->bind_all(video_id, platform);
  if (!found->step()) return std::nullopt;
  Standing standing;
  standing.video_id = video_id;
  standing.platform = platform;
  standing.checksum = found->optional_text(0);
  standing.duplicate_allowed = found->integer(1) != 0;
  if (!found->is_null(7)) standing.row = read_upload(*found, 2, standing.platform);
  if (!found->is_null(8)) standing.attempt = read_attempt(*found, 8, clock, standing.checksum);
  if (!standing.duplicate_allowed && !(standing.row && standing.row->is(UploadStatus::success)))
    standing.earlier_success = find_earlier_success(db, standing);
  if (!standing.duplicate_allowed && !standing.earlier_success) standing.twin = find_twin(db, standing);
  return standing;
}

std::optional<Refusal> why_not(const Standing& standing, bool by_hand) {
  const auto& attempt = standing.attempt;
  const auto& row = standing.row;
  if (attempt && attempt->alive) return Refusal{.reason = busy_reason(standing), .running = true};
  if (!standing.duplicate_allowed) {
    if (row && row->is(UploadStatus::success))
      return Refusal{Code::blocked, already_posted_reason(standing.video_id, *row), true};
    if (standing.earlier_success)
      return Refusal{Code::blocked, already_posted_reason(standing.video_id, *standing.earlier_success),
                     true};
    if (standing.twin) return twin_refusal(standing, *standing.twin);
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

std::string busy_reason(const Standing& standing) {
  return fmt::format("{} is being uploaded to {} by {} since {}", standing.video_id, standing.platform,
                     standing.attempt->owner, short_time(standing.attempt->since));
}

std::string settle_hint(std::string_view video_id, std::string_view platform) {
  return fmt::format("look on {1}, then: asfs-videos settle {0} {1} live|not-live", video_id, platform);
}

std::optional<std::string> clean_text(const std::optional<std::string>& text) {
  return text ? std::optional(valid_utf8(*text)) : std::nullopt;
}

Upload read_upload(const Statement& statement, int first, std::string platform) {
  Upload upload;
  upload.platform = std::move(platform);
  upload.upload_status = statement.text(first);
  upload.upload_timestamp = statement.text(first + 1);
  upload.platform_post_id = statement.optional_text(first + 2);
  upload.error_message = statement.optional_text(first + 3);
  upload.retry_count = static_cast<int>(statement.integer(first + 4));
  return upload;
}

std::optional<Upload> find_upload(Database& db, std::string_view video_id, std::string_view platform) {
  auto found = db.prepare(
      "SELECT upload_status, upload_timestamp, platform_post_id, error_message, retry_count FROM "
      "video_uploads"
      " WHERE video_id = ?1 AND platform = ?2");
  found->bind_all(video_id, platform);
  if (!found->step()) return std::nullopt;
  return read_upload(*found, 0, std::string(platform));
}

void write_upload(Database& db, std::string_view video_id, const Upload& upload) {
  const auto run = [&](std::string_view sql) {
    db.prepare(sql)
        ->bind_all(video_id, upload.platform, upload.upload_status, upload.upload_timestamp,
                   clean_text(upload.platform_post_id), clean_text(upload.error_message), upload.retry_count)
        .run();
    return db.changes() > 0;
  };
  if (!run("UPDATE video_uploads SET upload_status = ?3, upload_timestamp = ?4, platform_post_id = ?5,"
           " error_message = ?6, retry_count = ?7 WHERE video_id = ?1 AND platform = ?2"))
    run("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id,"
        " error_message, retry_count) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7"
        " WHERE EXISTS (SELECT 1 FROM videos WHERE id = ?1)");
}

}  // namespace asfs
