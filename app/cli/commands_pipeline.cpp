// The command from a long video to posted clips: pipeline, pipeline show, explain and export.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include "app/cli/bulk.h"
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_text.h"
#include "app/cli/pipeline_clips.h"
#include "app/cli/pipeline_folder.h"
#include "app/pipeline/source_work.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

using pipeline::Decision;
using pipeline::SourceWork;

struct PipelineArgs {
  std::vector<std::string> sources, platforms, trim, add;
  std::string accept, reject, clips_folder, pool_order, hook, logo, check = "quick";
  std::optional<std::string> pool;
  bool no_upload = false, plan = false, yes = false, no_cache = false;
  std::optional<double> least, most;
  std::size_t clips = 0, more = 0;
  bool decides() const {
    return !accept.empty() || !reject.empty() || !trim.empty() || !add.empty() || more > 0;
  }
};

/// `1,3,5`
Result<std::vector<int>> numbers_of(std::string_view text) {
  std::vector<int> numbers;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view part = trimmed(text.substr(0, comma));
    int n = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), n);
    if (error != std::errc() || end != part.data() + part.size())
      return fail(Code::usage, fmt::format("{}: give numbers of the table, such as 1,3", one_line(part, 40)));
    numbers.push_back(n);
    text = comma == text.npos ? std::string_view() : text.substr(comma + 1);
  }
  return numbers;
}

Result<pipeline::Wishes> wishes_of(const PipelineArgs& args) {
  pipeline::Wishes wishes{.accept_all = args.yes, .more = args.more};
  const auto accept = numbers_of(args.accept), reject = numbers_of(args.reject);
  if (!accept) return std::unexpected(accept.error());
  if (!reject) return std::unexpected(reject.error());
  wishes.accept = *accept;
  wishes.reject = *reject;
  for (const std::string& one : args.trim) {
    const std::size_t equals = one.find('=');
    const auto n = numbers_of(std::string_view(one).substr(0, equals));
    if (equals == one.npos || !n || n->size() != 1)
      return fail(Code::usage, fmt::format("--trim {}: give a number and a stretch, such as 3=12:31-13:10",
                                           one_line(one, 40)));
    const auto span = pipeline::span_of(std::string_view(one).substr(equals + 1));
    if (!span) return std::unexpected(span.error());
    wishes.trim.emplace_back(n->front(), *span);
  }
  for (const std::string& one : args.add) {
    const auto span = pipeline::span_of(one);
    if (!span) return std::unexpected(span.error());
    wishes.add.push_back(*span);
  }
  return wishes;
}

/// One line on the terminal: what is done, how far, how long still.
class StageLine {
 public:
  explicit StageLine(std::string video) : video_(std::move(video)) {}
  void show(const pipeline::Stage& stage, double share) {
    const auto now = std::chrono::steady_clock::now();
    if (stage.number != stage_) stage_ = stage.number, began_ = now;
    const double taken = std::chrono::duration<double>(now - began_).count();
    std::string text = fmt::format("{}  {} of 10: {}", video_, stage.number, stage.doing);
    if (share > 0.0) text += fmt::format("  {:.0f} %", 100 * share);
    if (share > 0.02 && taken > 1.0)
      text += fmt::format("  {} left", duration_text(taken * (1 - share) / share));
    line_.show(text);
  }
  void clear() { line_.clear(); }

 private:
  const std::string video_;
  int stage_ = -1;
  std::chrono::steady_clock::time_point began_{};
  ProgressLine line_;
};

/// All, none, or numbers of the table, asked on the terminal. Nothing: end of input.
std::optional<std::string> ask_which() {
  print_err("Cut and post which clips? all, none, or numbers such as 1,3: ");
  std::string answer;
  if (!std::getline(std::cin, answer)) return std::nullopt;
  return std::string(trimmed(answer));
}

/// Everything that a run of the command did, for `--json` and the exit code.
class PipelineRun {
 public:
  PipelineRun(const Invocation& call, const PipelineArgs& args, std::stop_token stop)
      : call_(call), args_(args), stop_(std::move(stop)) {}

