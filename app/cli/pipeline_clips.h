// What is known of clips, printed: the table of a video's, and pipeline show, explain and export.
#pragma once

#include <string>

#include "app/cli/commands.h"
#include "app/pipeline/known_clips.h"
#include "app/pipeline/source_work.h"

namespace asfs {

void print_clips(const pipeline::SourceWork& work);

// The answer is the exit code.

/// As JSON, or what its score and its texts come from.
int show_clip(const Invocation& call, const std::string& id, bool explain);
int export_clips(const Invocation& call, pipeline::ExportFormat format);

}  // namespace asfs
