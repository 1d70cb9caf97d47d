#include "app/pipeline/source_state.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/pipeline/candidates.h"
#include "app/pipeline/disk_room.h"
#include "app/pipeline/external_scorer.h"
#include "app/pipeline/scenes.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// In a result: something was missing that may be there the next time.
constexpr const char* kAgain = "again";

std::string count_details(std::string_view name, std::size_t count) {
  return fmt::format(R"({{"{}": {}}})", name, count);
}

Json as_json(const std::vector<Scored>& best) {
  Json list = Json::array();
  for (const Scored& one : best) {
    Json entry{{"start", one.span.start}, {"end", one.span.end}, {"score", one.score.total}};
    if (one.external) entry["external"] = *one.external, entry["why"] = one.external_why;
    list.push_back(std::move(entry));
  }
  return list;
}

/// Files that could be the video's transcript, as they stand there now: another one repeats stage 2.
Json what_lies_beside(const std::filesystem::path& video) {
  std::vector<std::string> found;
  std::error_code ignored;
  const std::string stem = video.stem().string() + ".";
  for (std::filesystem::directory_iterator entry(video.parent_path(), ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(stem) || entry->path() == video) continue;
    const auto changed = entry->last_write_time(ignored).time_since_epoch().count();
    found.push_back(fmt::format("{} {} {}", valid_utf8(name), entry->file_size(ignored), changed));
  }
  std::ranges::sort(found);
  return found;
}

std::vector<double> numbers(const Json& list) {
  std::vector<double> all;
  for (const Json& one : list)
    if (one.is_number()) all.push_back(one.get<double>());
  return all;
}

}  // namespace

void SourceState::tell(const Stage& stage, std::string_view status, const std::string& details,
                       const std::optional<std::string>& error) {
  const auto told = log.record(PipelineEvent{.video_path = video.string(),
                                             .stage = stage.event,
                                             .status = status,
                                             .details = details,
                                             .error_message = error});
  if (!told) warn(told.error().message);
}

std::function<void(double)> SourceState::seconds_of(const Stage& stage) const {
  return [this, &stage](double seconds) {
    if (options.on_progress)
      options.on_progress(stage, std::clamp(seconds / std::max(0.1, material.source.duration), 0.0, 1.0));
  };
}

Result<Json> SourceState::stage(const Stage& stage, const std::vector<int>& inputs, const Json& settings,
                                const std::function<Result<Json>()>& make,
                                const std::function<std::string(const Json&)>& details) {
  const std::string key = workshop->key(stage, inputs, settings);
  if (options.on_progress) options.on_progress(stage, 0.0);
  if (!options.from_anew)
    if (auto kept = workshop->find(stage, key); kept && !flag_at(*kept, kAgain)) {
      tell(stage, "skipped_cached", details ? details(*kept) : "");
      return *std::move(kept);
    }
  tell(stage, "started");
  const auto began = SteadyClock::now();
  auto made = make();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began);
  if (made)
    if (auto kept = workshop->keep(stage, key, settings, *made, took.count()); !kept)
      made = std::unexpected(kept.error());
  if (made)
    tell(stage, "completed", details ? details(*made) : "");
  else
    tell(stage, "failed", "", made.error().message);
  return made;
}

Result<void> SourceState::look() {
  tell(kStages[0], "started");
  auto facts = look_at_source(video, {.min_seconds = options.settings.scoring.lengths.least}, options.stop);
  if (!facts) {
    tell(kStages[0], "failed", "", facts.error().message);
    return std::unexpected(facts.error());
  }
  for (const std::string& warning : facts->warnings) warn(warning);
  auto opened = Workshop::open(library, *facts);
  if (!opened) {
    tell(kStages[0], "failed", "", opened.error().message);
    return std::unexpected(opened.error());
  }
  workshop.emplace(*std::move(opened));
  children.write_to(workshop->folder());
  material.source = *std::move(facts);
  if (auto room = check_work_room(); !room) {
    tell(kStages[0], "failed", "", room.error().message);
    return room;
  }
  const Json made_of{{"content", material.source.content}};
  const std::string key = workshop->key(kStages[0], {}, made_of);
  if (!workshop->find(kStages[0], key))
    if (auto kept = workshop->keep(kStages[0], key, made_of, to_json(material.source), 0); !kept) return kept;
  tell(kStages[0], "completed");
  return {};
}