  int run() {
    auto wishes = wishes_of(args_);
    if (!wishes) return report(wishes.error());
    if (args_.decides() && args_.sources.size() > 1)
      return report(
          {Code::usage, "--accept, --reject, --trim, --add and --more are about one video: give one"});
    auto settings = pipeline::load_settings(call_.library);
    if (!settings) return report(settings.error());
    if (const auto wrong = take_options(*settings)) return report(*wrong);
    if (auto opened = open_pool(settings->pool); !opened) return report(opened.error());
    auto registry = VideoRegistry::open(call_.library);
    if (!registry) return report(registry.error());
    registry_ = &*registry;
    settings_ = *std::move(settings);
    int code = 0;
    for (const std::string& source : args_.sources) {
      const bool folder = std::filesystem::is_directory(source);
      std::size_t clips = 0;
      auto done = folder ? take_folder(source) : take_video(source, *wishes, clips);
      if (!folder)
        ends_.push_back(
            {source, {.clips = clips, .error = done ? std::nullopt : std::optional(done.error())}});
      if (!done && done.error().code == Code::cancelled)
        return tell_ends(), report(told_how_to_go_on(done.error()));
      if (!done) code = report(done.error());
    }
    const int uploaded = upload();
    tell_ends();
    if (call_.json) print_out("{}\n", dumped(told_, 2));
    return code != 0 ? code : uploaded;
  }

 private:
  std::optional<Error> take_options(pipeline::Settings& settings) const {
    settings.hook = one_line(trimmed(args_.hook));
    settings.cut.check_whole = args_.check == "full";
    if (!args_.logo.empty()) settings.cut.logo = std::filesystem::absolute(args_.logo);
    if (code_points(settings.hook) > pipeline::kLongestHook)
      return Error{Code::usage, fmt::format("--hook: at most {} letters can be read in three seconds",
                                            pipeline::kLongestHook)};
    if (const auto logo = pipeline::check_logo(settings.cut.logo, stop_); !logo) return logo.error();
    auto& scoring = settings.scoring;
    if (args_.least) scoring.lengths.least = *args_.least;
    if (args_.most) scoring.lengths.most = *args_.most;
    if (args_.clips > 0) settings.choice.most = args_.clips;
    if (scoring.lengths.least > scoring.lengths.most)
      return Error{
          Code::usage,
          fmt::format(
              "clips of at least {} s and at most {} s: that is none; see --min-seconds and --max-seconds",
              scoring.lengths.least, scoring.lengths.most)};
    scoring.best_most = std::clamp(scoring.best_most, scoring.lengths.least, scoring.lengths.most);
    scoring.best_least = std::clamp(scoring.best_least, scoring.lengths.least, scoring.best_most);
    return std::nullopt;
  }

  /// Before any long work: a pool that cannot be read is told at once.
  Result<void> open_pool(pipeline::PoolSettings& settings) {
    if (args_.pool) settings.file = args_.pool->empty() ? "" : std::filesystem::absolute(*args_.pool);
    if (!args_.pool_order.empty())
      settings.order =
          args_.pool_order == "random" ? pipeline::PoolOrder::random : pipeline::PoolOrder::in_order;
    if (settings.file.empty()) return {};
    auto opened = pipeline::Pool::open(call_.library, settings);
    if (!opened) return std::unexpected(opened.error());
    pool_.emplace(*std::move(opened));
    for (const std::string& sentence : pool_->warnings())
      print_err("asfs-videos: warning: {}\n", one_line(sentence));
    return {};
  }

  static Error told_how_to_go_on(Error error) {
    error.message = "stopped; the same command goes on from where it was";
    return error;
  }

  std::filesystem::path clips_folder() const {
    return args_.clips_folder.empty() ? call_.library.home / "output" / "clips"
                                      : std::filesystem::absolute(args_.clips_folder);
  }

  /// Finished clips: stage 9.
  Result<void> take_folder(const std::filesystem::path& folder) {
    FolderArgs about{.settings = settings_,
                     .asked = !args_.hook.empty() || !args_.logo.empty(),
                     .clips_folder = clips_folder(),
                     .quiet = call_.json,
                     .stop = stop_};
    if (pool_)
      about.words_of_new = [&](const auto& file, const auto& checksum) {
        return words_of_row(file, checksum);
      };
    return register_finished(*registry_, folder, about, ids_);
  }

  /// A finished clip about which nobody says anything takes a row; what it says lies beside it then, as
  /// beside one of ours, if its folder can be written.
  Result<std::string> words_of_row(const std::filesystem::path& file, const std::string& checksum) {
    const auto row = pool_->take(checksum);
    if (!row) return std::unexpected(row.error());
    pipeline::ClipTexts texts{.title = {}, .caption = {}, .hashtags = settings_.texts.hashtags};
    take_row(texts, *row, settings_.texts);
    const std::string document = document_of(texts);
    const auto beside = std::filesystem::path(file).replace_extension(".json");
    std::error_code ignored;
    if (!std::filesystem::exists(beside, ignored)) static_cast<void>(write_file_atomically(beside, document));
    told_["finished"].push_back({{"file", path_text(file)}, {"texts_from", row->from}});
    if (!call_.json) print_out("{}  says {}\n", path_text(file), row->from);
    return dumped(read_json(document));
  }

