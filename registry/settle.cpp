#include "registry/settle.h"

#include "registry/audit_log.h"
#include "registry/upload_ledger.h"

namespace asfs {

Result<Upload> settle_upload(VideoRegistry& registry, std::string_view video_id, std::string_view platform,
                             bool live, const std::optional<std::string>& post_id) {
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
