#include "app/cli/pipeline_clips.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/cli/bulk.h"
#include "app/cli/console.h"
#include "app/pipeline/review.h"
#include "registry/base/json.h"

namespace asfs {
namespace {

std::string reasons_of(const pipeline::Scored& scored) {
  auto features = scored.score.features;
  std::ranges::stable_sort(features, std::greater{}, [](const auto& one) { return one.weight * one.value; });
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, features.size()); ++i)
    text += (i > 0 ? "; " : "") + features[i].why;
  return text;
}

void print_texts(const Json& clip) {
  std::string hashtags;
  for (const Json& tag : child_at(clip, "hashtags"))
    if (tag.is_string()) hashtags += (hashtags.empty() ? "" : " ") + tag.get<std::string>();
  const Json& from = child_at(clip, "texts_from");
  print_table({"TEXT", "FROM", "SAYS"}, {{"title", text_at(from, "title"), text_at(clip, "title")},
                                         {"caption", text_at(from, "caption"), text_at(clip, "caption")},
                                         {"hashtags", text_at(from, "hashtags"), hashtags}});
}

}  // namespace

void print_clips(const pipeline::SourceWork& work) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& clip : work.review().clips) {
    const auto scored = work.scored(clip.span);
    rows.push_back(
        {std::to_string(clip.n),
         fmt::format("{}-{}", pipeline::time_text(clip.span.start), pipeline::time_text(clip.span.end)),
         fmt::format("{:.0f} s", clip.span.length()),
         fmt::format("{:.0f}{}", scored.total(), work.is_weak(clip.span) ? " weak" : ""),
         std::string(name_of(clip.decision)), text_at(work.explained(clip.n), "title"), reasons_of(scored)});
  }
  print_table({"N", "FROM-TO", "LENGTH", "SCORE", "STATE", "TITLE", "WHY"}, rows);
}

Json tell_twins(VideoRegistry& registry, const std::vector<std::string>& ids,
                const std::vector<std::string>& platforms) {
  Json twins = Json::array();
  const auto all = load_destinations(registry.library());
  const auto wanted = all ? chosen(*all, platforms) : std::unexpected(all.error());
  if (!wanted) return twins;  // whoever uploads says so
  for (const std::string& id : ids)
    for (std::size_t i = 0; i < all->size(); ++i) {
      if (!wanted->test(i) || (*all)[i].removed) continue;
      const auto may = registry.can_upload(id, (*all)[i].name);
      if (!may || may->twin.empty()) continue;
      print_err("asfs-videos: {}\n", may->reason);
      twins.push_back(
          {{"video_id", id}, {"platform", (*all)[i].name}, {"twin", may->twin}, {"message", may->reason}});
    }
  return twins;
}

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
  print_texts(*clip);
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
