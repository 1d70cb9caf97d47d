#include "app/pipeline/scenes.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "app/pipeline/media_child.h"
#include "registry/base/files.h"

namespace asfs::pipeline {

Result<std::vector<double>> find_scene_cuts(const std::filesystem::path& file,
                                            const std::function<void(double)>& on_seconds,
                                            std::stop_token stop) {
  // Direct: a line is ours as soon as it is printed, and tells how far the pass is.
  const Words argv =
      joined({ffmpeg(),
              {"-skip_frame", "nokey"},
              media_input(file),
              {"-map", "0:V:0", "-vf", "scale=320:-2,scdet=t=10,metadata=mode=print:file=-:direct=1",
               "-fps_mode", "passthrough", "-f", "null", "-"}});
  std::vector<double> cuts;
  const auto ended = run_media({.argv = argv,
                                .on_line =
                                    [&](std::string_view line) {
                                      if (const auto now = number_in(line, "pts_time"); now && on_seconds)
                                        on_seconds(*now);
                                      if (const auto cut = number_in(line, "lavfi.scd.time"))
                                        cuts.push_back(*cut);
                                    }},
                               fmt::format("cannot look through {}", path_text(file)), std::move(stop));
  if (!ended) return std::unexpected(ended.error());
  return cuts;
}

}  // namespace asfs::pipeline
