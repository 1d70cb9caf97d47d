#include "app/pipeline/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/pipeline/section.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/store/config_file.h"

namespace asfs::pipeline {
namespace {

constexpr std::string_view kFile = "config/pipeline.json";
constexpr std::string_view kFramings[] = {"crop", "blurred", "black_bars"};
constexpr std::string_view kPoolOrders[] = {"random", "in order"};

Section section_of(const Json& object) {
  return {object, std::string(kFile), Code::library};
}

std::optional<Error> read_weights(const Json& object, ScoreSettings& scoring) {
  Section weights = section_of(object);
  for (std::size_t i = 0; i < kFeatureKinds; ++i)
    weights.number(name_of(static_cast<FeatureKind>(i)).data(), 0, 1000, scoring.weights[i]);
  return weights.error();
}

std::optional<Error> read_cut(Section& all, Settings& settings) {
  Section cut = section_of(all.object("cut"));
  cut.one_of("framing", kFramings, settings.cut.framing);
  double crop_x = settings.cut.crop_x.value_or(-1);
  cut.number("crop_x", 0, 1, crop_x);
  if (crop_x >= 0) settings.cut.crop_x = crop_x;
  cut.number("loudness", -40, -5, settings.cut.loudness);
  cut.number("true_peak", -20, 0, settings.cut.true_peak);
  cut.whole("crf", 0, 40, settings.cut.crf);
  cut.text("preset", settings.cut.preset);
  std::string logo = settings.cut.logo.string();
  cut.text("logo", logo);
  settings.cut.logo = logo;
  cut.flag("captions", settings.captions);
  cut.flag("hook_text", settings.hook_text);
  return cut.error();
}

std::optional<Error> read_texts(Section& all, TextSettings& texts) {
  Section section = section_of(all.object("texts"));
  section.text("title", texts.title);
  section.text("caption", texts.caption);
  section.texts("hashtags", texts.hashtags);
  section.whole("keywords", 0, 20, texts.keywords);
  return section.error();
}

/// A path counts from the folder that config/ lies in.
std::optional<Error> read_pool(Section& all, const std::filesystem::path& home, PoolSettings& pool) {
  Section section = section_of(all.object("pool"));
  std::string file;
  section.text("file", file);
  if (!file.empty()) pool.file = (home / file).lexically_normal();
  section.one_of("order", kPoolOrders, pool.order);
  return section.error();
}

std::optional<Error> read_all(const Json& document, const std::filesystem::path& home, Settings& settings) {
  Section all = section_of(document);
  all.number("min_seconds", 3, 600, settings.scoring.lengths.least);
  all.number("max_seconds", 3, 600, settings.scoring.lengths.most);
  all.number("best_from_seconds", 3, 600, settings.scoring.best_least);
  all.number("best_to_seconds", 3, 600, settings.scoring.best_most);
  all.whole("max_clips", 0, 1000, settings.choice.most);
  all.number("min_score", 0, 100, settings.choice.min_score);
  all.texts("transcriber", settings.transcriber.command);
  std::string model = settings.transcriber.whisper_model.string();
  all.text("whisper_model", model);
  settings.transcriber.whisper_model = model;
  all.text("language", settings.transcriber.language);
  all.texts("scorer", settings.scorer);
  for (auto wrong : {read_weights(all.object("weights"), settings.scoring), read_cut(all, settings),
                     read_texts(all, settings.texts), read_pool(all, home, settings.pool)})
    if (wrong) return wrong;
  return all.error();
}

}  // namespace

Result<Settings> load_settings(const Library& library) {
  Settings settings;
  for (const auto& folder : library.config_folders()) {
    const auto text = read_file(folder / "pipeline.json");
    if (!text && text.error().code == Code::not_found) continue;
    if (!text) return fail(Code::library, text.error().message);
    const auto document = parse_config(*text, std::string(kFile), "the defaults");
    if (!document) return std::unexpected(document.error());
    if (auto wrong = read_all(*document, folder.parent_path(), settings))
      return std::unexpected(*std::move(wrong));
  }
  return settings;
}

Json scoring_json(const Settings& settings) {
  const ScoreSettings& scoring = settings.scoring;
  return Json{{"weights", scoring.weights},
              {"min_seconds", scoring.lengths.least},
              {"max_seconds", scoring.lengths.most},
              {"best", {scoring.best_least, scoring.best_most}},
              {"scorer", settings.scorer}};
}

}  // namespace asfs::pipeline
