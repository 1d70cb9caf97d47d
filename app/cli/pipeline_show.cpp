#include "app/cli/pipeline_show.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/cli/console.h"
#include "app/pipeline/review.h"
#include "registry/base/json.h"

namespace asfs {

int show_clip(const Invocation& call, const std::string& id, bool explain) {
  const auto clip = pipeline::known_clip(call.library, id);
  if (!clip) return report(clip.error());
  if (call.json || !explain) {
    print_out("{}\n", dumped(*clip, 2));
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  double weights = 0.0;
  for (const Json& feature : child_at(*clip, "features")) weights += real_at(feature, "weight").value_or(0);
  for (const Json& feature : child_at(*clip, "features"))
    rows.push_back(
        {text_at(feature, "name"), fmt::format("{:.0f}", real_at(feature, "value").value_or(0)),
         fmt::format("{:.1f}", real_at(feature, "value").value_or(0) *
                                   real_at(feature, "weight").value_or(0) / std::max(1.0, weights)),
         text_at(feature, "why")});
  if (const Json& external = child_at(*clip, "external"); external.is_object())
    rows.push_back({"scorer", fmt::format("{:.0f}", real_at(external, "score").value_or(0)), "60 %",
                    text_at(external, "why")});
  print_table({"FEATURE", "OF 100", "POINTS", "WHY"}, rows);
  print_out("{}: {:.1f} of 100, {}-{} of {}\n", id, real_at(*clip, "final_score").value_or(0),
            pipeline::time_text(real_at(*clip, "start").value_or(0)),
            pipeline::time_text(real_at(*clip, "end").value_or(0)), text_at(*clip, "video"));
  return 0;
}

int export_clips(const Invocation& call, pipeline::ExportFormat format) {
  print_out("{}", pipeline::exported(pipeline::known_sources(call.library), format));
  return 0;
}

}  // namespace asfs