/// What a transcriber is to hear, and one clip at a time.
Result<void> SourceState::check_work_room() const {
  const auto& settings = options.settings;
  double bytes = settings.scoring.lengths.most * kClipBytesASecond;
  if (!material.source.audio.empty() &&
      needs_wav(video, material.source.text_subtitles, settings.transcriber))
    bytes += material.source.duration * kWavBytesASecond;
  return check_room({{workshop->folder(), bytes, "work files", "move the library to a larger disk"}});
}

Result<void> SourceState::hear() {
  auto& cut = options.settings.cut;
  cut.audio_track = heard_track(material.source);
  const auto work = workshop->scratch();
  if (!work) return std::unexpected(work.error());
  scratch = *work;
  const auto sound = stage(kStages[1], {0}, Json{{"track", cut.audio_track}}, [&] { return listen({}); }, {});
  if (!sound) return std::unexpected(sound.error());
  material.sound = sound_of(*sound);
  return {};
}

Result<Json> SourceState::listen(const std::filesystem::path& wav) {
  auto sound = hear_source(video, options.settings.cut.audio_track, scratch, wav, seconds_of(kStages[1]),
                           options.stop);
  return sound ? Result<Json>(to_json(*sound)) : std::unexpected(sound.error());
}

Result<Json> SourceState::transcribe() {
  const auto& transcriber = options.settings.transcriber;
  const auto wav = scratch / "audio.wav";
  const auto& subtitles = material.source.text_subtitles;
  if (options.settings.cut.audio_track >= 0 && needs_wav(video, subtitles, transcriber))
    if (auto written = listen(wav); !written) return written;
  const auto progress = [&](double share) {
    if (options.on_progress) options.on_progress(kStages[2], share);
  };
  auto said = find_transcript(video, subtitles, wav, scratch, transcriber, progress, options.stop);
  std::error_code ignored;
  std::filesystem::remove(wav, ignored);
  if (!said) return std::unexpected(said.error());
  repair(*said, material.sound, material.source.duration);
  Json made = to_json(*said, material.source.duration);
  if (said->words.empty()) made[kAgain] = true;
  return made;
}

Result<void> SourceState::read() {
  const auto& transcriber = options.settings.transcriber;
  const Json by{{"command", transcriber.command},
                {"model", transcriber.whisper_model.string()},
                {"language", transcriber.language},
                {"beside", what_lies_beside(video)}};
  const auto said = stage(
      kStages[2], {0, 1}, by, [&] { return transcribe(); },
      [](const Json& made) { return count_details("segments", child_at(made, "segments").size()); });
  if (!said) return std::unexpected(said.error());
  auto transcript = transcript_of(*said);
  if (!transcript) return std::unexpected(transcript.error());
  material.transcript = *std::move(transcript);
  for (const std::string& warning : material.transcript.warnings) warn(warning);
  if (material.transcript.words.empty())
    warn(
        "there is no transcript, so sound and picture decide alone, and there are no captions; a .srt or "
        ".vtt "
        "file beside the video, or whisper-cli, makes better clips");
  return {};
}

Result<void> SourceState::judge() {
  material.quality = check_quality(material.transcript, material.sound, material.source.duration);
  const auto judged = stage(
      kStages[3], {1, 2}, Json::object(), [&]() -> Result<Json> { return to_json(material.quality); },
      [](const Json& made) {
        return dumped(Json{{"score", child_at(made, "score")}, {"passed", flag_at(made, "passed")}});
      });
  if (!judged) return std::unexpected(judged.error());
  if (!material.transcript.words.empty() && !material.quality.passed)
    warn("the transcript has gaps or is not clear: what is said counts half");
  return {};
}

