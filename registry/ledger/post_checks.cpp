#include "registry/ledger/post_checks.h"

#include "registry/store/audit_log.h"
#include "registry/store/upload_rows.h"

namespace asfs {
namespace {

// The row with what was found; nullopt when it stays as it is, or is another post's by now.
std::optional<Upload> row_with(const PostToCheck& post, const PostFinding& finding,
                               const std::optional<Upload>& row) {
  if (!row || !row->is(UploadStatus::success) || row->platform_post_id != post.post_id) return std::nullopt;
  Upload next = *row;
  if (finding.post_id) next.platform_post_id = finding.post_id;
  if (!finding.again_at) next.error_message = finding.note;
  const bool same =
      next.platform_post_id == row->platform_post_id && next.error_message == row->error_message;
  return same ? std::nullopt : std::optional(next);
}

void reschedule(Database& db, const PostToCheck& post, const PostFinding& finding) {
  if (!finding.again_at) {
    db.prepare("DELETE FROM asfs_post_checks WHERE video_id = ?1 AND platform = ?2 AND post_id = ?3")
        ->bind_all(post.video_id, post.platform, post.post_id)
        .run();
    return;
  }
  db.prepare(
        "UPDATE asfs_post_checks SET due_at = ?4, tries = tries + 1, post_id = ?5"
        " WHERE video_id = ?1 AND platform = ?2 AND post_id = ?3")
      ->bind_all(post.video_id, post.platform, post.post_id, unix_millis(*finding.again_at),
                 finding.post_id.value_or(post.post_id))
      .run();
}

}  // namespace

Result<std::vector<PostToCheck>> posts_to_check(VideoRegistry& registry, bool all) {
  Database& db = registry.database();
  return guarded(db.path(), [&]() -> Result<std::vector<PostToCheck>> {
    auto rows = db.prepare(
        "SELECT video_id, platform, post_id, metadata, place, tries,"
        " (SELECT o.account FROM asfs_attempt_accounts o WHERE o.attempt_id = (SELECT max(a.id) FROM "
        "asfs_attempts a"
        " WHERE a.video_id = c.video_id AND a.platform = c.platform AND a.state = 'succeeded'))"
        " FROM asfs_post_checks c"
        " WHERE ?1 OR due_at <= ?2 ORDER BY due_at, video_id");
    rows->bind_all(all, unix_millis(registry.clock().now()));
    std::vector<PostToCheck> posts;
    while (rows->step())
      posts.push_back({rows->text(0), rows->text(1), rows->text(2), rows->text(3), rows->text(4),
                       static_cast<int>(rows->integer(5)), rows->text(6)});
    return posts;
  });
}

Result<std::optional<Upload>> record_post_check(VideoRegistry& registry, const PostToCheck& post,
                                                const PostFinding& finding) {
  Database& db = registry.database();
  std::optional<Upload> changed;
  auto row = guarded(db.path(), [&]() -> Result<std::optional<Upload>> {
    Transaction transaction(db);
    changed = row_with(post, finding, find_upload(db, post.video_id, post.platform));
    if (changed) write_upload(db, post.video_id, *changed);
    reschedule(db, post, finding);
    auto now = find_upload(db, post.video_id, post.platform);
    transaction.commit();
    return now;
  });
  if (row && changed) {
    AuditLog audit(registry.library(), registry.clock());
    static_cast<void>(audit.record({.video_id = post.video_id,
                                    .platform = post.platform,
                                    .status = UploadStatus::success,
                                    .upload_id = changed->platform_post_id,
                                    .retry_count = changed->retry_count,
                                    .error_message = changed->error_message}));
  }
  return row;
}

void schedule_post_check(Database& db, const PostToCheck& post, TimePoint due) {
  db.prepare(
        "INSERT OR REPLACE INTO asfs_post_checks(video_id, platform, post_id, metadata, place, due_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      ->bind_all(post.video_id, post.platform, clean_text(post.post_id), post.metadata_json, post.place,
                 unix_millis(due))
      .run();
}

}  // namespace asfs
