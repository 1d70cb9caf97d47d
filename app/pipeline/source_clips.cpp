// From decided clips to registered videos: stages 7 to 9.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/pipeline/disk_room.h"
#include "app/pipeline/source_work.h"
#include "app/pipeline/transcript_text.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/stage/clips.h"

namespace asfs::pipeline {
namespace {

constexpr const char* kMade = "7-clips";

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

double to_hundredth(double number) {
  return std::round(number * 100) / 100;
}

Json spans_json(const std::vector<Span>& spans) {
  Json list = Json::array();
  for (const Span& span : spans) list.push_back({span.start, span.end});
  return list;
}

Json to_json(const ClipReport& report) {
  Json json{{"duration", report.duration},
            {"loudness", report.loudness},
            {"black", spans_json(report.black)},
            {"silent", spans_json(report.silent)},
            {"warnings", report.warnings}};
  for (const Shot& shot : report.shots)
    json["shots"].push_back({{"start", to_hundredth(shot.start)}, {"crop_x", to_hundredth(shot.crop_x)}});
  return json;
}

ClipReport report_of(const Json& json) {
  ClipReport report;
  report.duration = real_at(json, "duration").value_or(report.duration);
  report.loudness = real_at(json, "loudness").value_or(report.loudness);
  for (const Json& warning : child_at(json, "warnings"))
    if (warning.is_string()) report.warnings.push_back(warning.get<std::string>());
  return report;
}

std::filesystem::path beside(std::filesystem::path file) {
  return file.replace_extension(".json");
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

std::filesystem::path SourceState::file_of(int n, const Json& made) const {
  const Json& before = made_of(made, n);
  return before.is_object() ? std::filesystem::path(text_at(before, "file"))
                            : options.clips_folder / (id_of(n) + ".mp4");
}

ClipTexts SourceState::texts_of_clip(const ReviewClip& clip, const Json& made) const {
  const TextSettings& settings = options.settings.texts;
  ClipTexts texts = texts_of(*measure, clip.span, settings, name_for_people(video), clip.n);
  if (const PoolRow* row = options.pool ? options.pool->taken(id_of(clip.n)) : nullptr)
    take_row(texts, *row, settings);
  if (!clip.title.empty()) texts.title = clip.title, texts.title_from = "review.json";
  const auto words = beside(file_of(clip.n, made));
  if (const auto document = read_file(words)) take_document(texts, *document, path_text(words.filename()));
  return texts;
}

Result<void> SourceState::take_rows(const Json& made) {
  if (options.pool == nullptr) return {};
  for (const ReviewClip& clip : review.clips) {
    std::error_code ignored;
    if (clip.decision != Decision::accepted ||
        std::filesystem::exists(beside(file_of(clip.n, made)), ignored))
      continue;
    if (auto row = options.pool->take(id_of(clip.n)); !row) return std::unexpected(row.error());
  }
  return {};
}

Captions SourceState::captions_of(const ReviewClip& clip, const std::string& hook) const {
  Captions captions;
  if (clip.captions.value_or(options.settings.captions))
    captions.words = words_in(material.transcript, clip.span);
  if (!clip.words.empty()) captions.words = laid_over(clip.words, captions.words, clip.span.length());
  captions.hook = hook;
  return captions;
}

/// An entry without a report was begun: its file, if it is there, is whole, as it only gets its name then.
Result<CutClip> SourceState::cut_one(const ReviewClip& clip, Json& made) {
  Settings& settings = options.settings;
  CutSettings how = settings.cut;
  if (clip.crop_x >= 0) how.framing = Framing::crop, how.crop_x = clip.crop_x;
  const std::string id = id_of(clip.n);
  CutClip done{.n = clip.n,
               .id = id,
               .file = file_of(clip.n, made),
               .span = clip.span,
               .report = {},
               .texts = texts_of_clip(clip, made)};
  const Json& before = made_of(made, clip.n);
  std::error_code ignored;
  if (before.is_object() && std::filesystem::exists(done.file, ignored)) {
    if (!settings.hook.empty() && text_at(before, "hook") != settings.hook)
      warn(fmt::format("{} was cut before, without this hook, and is not changed", id));
    done.report = report_of(child_at(before, "report"));
    if (child_at(before, "captions") != captions_json(clip))
      done.report.warnings.push_back(fmt::format(
          "its captions in review.json were changed after it was cut, and a clip that is cut stays as it is; "
          "--trim {}={:.3f}-{:.3f} makes another of it",
          clip.n, clip.span.start, clip.span.end));
    return done;
  }
  const std::string hook = !settings.hook.empty() ? settings.hook
                           : settings.hook_text   ? done.texts.title
                                                  : "";
  Json entry{{"n", clip.n},
             {"id", id},
             {"hook", hook},
             {"start", clip.span.start},
             {"end", clip.span.end},
             {"captions", captions_json(clip)},
             {"file", done.file.string()}};
  note(made, entry);
  if (auto written = workshop->write(kMade, made); !written) return std::unexpected(written.error());
  if (auto there = make_private_folder(done.file.parent_path()); !there)
    return std::unexpected(there.error());
  const Captions captions = captions_of(clip, hook);
  const auto work = workshop->scratch();
  if (!work) return std::unexpected(work.error());
  const auto progress = [&](double share) {
    if (options.on_progress) options.on_progress(kStages[7], share);
  };
  auto report =
      cut_clip(video, material.source, clip.span, how, captions, *work, done.file, progress, options.stop);
  if (!report) return std::unexpected(report.error());
  if (clip.captions.value_or(settings.captions) && captions.words.empty())
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
  if (auto decided =
          pipeline::decide(all.review, wishes, all.material.transcript, all.material.source.duration, cut);
      !decided)
    return decided;
  if (auto written = all.workshop->write("review", to_json(all.review)); !written) return written;
  return explain_all();
}

Result<void> SourceState::check_clips_room(const Json& made) const {
  double seconds = 0.0, longest = 0.0;
  for (const ReviewClip& clip : review.clips)
    if (clip.decision == Decision::accepted && !made_of(made, clip.n).is_object())
      seconds += clip.span.length(), longest = std::max(longest, clip.span.length());
  return check_room(
      {{options.clips_folder, seconds * kClipBytesASecond, "the clips", "give another folder by --clips-dir"},
       {workshop->folder(), longest * kClipBytesASecond, "work files", "move the library to a larger disk"}});
}

Result<std::vector<CutClip>> SourceWork::cut() {
  SourceState& all = *state_;
  const ChildWatch watch = all.watch_children();
  auto made = all.workshop->document(kMade);
  if (!made) return std::unexpected(made.error());
  if (auto room = all.check_clips_room(*made); !room) return std::unexpected(room.error());
  if (auto taken = all.take_rows(*made); !taken) return std::unexpected(taken.error());
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
  if (auto written = explain_all(); !written) return std::unexpected(written.error());
  if (clips.empty() && trouble) return std::unexpected(*trouble);
  return clips;
}

Result<std::vector<std::string>> SourceWork::register_clips(VideoRegistry& registry,
                                                            const std::vector<CutClip>& clips) {
  SourceState& all = *state_;
  all.tell(kStages[9], "started");
  std::vector<std::string> ids;
  for (const CutClip& clip : clips) {
    const auto words = beside(clip.file);
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
  const auto made = state_->workshop->document(kMade);
  const ClipTexts texts = state_->texts_of_clip(*clip, made ? *made : Json());
  Json whole{
      {"clip_id", id_of(n)},
      {"n", n},
      {"start", clip->span.start},
      {"end", clip->span.end},
      {"duration", to_tenth(clip->span.length())},
      {"decision", name_of(clip->decision)},
      {"final_score", one.total()},
      {"overall_score", one.total()},
      {"weak", is_weak(clip->span)},
      {"title", texts.title},
      {"caption", texts.caption},
      {"hashtags", texts.hashtags},
      {"texts_from",
       {{"title", texts.title_from}, {"caption", texts.caption_from}, {"hashtags", texts.hashtags_from}}},
      {"words",
       clip->words.empty() ? joined(words_in(state_->material.transcript, clip->span)) : clip->words},
      {"features", std::move(features)}};
  if (!texts.description.empty()) whole["description"] = texts.description;
  if (one.external) whole["external"] = Json{{"score", *one.external}, {"why", one.external_why}};
  return whole;
}

}  // namespace asfs::pipeline
