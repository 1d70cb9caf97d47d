#include "registry/posts/evidence.h"

#include <utility>

#include "registry/base/text.h"
#include "registry/store/upload_rows.h"

namespace asfs {

std::optional<Evidence> read_evidence(const Statement& row) {
  Evidence evidence{.source = row.text(4),
                    .video_id = {},
                    .at = row.text(0),
                    .post_id = row.optional_text(1),
                    .certain = row.integer(2) != 0};
  if (!row.is_null(5)) {  // BLOCKED: only its words tell of a post
    auto lost = lost_post_in(row.text_view(5));
    if (!lost) return std::nullopt;
    if (!lost->at.empty()) evidence.at = std::move(lost->at);
    evidence.post_id = std::move(lost->post_id);
  }
  if (is_inconclusive(evidence.post_id.value_or(""))) evidence.certain = false;
  return evidence;
}

bool is_inconclusive(std::string_view post_id) {
  const std::string folded = fold_case(post_id);
  return folded.find("verify") != std::string::npos || folded.find("unverified") != std::string::npos;
}

std::optional<LostPost> lost_post_in(std::string_view words) {
  constexpr std::string_view kWords = "already uploaded to ", kId = "post id: ";
  const std::string folded = fold_case(words);
  const auto begin = folded.find(kWords);
  if (begin == std::string::npos || folded.size() != words.size()) return std::nullopt;
  LostPost lost;
  if (const auto at = folded.find(" at ", begin + kWords.size()); at != std::string::npos) {
    const std::string_view rest = words.substr(at + 4);
    const std::string_view time = rest.substr(0, rest.find_first_of(" ,;()"));
    if (time.size() >= 10 && time.substr(0, 2) == "20") lost.at = time;
  }
  if (const auto id = folded.find(kId, begin); id != std::string::npos) {
    const std::string_view rest = words.substr(id + kId.size());
    const std::string post(trimmed(rest.substr(0, rest.rfind(')'))));
    if (!post.empty() && post != "None" && post != "N/A") lost.post_id = post;
  }
  return lost;
}

std::string answered_at(Database& db, std::string_view video_id, std::string_view platform) {
  auto found = db.prepare("SELECT at FROM asfs_answers WHERE video_id = ?1 AND platform = ?2");
  found->bind_all(video_id, platform);
  return found->step() ? found->text(0) : std::string();
}

void note_answer(Database& db, std::string_view video_id, std::string_view platform, std::string_view at) {
  db.prepare("INSERT OR REPLACE INTO asfs_answers(video_id, platform, at) VALUES (?1, ?2, ?3)")
      ->bind_all(video_id, platform, at)
      .run();
}

void note_evidence(Database& db, const Evidence& evidence, std::string_view platform,
                   const std::optional<std::string>& checksum) {
  db.prepare(
        "INSERT OR IGNORE INTO asfs_evidence(source, video_id, platform, at, post_id, checksum, certain)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      ->bind_all(evidence.source, valid_utf8(evidence.video_id), platform, evidence.at,
                 clean_text(evidence.post_id), checksum, evidence.certain)
      .run();
  if (db.changes() > 0) note_changed(db, evidence.video_id);
}

}  // namespace asfs
