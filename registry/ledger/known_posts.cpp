#include "registry/ledger/known_posts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "registry/base/clock.h"
#include "registry/base/text.h"
#include "registry/posts/audit_reader.h"
#include "registry/posts/evidence.h"
#include "registry/posts/upload_facts.h"
#include "registry/store/platform_names.h"
#include "registry/store/upload_rows.h"

namespace asfs {
namespace {

/// Where something is told although there is no row. `{}` narrows each part to some videos.
constexpr std::string_view kWithoutRow =
    "SELECT p.video_id, p.platform FROM asfs_evidence p WHERE {0} NOT EXISTS (SELECT 1 FROM video_uploads u"
    " WHERE u.video_id = p.video_id AND u.platform = p.platform)"
    " UNION SELECT p.video_id, p.platform FROM asfs_upload_history p WHERE {0}"
    " +p.upload_status IN ('SUCCESS', 'BLOCKED') AND NOT EXISTS (SELECT 1 FROM video_uploads u"
    " WHERE u.video_id = p.video_id AND u.platform = p.platform)"
    " UNION SELECT p.video_id, p.platform FROM asfs_attempts p WHERE {0} +p.state = 'succeeded'"
    " AND NOT EXISTS (SELECT 1 FROM video_uploads u WHERE u.video_id = p.video_id AND u.platform = "
    "p.platform)";

std::string words_of(const Evidence& evidence) {
  const std::string source = evidence.source.empty() ? "an earlier attempt" : one_line(evidence.source, 200);
  if (evidence.certain) return fmt::format("known from {}; no row tells of it", source);
  return fmt::format("{}: {} tells of a post under this id, which may be this video or another", kMayBeLive,
                     source);
}

std::vector<KnownPost> judged(Database& db, Statement& found) {
  KnownContents contents;
  std::vector<KnownPost> posts;
  while (found.step()) {
    KnownPost post{.video_id = found.text(0), .platform = found.text(1)};
    if (!is_on_known_platform(post.platform)) continue;
    auto standing = load_upload_facts(db, system_clock(), post.video_id, post.platform, &contents);
    if (!standing || !standing->evidence) continue;
    Evidence& evidence = *standing->evidence;
    post.words = words_of(evidence);
    post.at = std::move(evidence.at);
    post.post_id = std::move(evidence.post_id);
    post.certain = evidence.certain;
    posts.push_back(std::move(post));
  }
  return posts;
}

}  // namespace

std::vector<KnownPost> known_posts(Database& db) {
  return judged(db, *db.prepare(fmt::format(kWithoutRow, "")));
}

std::vector<KnownPost> known_posts(Database& db, std::string_view video_id) {
  static const std::string sql = fmt::format(kWithoutRow, "p.video_id = ?1 AND");
  auto found = db.prepare(sql);
  found->bind_all(video_id);
  return judged(db, *found);
}

Result<void> add_known_posts(VideoRegistry& registry, std::vector<Video>& videos) {
  know_audit_trail(registry.database(), registry.library());
  Database& db = registry.database();
  return guarded(db.path(), [&]() -> Result<void> {
    const auto posts = videos.size() == 1 ? known_posts(db, videos.front().id) : known_posts(db);
    for (Video& video : videos)
      for (const KnownPost& post : std::ranges::equal_range(posts, video.id, {}, &KnownPost::video_id))
        video.uploads[post.platform] = {
            .platform = post.platform,
            .upload_status =
                std::string(names_of(post.certain ? UploadStatus::success : UploadStatus::blocked).name),
            .upload_timestamp = post.at,
            .platform_post_id = post.post_id,
            .error_message = post.words,
            .needs_you = !post.certain};
    return {};
  });
}

}  // namespace asfs
