#include "app/pipeline/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/store/config_file.h"

namespace asfs::pipeline {
namespace {

constexpr std::string_view kFile = "config/pipeline.json";
constexpr std::string_view kFramings[] = {"crop", "blurred", "black_bars"};

/// One object of the file; remembers the first thing that is wrong.
class Section {
 public:
  explicit Section(const Json& object) : object_(object) {}

  void number(const char* key, double least, double most, double& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_number() || value->get<double>() < least || value->get<double>() > most)
      return refuse(key, fmt::format("a number from {} to {}", least, most));
    out = value->get<double>();
  }
  template <class Whole>
  void whole(const char* key, int least, int most, Whole& out) {
    double value = static_cast<double>(out);
    number(key, least, most, value);
    out = static_cast<Whole>(value);
  }
  void flag(const char* key, bool& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_boolean()) return refuse(key, "true or false");
    out = value->get<bool>();
  }
  void text(const char* key, std::string& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_string()) return refuse(key, "a text");
    out = value->get<std::string>();
  }
  void texts(const char* key, std::vector<std::string>& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    const bool fits =
        value->is_array() && std::ranges::all_of(*value, [](const Json& one) { return one.is_string(); });
    if (!fits) return refuse(key, "a list of texts");
    out = value->get<std::vector<std::string>>();
  }
  /// One of `words`, by its place.
  template <class Enum>
  void one_of(const char* key, std::span<const std::string_view> words, Enum& out) {
    std::string word(words[static_cast<std::size_t>(out)]);
    text(key, word);
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) return refuse(key, fmt::format("one of {}", fmt::join(words, ", ")));
    out = static_cast<Enum>(found - words.begin());
  }
  const Json& object(const char* key) {
    const Json* value = find(key);
    static const Json kNone = Json::object();
    if (value == nullptr) return kNone;
    if (!value->is_object()) refuse(key, "an object");
    return *value;
  }
  void refuse(std::string_view key, std::string_view allowed) {
    if (!error_) error_ = Error{Code::library, fmt::format("{}: {}: give {}", kFile, key, allowed)};
  }
  /// Of this object: what is wrong with a value, else a key that is not known.
  std::optional<Error> error() const {
    if (error_ || !object_.is_object()) return error_;
    for (const auto& [key, value] : object_.items())
      if (std::ranges::find(known_, key) == known_.end())
        return unknown_key(std::string(kFile), key, known_).error();
    return std::nullopt;
  }

 private:
  const Json* find(const char* key) {
    known_.emplace_back(key);
    const Json& value = child_at(object_, key);
    return value.is_null() ? nullptr : &value;
  }

  const Json& object_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

std::optional<Error> read_weights(const Json& object, ScoreSettings& scoring) {
  Section weights(object);
  for (std::size_t i = 0; i < kFeatureKinds; ++i)
    weights.number(name_of(static_cast<FeatureKind>(i)).data(), 0, 1000, scoring.weights[i]);
  return weights.error();
}

std::optional<Error> read_cut(Section& all, Settings& settings) {
  Section cut(all.object("cut"));
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
  Section section(all.object("texts"));
  section.text("title", texts.title);
  section.text("caption", texts.caption);
  section.texts("hashtags", texts.hashtags);
  section.whole("keywords", 0, 20, texts.keywords);
  return section.error();
}

std::optional<Error> read_all(const Json& document, Settings& settings) {
  Section all(document);
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
                     read_texts(all, settings.texts)})
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
    if (auto wrong = read_all(*document, settings)) return std::unexpected(*std::move(wrong));
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