  Result<void> take_video(const std::filesystem::path& video, const pipeline::Wishes& wishes,
                          std::size_t& made) {
    StageLine line(path_text(video.filename()));
    pipeline::WorkOptions options{.settings = settings_,
                                  .clips_folder = clips_folder(),
                                  .from_anew = args_.no_cache,
                                  .pool = pool_ ? &*pool_ : nullptr,
                                  .stop = stop_};
    options.on_progress = [&](const pipeline::Stage& stage, double share) { line.show(stage, share); };
    options.on_warning = [&](const std::string& sentence) {
      line.clear();
      print_err("asfs-videos: warning: {}\n", one_line(sentence));
    };
    auto opened = SourceWork::open(call_.library, video, std::move(options));
    line.clear();
    if (!opened) return std::unexpected(opened.error());
    SourceWork& work = **opened;
    auto goes_on = review(work, wishes);
    std::vector<pipeline::CutClip> clips;
    Result<void> done;
    if (!goes_on) done = std::unexpected(goes_on.error());
    if (goes_on && *goes_on) done = make(work, clips);
    line.clear();
    note(work, video, clips);
    made = clips.size();
    return done;
  }

  /// Is anything to be cut?
  Result<bool> review(SourceWork& work, const pipeline::Wishes& wishes) {
    if (auto decided = work.decide(wishes); !decided) return std::unexpected(decided.error());
    if (!call_.json) print_clips(work);
    if (args_.plan) return false;
    if (args_.yes || !args_.accept.empty() || !args_.trim.empty() || !args_.add.empty()) return true;
    if (call_.json || ::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) {
      print_err(
          "nothing is cut before it is reviewed: --accept 1,3 takes these, --yes all; --trim 3=12:31-13:10 "
          "moves edges\n");
      return false;
    }
    const auto answer = ask_which();
    if (!answer || *answer == "none" || answer->empty()) return false;
    pipeline::Wishes more{.accept_all = *answer == "all"};
    if (!more.accept_all) {
      const auto numbers = numbers_of(*answer);
      if (!numbers) return std::unexpected(numbers.error());
      more.accept = *numbers;
    }
    if (auto decided = work.decide(more); !decided) return std::unexpected(decided.error());
    return true;
  }

  Result<void> make(SourceWork& work, std::vector<pipeline::CutClip>& clips) {
    auto cut = work.cut();
    if (!cut) return std::unexpected(cut.error());
    clips = *std::move(cut);
    const auto ids = work.register_clips(*registry_, clips);
    if (!ids) return std::unexpected(ids.error());
    ids_.insert(ids_.end(), ids->begin(), ids->end());
    return {};
  }

  void note(const SourceWork& work, const std::filesystem::path& video,
            const std::vector<pipeline::CutClip>& cut) {
    Json clips = Json::array();
    for (const auto& clip : work.review().clips) {
      Json one = work.explained(clip.n);
      const auto made = std::ranges::find(cut, clip.n, &pipeline::CutClip::n);
      one["file"] = made == cut.end() ? Json() : Json(path_text(made->file));
      clips.push_back(std::move(one));
    }
    told_["videos"].push_back(
        {{"video", path_text(video)}, {"folder", path_text(work.folder())}, {"clips", std::move(clips)}});
    if (call_.json) return;
    for (const auto& clip : cut)
      print_out("{}  {:.1f} s  {:.1f} LUFS  {}\n", clip.id, clip.report.duration, clip.report.loudness,
                path_text(clip.file));
  }

  int upload() {
    if (args_.no_upload || args_.plan || ids_.empty()) return 0;
    told_["duplicates"] = tell_twins(*registry_, ids_, args_.platforms);
    const auto results =
        upload_many(call_, {.platforms = args_.platforms, .videos = ids_}, *registry_, false, stop_);
    if (!results) return report(results.error());
    if (call_.json)
      told_["uploads"] = read_json(json_of(*results));
    else
      print_results(*results);
    const auto failed = static_cast<std::size_t>(
        std::ranges::count_if(*results, [](const auto& one) { return one.error.has_value(); }));
    for (auto& [video, end] : ends_) end.uploaded = results->size() - failed, end.failed = failed;
    return report_bulk(*results, stop_.stop_requested());
  }

