// What is known of the clips of all sources, without working on any of them: for `pipeline show`, `explain`
// and `export`. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/base/json_fwd.h"
#include "registry/base/result.h"
#include "registry/store/library.h"

namespace asfs::pipeline {

/// The document of each source's folder, in order of their names: `video`, `fps`, and `clips` as
/// SourceWork::explained(). What cannot be read is left out.
std::vector<Json> known_sources(const Library& library);

/// One clip by its id, with `video`; Code::not_found.
Result<Json> known_clip(const Library& library, std::string_view id);

enum class ExportFormat { edl, csv, srt };
/// The clips that are not rejected, of all sources or of the video of that path, for an editing program: EDL
/// (CMX 3600), or a CSV or SRT in the source's time.
std::string exported(const std::vector<Json>& sources, ExportFormat format);

}  // namespace asfs::pipeline
