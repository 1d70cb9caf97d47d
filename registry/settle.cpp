#include "registry/settle.h"

#include <fmt/format.h>

#include "registry/audit_log.h"
#include "registry/base/text.h"
#include "registry/post_owner.h"
#include "registry/upload_ledger.h"

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

}  // namespace

Result<Upload> settle_upload(VideoRegistry& registry, std::string_view video_id, std::string_view platform,
                             bool live, const std::optional<std::string>& post_id) {
  if (live && post_id)
    if (auto fits = check_owner(registry, video_id, platform, *post_id); !fits)
      return std::unexpected(fits.error());
  auto settled = UploadLedger(registry).settle(video_id, platform, live, post_id);
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
