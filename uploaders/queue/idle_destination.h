// Taking an account off the list, when nothing is on its way to it. Both doors, window and command line, go
// through here; the sign-in is ended by the caller afterwards.
#pragma once

#include <string_view>

#include "registry/base/result.h"
#include "registry/videos/video_registry.h"

namespace asfs {

/// What was posted to it stays in the registry. Code::blocked: uploads to it wait in the queue, or one has
/// not ended, and would lose the account it goes to. Else as remove_destination().
Result<void> remove_idle_destination(VideoRegistry& registry, std::string_view name);

}  // namespace asfs