Result<void> SourceState::segment() {
  const auto& settings = options.settings;
  const Json lengths{{"min", settings.scoring.lengths.least}, {"max", settings.scoring.lengths.most}};
  const auto found = stage(
      kStages[4], {0, 1, 2}, lengths,
      [&]() -> Result<Json> {
        auto scenes = find_scene_cuts(video, seconds_of(kStages[4]), options.stop);
        if (!scenes) return std::unexpected(scenes.error());
        material.scenes = *std::move(scenes);
        Json spans = Json::array();
        for (const Span& span : find_candidates(Measure(material), settings.scoring.lengths))
          spans.push_back({span.start, span.end});
        return Json{{"scenes", material.scenes}, {"candidates", std::move(spans)}};
      },
      [](const Json& made) {
        return count_details("total_candidates", child_at(made, "candidates").size());
      });
  if (!found) return std::unexpected(found.error());
  material.scenes = numbers(child_at(*found, "scenes"));
  return score(child_at(*found, "candidates"));
}

Result<void> SourceState::score(const Json& candidates) {
  const auto& settings = options.settings;
  measure.emplace(material);
  scorer.emplace(*measure, settings.scoring);
  if (scorer->words() == nullptr && !material.transcript.words.empty())
    warn(fmt::format(
        "there are no word lists for the language {}: its words are not weighed, only questions, numbers and "
        "pauses",
        material.transcript.language.empty() ? "of the transcript" : material.transcript.language));
  std::vector<Span> spans;
  for (const Json& pair : candidates)
    if (const auto ends = numbers(pair); ends.size() == 2) spans.push_back({ends[0], ends[1]});
  best = best_of(*scorer, spans);
  const auto scored = stage(
      kStages[5], {3, 4}, scoring_json(settings), [&] { return ask_and_score(); },
      [](const Json& made) { return count_details("scored", child_at(made, "clips").size()); });
  if (!scored) return std::unexpected(scored.error());
  for (const Json& one : child_at(*scored, "clips"))  // what was paid for once is not asked again
    for (Scored& mine : best)
      if (const auto external = real_at(one, "external");
          external && child_at(one, "start") == mine.span.start) {
        mine.external = external;
        mine.external_why = text_at(one, "why");
      }
  std::ranges::stable_sort(best, std::greater{}, &Scored::total);
  return {};
}

Result<Json> SourceState::ask_and_score() {
  bool again = false;
  if (!options.settings.scorer.empty()) {
    const auto said = ask_scorer(options.settings.scorer, scorer_question(*measure, best), options.stop);
    if (!said && said.error().code == Code::cancelled) return std::unexpected(said.error());
    warn(said ? take_scores(*said, best) : said.error().message + "; our own scores decide");
    again = !said;
  }
  return Json{{"clips", as_json(best)}, {kAgain, again}};
}

Result<void> SourceState::choose_clips() {
  const auto& settings = options.settings;
  auto document = workshop->document("review");
  if (!document) return std::unexpected(document.error());
  auto kept = review_of(*document, material.source.duration);
  if (!kept) return fail(kept.error().code, path_text(workshop->folder()) + "/" + kept.error().message);
  review = *std::move(kept);
  ChoiceSettings choice = settings.choice;
  choice.more += review.more;
  const Json by{{"most", choice.most}, {"more", choice.more}, {"min_score", choice.min_score}};
  proposals = choose(*scorer, *measure, best, settings.scoring, choice);
  const auto chosen = stage(
      kStages[6], {5}, by,
      [&]() -> Result<Json> {
        Json list = Json::array();
        for (const Proposal& one : proposals)
          list.push_back({{"start", one.clip.span.start},
                          {"end", one.clip.span.end},
                          {"score", one.clip.total()},
                          {"weak", one.weak}});
        return Json{{"clips", std::move(list)}};
      },
      [](const Json& made) { return count_details("validated_clips", child_at(made, "clips").size()); });
  if (!chosen) return std::unexpected(chosen.error());
  propose(review, proposals);
  return workshop->write("review", to_json(review));
}

}  // namespace asfs::pipeline
