// A person's answer about an upload whose outcome could not be found out, with its line in the audit trail.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/videos/video_registry.h"

namespace asfs {

/// UploadLedger::settle(), then the audit trail; the answer stands even when that cannot be written.
Result<Upload> settle_upload(VideoRegistry& registry, std::string_view video_id, std::string_view platform,
                             bool live, const std::optional<std::string>& post_id, bool sure = false);

}  // namespace asfs
