// From decided clips to registered videos: stages 7 to 9.
#include <fmt/format.h>

#include <algorithm>

#include "app/pipeline/source_work.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/stage/clips.h"

namespace asfs::pipeline {
namespace {

constexpr const char* kMade = "7-clips";
constexpr double kBytesASecond = 1.2e6;  // of a clip with much in motion

/// The entry of clip `n` in 7-clips.json; null: it was never begun.
const Json& made_of(const Json& made, int n) {
  static const Json kNone;
  for (const Json& one : child_at(made, "clips"))
    if (number_at(one, "n") == n) return one;
  return kNone;
}

void note(Json& made, const Json& entry) {
  Json kept = Json::array();
  for (const Json& one : child_at(made, "clips"))
    if (child_at(one, "n") != child_at(entry, "n")) kept.push_back(one);
  kept.push_back(entry);
  made["clips"] = std::move(kept);
}

Json spans_json(const std::vector<Span>& spans) {
  Json list = Json::array();
  for (const Span& span : spans) list.push_back({span.start, span.end});
  return list;
}

Json to_json(const ClipReport& report) {
  return Json{{"duration", report.duration},
              {"loudness", report.loudness},
              {"black", spans_json(report.black)},
              {"silent", spans_json(report.silent)},
              {"warnings", report.warnings}};
}

ClipReport report_of(const Json& json) {
  ClipReport report;
  report.duration = real_at(json, "duration").value_or(report.duration);
  report.loudness = real_at(json, "loudness").value_or(report.loudness);
  for (const Json& warning : child_at(json, "warnings"))
    if (warning.is_string()) report.warnings.push_back(warning.get<std::string>());
  return report;
}

/// What the post of the clip says, as it lies beside its file.
std::string document_of(const ClipTexts& texts) {
  Json document{{"title", texts.title}, {"caption", texts.caption}};
  if (!texts.hashtags.empty()) document["hashtags"] = texts.hashtags;
  return dumped(document, 2) + "\n";
}

std::string name_for_people(const std::filesystem::path& video) {
  std::string name = valid_utf8(video.stem().string());
  std::ranges::replace(name, '_', ' ');
  return name;
}

}  // namespace

std::string SourceState::id_of(int n) const {
  return fmt::format("{}-{}-{}", material.source.slug, material.source.content.substr(0, 6), n);
}

/// An entry without a report was begun: its file, if it is there, is whole, as it only gets its name then.
Result<CutClip> SourceState::cut_one(const ReviewClip& clip, Json& made) {
  Settings& settings = options.settings;
  CutSettings how = settings.cut;
  if (clip.crop_x >= 0) how.framing = Framing::crop, how.crop_x = clip.crop_x;
  const std::string id = id_of(clip.n);
  CutClip done{.n = clip.n,
               .id = id,
               .file = clips_folder() / (id + ".mp4"),
               .span = clip.span,
               .report = {},
               .texts = {}};
  done.texts = texts_of(*measure, clip.span, settings.texts, name_for_people(video), clip.n);
  if (!clip.title.empty()) done.texts.title = clip.title;

  const Json& before = made_of(made, clip.n);
  if (before.is_object()) done.file = std::filesystem::path(text_at(before, "file"));
  std::error_code ignored;
  if (before.is_object() && std::filesystem::exists(done.file, ignored)) {
    done.report = report_of(child_at(before, "report"));
    return done;
  }
  Json entry{{"n", clip.n},
             {"id", id},
             {"start", clip.span.start},
             {"end", clip.span.end},
             {"file", done.file.string()}};
  note(made, entry);
  if (auto written = workshop->write(kMade, made); !written) return std::unexpected(written.error());
  if (auto there = make_private_folder(done.file.parent_path()); !there)
    return std::unexpected(there.error());
  Captions captions;
  if (settings.captions) captions.words = words_in(material.transcript, clip.span);
  if (settings.hook_text) captions.hook = done.texts.title;
  const auto work = workshop->scratch();
  if (!work) return std::unexpected(work.error());
  const auto progress = [&](double share) {
    if (options.on_progress) options.on_progress(kStages[7], share);
  };
  auto report =
      cut_clip(video, material.source, clip.span, how, captions, *work, done.file, progress, options.stop);
  if (!report) return std::unexpected(report.error());
  if (settings.captions && captions.words.empty())
    report->warnings.emplace_back("it has no captions, as nothing is said in it");
  done.report = *std::move(report);
  entry["report"] = to_json(done.report);
  note(made, entry);
  if (auto written = workshop->write(kMade, made); !written) return std::unexpected(written.error());
  return done;
}

Result<void> SourceWork::explain_all() {
  Json clips = Json::array();
  for (const ReviewClip& clip : state_->review.clips) clips.push_back(explained(clip.n));
  return state_->workshop->write("explained", Json{{"video", path_text(state_->video)},
                                                   {"fps", state_->material.source.fps},
                                                   {"clips", std::move(clips)}});
}

Result<void> SourceWork::decide(const Wishes& wishes) {
  SourceState& all = *state_;
  if (wishes.more > 0) {
    all.review.more += wishes.more;
    if (auto written = all.workshop->write("review", to_json(all.review)); !written) return written;
    if (auto chosen = all.choose_clips(); !chosen) return chosen;
  }
  const auto made = all.workshop->document(kMade);
  if (!made) return std::unexpected(made.error());
  std::vector<int> cut;
  for (const Json& one : child_at(*made, "clips"))
    cut.push_back(static_cast<int>(number_at(one, "n").value_or(0)));
  if (auto decided = pipeline::decide(all.review, wishes, all.material.source.duration, cut); !decided)
    return decided;
  if (auto written = all.workshop->write("review", to_json(all.review)); !written) return written;
  return explain_all();
}

/// Told before the first minute of work, not after the last.
Result<void> SourceState::check_room(const std::filesystem::path& folder, const Json& made) const {
  double seconds = 0.0;
  for (const ReviewClip& clip : review.clips)
    if (clip.decision == Decision::accepted && !made_of(made, clip.n).is_object())
      seconds += clip.span.length();
  if (auto there = make_private_folder(folder); !there) return there;
  std::error_code unknown;
  const auto free = std::filesystem::space(folder, unknown).available;
  const auto needed = static_cast<std::uintmax_t>(seconds * kBytesASecond);
  if (unknown || free >= needed) return {};
  return fail(Code::library, fmt::format("the clips take about {}, and {} has {} free; free some space, or "
                                         "give another folder by --clips-dir",
                                         bytes_text(needed), path_text(folder), bytes_text(free)));
}

Result<std::vector<CutClip>> SourceWork::cut() {
  SourceState& all = *state_;
  const ChildWatch watch = all.watch_children();
  auto made = all.workshop->document(kMade);
  if (!made) return std::unexpected(made.error());
  if (auto room = all.check_room(all.clips_folder(), *made); !room) return std::unexpected(room.error());
  all.tell(kStages[7], "started");
  std::vector<CutClip> clips;
  std::optional<Error> trouble;
  for (const ReviewClip& clip : all.review.clips) {
    if (clip.decision != Decision::accepted) continue;
    auto done = all.cut_one(clip, *made);
    if (!done && done.error().code != Code::failed) return std::unexpected(done.error());
    if (!done) {
      trouble = done.error();
      all.warn(fmt::format("clip {}: {}", clip.n, done.error().message));
      continue;
    }
    for (const std::string& warning : done->report.warnings)
      all.warn(fmt::format("{}: {}", done->id, warning));
    const auto noted = all.log.record(ClipRow{.clip_id = done->id,
                                              .video_path = all.video.string(),
                                              .start = done->span.start,
                                              .end = done->span.end,
                                              .duration = done->report.duration,
                                              .file_path = done->file.string(),
                                              .score = scored(done->span).total(),
                                              .metadata = dumped(explained(clip.n))});
    if (!noted) all.warn(noted.error().message);
    clips.push_back(*std::move(done));
  }
  all.tell(kStages[7], "completed", fmt::format(R"({{"extracted": {}}})", clips.size()));
  all.tell(kStages[8], "completed", fmt::format(R"({{"clips_with_metadata": {}}})", clips.size()));
  if (clips.empty() && trouble) return std::unexpected(*trouble);
  return clips;
}

Result<std::vector<std::string>> SourceWork::register_clips(VideoRegistry& registry,
                                                            const std::vector<CutClip>& clips) {
  SourceState& all = *state_;
  all.tell(kStages[9], "started");
  std::vector<std::string> ids;
  for (const CutClip& clip : clips) {
    auto words = clip.file;
    words.replace_extension(".json");
    std::error_code ignored;
    if (!std::filesystem::exists(words, ignored))  // a person may have changed it
      if (auto written = write_file_atomically(words, document_of(clip.texts)); !written)
        return std::unexpected(written.error());
    const auto done = asfs::register_clips(
        registry, {clip.file}, {.registering = {.title = clip.texts.title}, .stop = all.options.stop});
    if (!done) return std::unexpected(done.error());
    for (const auto& one : done->files.registered) ids.push_back(one.id);
    for (const auto& one : done->files.skipped) ids.push_back(one.id);
    for (const auto& one : done->files.failed) all.warn(fmt::format("{}: {}", clip.id, one.error.message));
  }
  all.tell(kStages[9], "completed",
           fmt::format(R"({{"scheduled_tasks": {}, "registered_videos": {}}})", ids.size(), ids.size()));
  return ids;
}

Json SourceWork::explained(int n) const {
  const ReviewClip* clip = state_->review.find(n);
  if (clip == nullptr) return Json::object();
  const Scored one = scored(clip->span);
  Json features = Json::array();
  for (const Feature& feature : one.score.features)
    features.push_back({{"name", name_of(feature.kind)},
                        {"value", feature.value},
                        {"weight", feature.weight},
                        {"raw", feature.raw},
                        {"why", feature.why}});
  const ClipTexts texts = texts_of(*state_->measure, clip->span, state_->options.settings.texts,
                                   name_for_people(state_->video), n);
  Json whole{{"clip_id", id_of(n)},
             {"n", n},
             {"start", clip->span.start},
             {"end", clip->span.end},
             {"duration", to_tenth(clip->span.length())},
             {"decision", name_of(clip->decision)},
             {"final_score", one.total()},
             {"overall_score", one.total()},
             {"weak", is_weak(clip->span)},
             {"title", clip->title.empty() ? texts.title : clip->title},
             {"caption", texts.caption},
             {"hashtags", texts.hashtags},
             {"features", std::move(features)}};
  if (one.external) whole["external"] = Json{{"score", *one.external}, {"why", one.external_why}};
  return whole;
}

}  // namespace asfs::pipeline
