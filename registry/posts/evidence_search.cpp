#include "registry/posts/evidence_search.h"

#include <utility>

namespace asfs {
namespace {

/// Whether evidence under an id is of the content that the id means now.
enum class Tie { this_content, another, unknown };

/// What the id meant at the time of the post, as far as anything tells.
Tie tie_of(Database& db, const EvidenceQuery& query, std::string_view at,
           const std::optional<std::string>& checksum) {
  if (checksum && query.checksum) return *checksum == *query.checksum ? Tie::this_content : Tie::another;
  // A file that was written later says nothing about the post, unless its content is known from before.
  auto newer = db.prepare(
      "SELECT 1 FROM asfs_disk_files WHERE video_id = ?1 AND"
      " strftime('%Y-%m-%dT%H:%M:%S', changed_at / 1000000000, 'unixepoch', 'localtime') > ?2");
  newer->bind_all(query.video_id, at);
  const bool file_is_newer = newer->step();
  if (at >= query.created_at)
    return (query.checksum && query.registered) || !file_is_newer ? Tie::this_content : Tie::unknown;
  auto before = db.prepare(
      "SELECT checksum, file_path FROM asfs_video_history WHERE video_id = ?1 AND created_at <= ?2"
      " AND replaced_at >= ?2 ORDER BY id DESC LIMIT 1");
  before->bind_all(query.video_id, at);
  if (!before->step()) return Tie::unknown;
  if (!before->is_null(0) && query.checksum)
    return before->text_view(0) == *query.checksum ? Tie::this_content : Tie::another;
  return before->text_view(1) == query.file_path && !file_is_newer ? Tie::this_content : Tie::unknown;
}

/// Evidence under the video's own id.
constexpr std::string_view kByVideo =
    "SELECT at, post_id, certain, checksum, source, NULL FROM asfs_evidence WHERE video_id = ?1 AND platform "
    "= ?2"
    " UNION ALL"
    " SELECT upload_timestamp, platform_post_id, 1, checksum, 'the history of ' || ?1,"
    " CASE upload_status WHEN 'BLOCKED' THEN error_message END FROM asfs_upload_history"
    " WHERE video_id = ?1 AND platform = ?2 AND +upload_status IN ('SUCCESS', 'BLOCKED')"
    " UNION ALL"
    " SELECT strftime('%Y-%m-%dT%H:%M:%f', ended_at, 'localtime'), post_id, 1, checksum, '', NULL"
    " FROM asfs_attempts WHERE video_id = ?1 AND platform = ?2 AND +state = 'succeeded'"
    " UNION ALL"
    " SELECT upload_timestamp, NULL, 1, ?3, 'its row', error_message FROM video_uploads"
    " WHERE video_id = ?1 AND platform = ?2 AND +upload_status = 'BLOCKED'";

/// Keeps the better one.
void weigh(std::optional<Evidence>& best, std::optional<Evidence> other, std::string_view answered_at) {
  if (!other || (!answered_at.empty() && other->at <= answered_at)) return;
  if (!best || std::pair(other->certain, std::string_view(other->at)) >
                   std::pair(best->certain, std::string_view(best->at)))
    best = std::move(other);
}

}  // namespace

std::optional<Evidence> find_evidence(Database& db, const EvidenceQuery& query, const SameContent* content) {
  std::optional<Evidence> best;
  auto rows = db.prepare(kByVideo);
  for (rows->bind_all(query.video_id, query.platform, query.checksum); rows->step();) {
    auto evidence = read_evidence(*rows);
    if (!evidence) continue;
    const Tie tie = tie_of(db, query, evidence->at, rows->optional_text(3));
    if (tie == Tie::another) continue;
    if (tie == Tie::unknown) evidence->certain = false;
    evidence->video_id = query.video_id;
    weigh(best, std::move(evidence), query.answered_at);
  }
  if (content) weigh(best, content->evidence_for(query.video_id, query.answered_at), query.answered_at);
  return best;
}

}  // namespace asfs
