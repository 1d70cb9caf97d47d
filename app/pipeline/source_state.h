// A video that is worked on: what its stages share, and stages 0 to 6. SourceWork is the door to it.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/pipeline/child_log.h"
#include "app/pipeline/pool.h"
#include "app/pipeline/review.h"
#include "app/pipeline/settings.h"
#include "app/pipeline/texts.h"
#include "app/pipeline/workshop.h"
#include "registry/store/pipeline_log.h"

namespace asfs::pipeline {

struct WorkOptions {
  Settings settings;
  std::filesystem::path clips_folder;  ///< where clips go; made when it is missing
  bool from_anew = false;              ///< --no-cache: what was kept is not looked at; nothing is deleted
  std::function<void(const Stage&, double share)> on_progress = {};  ///< 0..1 of the stage
  std::function<void(const std::string&)> on_warning = {};           ///< whole sentences
  Pool* pool = nullptr;  ///< whose rows accepted clips take; outlives the work
  std::stop_token stop = {};
};

/// A clip that has been cut.
struct CutClip {
  int n = 0;
  std::string id;  ///< `<slug>-<6 of the content's key>-<n>`
  std::filesystem::path file;
  Span span;
  ClipReport report;
  ClipTexts texts;
};

struct SourceState {
  Library library;
  std::filesystem::path video;
  WorkOptions options;
  PipelineLog log;
  ChildLog children;
  std::optional<Workshop> workshop;
  std::filesystem::path scratch;  ///< for work files
  Material material;
  std::optional<Measure> measure;
  std::optional<Scorer> scorer;
  std::vector<Scored> best;
  std::vector<Proposal> proposals;
  Review review;

  SourceState(const Library& in, std::filesystem::path file, WorkOptions with)
      : library(in), video(std::move(file)), options(std::move(with)), log(library) {}

  /// While it lives, the children of this thread are noted in log.jsonl.
  ChildWatch watch_children() {
    return ChildWatch([this](const EndedChild& child) { children.note(child); });
  }
  void warn(const std::string& sentence) const {
    if (options.on_warning && !sentence.empty()) options.on_warning(sentence);
  }
  void tell(const Stage& stage, std::string_view status, const std::string& details = {},
            const std::optional<std::string>& error = {});
  /// For a stage's child: seconds of the source become a share.
  std::function<void(double)> seconds_of(const Stage& stage) const;

  /// The kept result, or the one that `make` gives, which is kept. `details` are for the trail.
  Result<Json> stage(const Stage& stage, const std::vector<int>& inputs, const Json& settings,
                     const std::function<Result<Json>()>& make,
                     const std::function<std::string(const Json&)>& details);

  Result<void> look();                         // 0
  Result<void> hear();                         // 1
  Result<void> read();                         // 2
  Result<void> judge();                        // 3
  Result<void> segment();                      // 4
  Result<void> score(const Json& candidates);  // 5
  Result<void> choose_clips();                 // 6
  Result<Json> listen(const std::filesystem::path& wav);
  Result<Json> transcribe();
  Result<Json> ask_and_score();
  std::string id_of(int n) const;
  /// Where the clip's file is or will be, by 7-clips.json.
  std::filesystem::path file_of(int n, const Json& made) const;
  /// From the least to the most: what is said, the pool's row, review.json, what lies beside the clip's file.
  ClipTexts texts_of_clip(const ReviewClip& clip, const Json& made) const;
  /// Accepted clips that say nothing yet take their rows of the pool.
  Result<void> take_rows(const Json& made);
  Captions captions_of(const ReviewClip& clip, const std::string& hook) const;
  Result<void> check_work_room() const;
  Result<void> check_clips_room(const Json& made) const;
  Result<CutClip> cut_one(const ReviewClip& clip, Json& made);
};

}  // namespace asfs::pipeline