  void tell_ends() const {
    for (const auto& [video, end] : ends_)
      if (const auto told = pipeline::tell_end(call_.library, video, end); !told)
        print_err("asfs-videos: warning: {}\n", told.error().message);
  }

  const Invocation& call_;
  const PipelineArgs& args_;
  const std::stop_token stop_;
  std::vector<std::pair<std::string, pipeline::RunEnd>> ends_;  // by video
  pipeline::Settings settings_;
  std::optional<pipeline::Pool> pool_;
  VideoRegistry* registry_ = nullptr;
  std::vector<std::string> ids_;
  Json told_ = read_json(R"({"videos": [], "finished": [], "duplicates": [], "uploads": []})");
};

void add_options(CLI::App& app, PipelineArgs& args) {
  app.add_option("VIDEO_OR_FOLDER", args.sources,
                 "Long videos; a folder of finished clips is registered and uploaded");
  app.add_option("--platform", args.platforms, "Only to this platform or account; may be repeated");
  app.add_flag("--no-upload", args.no_upload, "The clips are registered, and not uploaded");
  app.add_flag("--plan", args.plan, "Choose and show; cut nothing");
  app.add_option("--accept", args.accept, "Take these clips of the table: 1,3");
  app.add_option("--reject", args.reject, "Leave these out: 2");
  app.add_option("--trim", args.trim, "Other edges for a clip, which is taken: 3=12:31-13:10");
  app.add_option("--add", args.add, "A clip of your own: 20:00-20:40");
  app.add_option("--more", args.more, "So many more proposals");
  app.add_option("--max-clips", args.clips, "At most so many proposals");
  app.add_option("--min-seconds", args.least, "A clip is at least so long")->check(CLI::Range(3.0, 600.0));
  app.add_option("--max-seconds", args.most, "A clip is at most so long")->check(CLI::Range(3.0, 600.0));
  app.add_option("--clips-dir,-o,--output", args.clips_folder, "Where the clips go; HOME/output/clips");
  app.add_option("--pool", args.pool,
                 "A CSV of titles, captions, descriptions and tags, of which each clip takes a row");
  app.add_option("--pool-order", args.pool_order, "Which row: random, or in-order")
      ->check(CLI::IsMember({"random", "in-order"}));
  app.add_option("--hook", args.hook, "Words at the top for three seconds, also on finished clips");
  app.add_option("--logo", args.logo, "A picture at the top left, also on finished clips");
  app.add_option("--check", args.check, "How a clip is looked at: quick, or full, which sees every picture")
      ->check(CLI::IsMember({"quick", "full"}));
  app.add_flag("--no-cache", args.no_cache, "Do everything again; deletes nothing");
  app.add_flag("--yes", args.yes, "Take every clip that is proposed and not rejected, without asking");
}

}  // namespace

Command define_pipeline(CLI::App& app) {
  auto args = std::make_shared<PipelineArgs>();
  auto clip = std::make_shared<std::string>();
  add_options(app, *args);
  app.require_subcommand(0, 1);
  auto* show = app.add_subcommand("show", "What is known of a clip, as JSON")->fallthrough();
  auto* explain = app.add_subcommand("explain", "Why a clip has its score")->fallthrough();
  for (auto* one : {show, explain}) one->add_option("CLIP", *clip, "The clip's id")->required();
  auto* exporting =
      app.add_subcommand("export", "The clips that are not rejected, for an editing program")->fallthrough();
  auto format = std::make_shared<pipeline::ExportFormat>(pipeline::ExportFormat::csv);
  exporting->add_flag_callback(
      "--edl", [format] { *format = pipeline::ExportFormat::edl; }, "As an edit decision list (CMX 3600)");
  exporting->add_flag_callback(
      "--csv", [format] { *format = pipeline::ExportFormat::csv; }, "As a table");
  exporting->add_flag_callback(
      "--srt", [format] { *format = pipeline::ExportFormat::srt; }, "As subtitles in the video's time");
  return [=](const Invocation& call) {
    if (show->parsed() || explain->parsed()) return show_clip(call, *clip, explain->parsed());
    if (exporting->parsed()) return export_clips(call, *format);
    if (args->sources.empty())
      return report({Code::usage, "pipeline: give a video (see asfs-videos pipeline --help)"});
    const Interrupt interrupt;
    return PipelineRun(call, *args, interrupt.token()).run();
  };
}

}  // namespace asfs
