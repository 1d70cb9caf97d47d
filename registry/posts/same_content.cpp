#include "registry/posts/same_content.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace asfs {
namespace {

// From the content to its uploads and not the other way round: SQLite cannot know that there are few with one
// checksum and many with one status, so CROSS JOIN and the unary plus tell it.

constexpr std::string_view kForms =
    "SELECT original FROM asfs_made_of WHERE checksum = ?1"
    " UNION SELECT checksum FROM asfs_made_of WHERE original = ?1"
    " UNION SELECT f.checksum FROM asfs_made_of m CROSS JOIN asfs_made_of f ON f.original = m.original"
    " WHERE m.checksum = ?1";

constexpr std::string_view kTwins =
    "SELECT v.id, u.platform_post_id, u.upload_timestamp AS at, 1"
    " FROM videos v CROSS JOIN video_uploads u ON u.video_id = v.id AND u.platform = ?2"
    " WHERE v.checksum = ?1 AND +u.upload_status = 'SUCCESS'"
    " UNION ALL"
    " SELECT video_id, post_id, strftime('%Y-%m-%dT%H:%M:%f', started_at, 'localtime'), state = 'succeeded'"
    " FROM asfs_attempts WHERE checksum = ?1 AND platform = ?2 AND (+state = 'succeeded'"
    " OR (+open = 1 AND (maybe_published OR +state IN ('running', 'unconfirmed'))))"
    " ORDER BY at";

constexpr std::string_view kEvidence =
    "SELECT at, post_id, certain, video_id, source, NULL, 0 FROM asfs_evidence"
    " WHERE checksum = ?1 AND platform = ?2"
    " UNION ALL"
    " SELECT e.at, e.post_id, e.certain, e.video_id, e.source, NULL, 1 FROM videos v"
    " CROSS JOIN asfs_evidence e ON e.video_id = v.id AND e.platform = ?2"
    " WHERE v.checksum = ?1 AND e.checksum IS NULL AND e.at >= v.created_at"
    " UNION ALL"
    " SELECT upload_timestamp, platform_post_id, 1, video_id, 'the history of ' || video_id,"
    " CASE upload_status WHEN 'BLOCKED' THEN error_message END, 1 FROM asfs_upload_history"
    " WHERE checksum = ?1 AND platform = ?2 AND upload_status IN ('SUCCESS', 'BLOCKED')"
    " UNION ALL"
    " SELECT u.upload_timestamp, NULL, 1, v.id, 'the row of ' || v.id, u.error_message, 1 FROM videos v"
    " CROSS JOIN video_uploads u ON u.video_id = v.id AND u.platform = ?2"
    " WHERE v.checksum = ?1 AND +u.upload_status = 'BLOCKED'";

}  // namespace

std::vector<std::string> forms_of(Database& db, std::string_view checksum) {
  auto rows = db.prepare(kForms);
  std::vector<std::string> forms{std::string(checksum)};
  for (rows->bind_all(checksum); rows->step();)
    if (rows->text_view(0) != checksum) forms.push_back(rows->text(0));
  return forms;
}

SameContent::SameContent(Database& db, std::string_view checksum, std::string_view platform) {
  for (const std::string& form : forms_of(db, checksum)) add(db, form, platform, form != checksum);
  for (auto* list : {&posted_, &unclear_}) std::ranges::stable_sort(*list, {}, &Twin::since);
  for (auto* list : {&certain_, &doubtful_})
    std::ranges::stable_sort(*list, std::greater(),
                             [](const Told& told) { return std::string_view(told.evidence.at); });
}

void SameContent::add(Database& db, std::string_view checksum, std::string_view platform, bool other_form) {
  auto twins = db.prepare(kTwins);
  for (twins->bind_all(checksum, platform); twins->step();) {
    Twin twin{twins->text(0), twins->optional_text(1), twins->text(2), twins->integer(3) != 0, other_form};
    (twin.posted ? posted_ : unclear_).push_back(std::move(twin));
  }
  auto rows = db.prepare(kEvidence);
  for (rows->bind_all(checksum, platform); rows->step();) {
    auto evidence = read_evidence(*rows);
    if (!evidence) continue;
    evidence->video_id = rows->text(3);
    evidence->other_form = other_form;
    (evidence->certain ? certain_ : doubtful_).push_back({*std::move(evidence), rows->integer(6) != 0});
  }
}

std::optional<Twin> SameContent::twin_of(std::string_view video_id, std::string_view answered_at) const {
  const auto another = [&](const Twin& twin) { return twin.video_id != video_id; };
  const auto after = std::ranges::upper_bound(posted_, answered_at, {}, &Twin::since);
  if (const auto found = std::find_if(after, posted_.end(), another); found != posted_.end()) return *found;
  if (const auto found = std::ranges::find_if(unclear_, another); found != unclear_.end()) return *found;
  return std::nullopt;
}

std::optional<Evidence> SameContent::evidence_for(std::string_view video_id,
                                                  std::string_view answered_at) const {
  for (const auto* list : {&certain_, &doubtful_}) {
    const auto found = std::ranges::find_if(
        *list, [&](const Told& told) { return !told.of_others || told.evidence.video_id != video_id; });
    if (found == list->end()) continue;
    if (answered_at.empty() || found->evidence.at > answered_at) return found->evidence;
  }
  return std::nullopt;
}

const SameContent& KnownContents::of(Database& db, const std::string& checksum, std::string_view platform) {
  const std::string key = checksum + '\n' + std::string(platform);
  const auto found = known_.find(key);
  return found != known_.end() ? found->second
                               : known_.emplace(key, SameContent(db, checksum, platform)).first->second;
}

}  // namespace asfs
