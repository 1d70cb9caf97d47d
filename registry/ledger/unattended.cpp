#include "registry/ledger/unattended.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "registry/base/process_identity.h"
#include "registry/posts/audit_reader.h"
#include "registry/posts/evidence.h"
#include "registry/posts/upload_facts.h"
#include "registry/store/upload_rows.h"

namespace asfs {
namespace {

std::vector<Unattended> find_unattended(Database& db, const Clock& clock) {
  auto rows = db.prepare(
      "SELECT u.video_id, u.platform, u.upload_timestamp, max(u.upload_timestamp, ifnull(e.at, '')),"
      " a.row_timestamp IS u.upload_timestamp, a.state = 'running' AND a.lease_until > ?1,"
      " a.owner_boot, a.owner_pid, a.owner_started FROM video_uploads u INDEXED BY asfs_uploads_in_progress"
      " LEFT JOIN asfs_attempts a ON a.video_id = u.video_id AND a.platform = u.platform AND a.open = 1"
      " LEFT JOIN asfs_last_events e ON e.video_id = u.video_id AND e.platform = u.platform"
      " WHERE u.upload_status = 'IN_PROGRESS' ORDER BY u.video_id, u.platform");
  rows->bind_all(unix_millis(clock.now()));
  const std::string heard = local_timestamp(clock.now() - kForeignPatience);
  std::vector<Unattended> found;
  while (rows->step()) {
    const bool ours = rows->integer(4) != 0;
    const bool alive =
        ours ? rows->integer(5) != 0 && !is_gone({rows->text(6), rows->integer(7), rows->integer(8)})
             : rows->text_view(3) > heard;
    if (!alive) found.push_back({rows->text(0), rows->text(1), rows->text(2)});
  }
  return found;
}

}  // namespace

std::vector<Unattended> noted_unattended(Database& db, std::optional<std::string_view> video_id) {
  auto rows = db.prepare(
      video_id ? "SELECT video_id, platform, upload_timestamp FROM asfs_unattended WHERE video_id = ?1"
               : "SELECT video_id, platform, upload_timestamp FROM asfs_unattended ORDER BY 1, 2");
  if (video_id) rows->bind_all(*video_id);
  std::vector<Unattended> noted;
  while (rows->step()) noted.push_back({rows->text(0), rows->text(1), rows->text(2)});
  return noted;
}

Result<std::vector<Unattended>> unattended_uploads(VideoRegistry& registry, std::stop_token stop) {
  know_audit_trail(registry.database(), registry.library(), std::move(stop));
  Database& db = registry.database();
  return guarded(db.path(),
                 [&]() -> Result<std::vector<Unattended>> { return find_unattended(db, registry.clock()); });
}

Result<void> mark_unattended(VideoRegistry& registry, std::vector<Video>& videos) {
  const auto all = unattended_uploads(registry);
  if (!all) return std::unexpected(all.error());
  for (Video& video : videos)
    for (auto& [platform, upload] : video.uploads)
      upload.needs_you =
          upload.is(UploadStatus::in_progress) &&
          std::ranges::binary_search(*all, Unattended{video.id, platform, upload.upload_timestamp});
  return {};
}

Result<void> note_unattended(VideoRegistry& registry, std::stop_token stop) {
  const auto now = unattended_uploads(registry, std::move(stop));
  if (!now) return std::unexpected(now.error());
  Database& db = registry.database();
  return guarded(db.path(), [&]() -> Result<void> {
    const auto before = noted_unattended(db);
    if (before == *now) return {};
    std::vector<Unattended> changed;
    std::ranges::set_symmetric_difference(before, *now, std::back_inserter(changed));
    Transaction transaction(db);
    db.execute("DELETE FROM asfs_unattended");
    for (const Unattended& one : *now)
      db.prepare("INSERT INTO asfs_unattended(video_id, platform, upload_timestamp) VALUES (?1, ?2, ?3)")
          ->bind_all(one.video_id, one.platform, one.since)
          .run();
    for (const Unattended& one : changed) note_changed(db, one.video_id);
    transaction.commit();
    return {};
  });
}

}  // namespace asfs
