// What is known of clips, without working on a video: `pipeline show`, `explain` and `export`.
#pragma once

#include <string>

#include "app/cli/commands.h"
#include "app/pipeline/known_clips.h"

namespace asfs {

/// The exit code, as of the other.
int show_clip(const Invocation& call, const std::string& id, bool explain);
int export_clips(const Invocation& call, pipeline::ExportFormat format);

}  // namespace asfs
