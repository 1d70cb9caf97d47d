// config/pipeline.json, and what the command line says over it.
#pragma once

#include <string>
#include <vector>

#include "app/pipeline/choice.h"
#include "app/pipeline/cut.h"
#include "app/pipeline/pool.h"
#include "app/pipeline/score.h"
#include "app/pipeline/transcript.h"
#include "registry/store/library.h"

namespace asfs::pipeline {

struct TextSettings {
  std::string title = "{sentence}";  ///< {sentence} {hook} {source} {n} {keywords}
  std::string caption = "{hook}";
  std::vector<std::string> hashtags;  ///< each with its #
  std::size_t keywords = 3;           ///< more hashtags out of what is said
};

struct Settings {
  ScoreSettings scoring;
  ChoiceSettings choice;
  TranscriberSettings transcriber;
  std::vector<std::string> scorer;  ///< a command that scores, too; empty: none
  CutSettings cut;
  bool captions = true;
  bool hook_text = false;  ///< a clip's title is its hook
  std::string hook;        ///< shown at the top for three seconds, in place of the title; "": none
  TextSettings texts;
  PoolSettings pool;
};

/// The files of the library's folders, one over the other; a missing one means the defaults. Code::library
/// names file and key, and what is allowed.
Result<Settings> load_settings(const Library& library);

/// What scores depend on.
Json scoring_json(const Settings& settings);

}  // namespace asfs::pipeline
