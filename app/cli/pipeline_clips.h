// What is known of clips, printed: the table of a video's, and pipeline show, explain and export.
#pragma once

#include <string>
#include <vector>

#include "app/cli/commands.h"
#include "app/pipeline/known_clips.h"
#include "app/pipeline/source_work.h"
#include "registry/base/json_fwd.h"
#include "registry/videos/video_registry.h"

namespace asfs {

void print_clips(const pipeline::SourceWork& work);

/// Clips that do not go out as another video with the same content has, or is about to: a plan passes over
/// them without a word. Each on stderr, and as JSON.
Json tell_twins(VideoRegistry& registry, const std::vector<std::string>& ids,
                const std::vector<std::string>& platforms);

// The answer is the exit code.

/// As JSON, or what its score and its texts come from.
int show_clip(const Invocation& call, const std::string& id, bool explain);
int export_clips(const Invocation& call, pipeline::ExportFormat format);

}  // namespace asfs
