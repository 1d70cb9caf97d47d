#include "registry/ledger/post_owner.h"

#include <fmt/format.h>

#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr std::chrono::hours kIdsComeLate{7 * 24};

std::int64_t chain_of(Database& db, std::int64_t attempt_id) {
  auto found = db.prepare("SELECT chain FROM asfs_chains WHERE attempt_id = ?1");
  found->bind_all(attempt_id);
  return found->step() ? found->integer(0) : attempt_id;
}

}  // namespace

std::optional<std::string> owner_of_post(Database& db, std::int64_t attempt_id, std::string_view platform,
                                         std::string_view post_id) {
  auto found = db.prepare(
      "WITH made(video_id, chain) AS ("
      " SELECT a.video_id, ifnull(c.chain, a.id) FROM asfs_attempts a"
      " LEFT JOIN asfs_chains c ON c.attempt_id = a.id"
      " WHERE a.post_id = ?1 AND a.platform = ?2 AND a.state = 'succeeded')"
      " SELECT video_id FROM made WHERE chain <> ?3"
      " UNION ALL SELECT video_id FROM (SELECT video_id FROM video_uploads"
      "  WHERE platform_post_id = ?1 AND platform = ?2 AND upload_status = 'SUCCESS'"
      "  UNION ALL SELECT video_id FROM asfs_upload_history"
      "  WHERE platform_post_id = ?1 AND platform = ?2 AND upload_status = 'SUCCESS')"
      "  WHERE NOT EXISTS (SELECT 1 FROM made WHERE chain = ?3) LIMIT 1");
  found->bind_all(post_id, platform, chain_of(db, attempt_id));
  if (!found->step()) return std::nullopt;
  return found->text(0);
}

std::vector<UnknownPost> unknown_posts(Database& db, const Clock& clock, std::int64_t attempt_id,
                                       std::string_view platform) {
  auto found = db.prepare(
      "SELECT ifnull(v.title, ''), a.metadata, a.post_id FROM asfs_attempts a"
      " LEFT JOIN asfs_chains c ON c.attempt_id = a.id LEFT JOIN videos v ON v.id = a.video_id"
      " WHERE a.platform = ?1 AND ifnull(c.chain, a.id) <> ?2"
      " AND ((a.open = 1 AND (a.maybe_published OR a.state = 'running'))"
      " OR (a.state = 'succeeded' AND a.ended_at >= ?3))");
  found->bind_all(platform, chain_of(db, attempt_id), utc_timestamp(clock.now() - kIdsComeLate));
  std::vector<UnknownPost> posts;
  while (found->step()) posts.push_back({found->text(0), found->text(1), found->optional_text(2)});
  return posts;
}

void question_if_anothers(Database& db, std::int64_t attempt_id, const EndingAttempt& attempt,
                          Outcome& outcome) {
  if (outcome.state != AttemptState::succeeded || !outcome.post_id) return;
  const auto owner = owner_of_post(db, attempt_id, attempt.platform, *outcome.post_id);
  if (!owner || *owner == attempt.video_id) return;
  outcome = {.state = AttemptState::unconfirmed,
             .error = fmt::format("{} names the post {}, which is that of {}", attempt.platform,
                                  one_line(*outcome.post_id, 80), *owner)};
}

void note_second_post(Database& db, std::string_view video_id, const Upload& row,
                      const std::optional<std::string>& post_id) {
  db.prepare(
        "INSERT INTO asfs_upload_history(video_id, platform, upload_status, upload_timestamp,"
        " platform_post_id, error_message, retry_count, checksum) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, checksum"
        " FROM videos WHERE id = ?1")
      ->bind_all(video_id, row.platform, row.upload_status, row.upload_timestamp, post_id, row.error_message,
                 row.retry_count)
      .run();
}

}  // namespace asfs
