#include "app/pipeline/transcribers.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "app/pipeline/disk_room.h"
#include "app/pipeline/media_child.h"
#include "app/pipeline/transcript_formats.h"
#include "registry/base/files.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kTranscriberDeadline{24}, kTrackDeadline{1};
/// The filter hears so much at once, as whisper itself does; what is shorter cuts more words in two.
constexpr int kFilterSeconds = 30;

fs::path model_of(const TranscriberSettings& settings) {
  if (!settings.whisper_model.empty()) return settings.whisper_model;
  const char* named = std::getenv("WHISPER_MODEL");
  return named != nullptr ? named : "";
}

bool is_on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    if (::access((fs::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

/// What a program said last, in one line.
std::string last_line(const ProcessOutput& ended) {
  std::string_view said = trimmed(ended.err);
  if (said.empty()) said = trimmed(ended.out);
  said.remove_prefix(said.find_last_of("\r\n") + 1);  // npos + 1 is 0
  return said.empty() ? fmt::format("it ended with exit code {}", ended.exit_code) : one_line(said, 200);
}

/// A file that is gone with this.
class WorkFile {
 public:
  explicit WorkFile(fs::path path) : path_(std::move(path)) { remove(); }
  WorkFile(const WorkFile&) = delete;
  WorkFile& operator=(const WorkFile&) = delete;
  ~WorkFile() { remove(); }
  const fs::path& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  fs::path path_;
};

/// Its output, when it ended well.
Result<ProcessOutput> run_transcriber(const LongProcess& process, std::string_view what,
                                      const std::stop_token& stop) {
  auto done = run_process(process, stop);
  if (!done && done.error().code == Code::cancelled) return done;
  const std::string why = !done                  ? done.error().message
                          : done->exit_code != 0 ? last_line(*done)
                                                 : std::string();
  if (why.empty()) return done;
  return fail(Code::failed, fmt::format("{} gave no transcript: {}", what, why));
}

Result<Transcript> read_answer(std::string_view what, std::string_view origin,
                               const Result<std::string>& content) {
  auto transcript =
      content ? read_transcript(*content) : Result<Transcript>(std::unexpected(content.error()));
  // ffmpeg writes an empty file for a track that says nothing.
  if (content && trimmed(*content).empty()) transcript = Transcript{};
  if (!transcript)
    return fail(Code::failed, fmt::format("{} gave no transcript: {}", what, transcript.error().message));
  transcript->origin = origin;
  return transcript;
}

/// Tells every `45 %`, `45%` or `45.5%` in what it hears: so whisper-cli (with -pp) and Python's progress
/// bars say how far they are.
std::function<void(std::string_view)> percents_to(const std::function<void(double)>& on_share) {
  return [&on_share, last = std::string()](std::string_view bytes) mutable {
    for (const char byte : bytes) {
      if (byte != '%') {
        last = byte == '\r' || byte == '\n' ? "" : last + byte;
        if (last.size() > 32) last.erase(0, 16);
        continue;
      }
      const std::string_view text = trimmed(last);
      const std::string_view digits = text.substr(text.find_last_not_of("0123456789.") + 1);
      double percent = -1;
      std::from_chars(digits.data(), digits.data() + digits.size(), percent);
      if (on_share && percent >= 0 && percent <= 100) on_share(percent / 100);
      last.clear();
    }
  };
}

bool fill_in(std::string& argument, std::string_view name, const std::string& by) {
  bool found = false;
  for (auto at = argument.find(name); at != argument.npos; at = argument.find(name, at + by.size())) {
    argument.replace(at, name.size(), by);
    found = true;
  }
  return found;
}

/// Without `{output}` in it, its stdout is the transcript.
Result<Transcript> run_command(const TranscriberWork& work) {
  const WorkFile file(work.folder / "transcribed.json");
  bool to_file = false;
  Words argv = work.settings.command;
  for (std::string& argument : argv) {
    fill_in(argument, "{audio}", work.wav.native());
    to_file = fill_in(argument, "{output}", file.path().native()) || to_file;
  }
  const std::string name = one_line(path_text(fs::path(argv[0]).filename()), 60);
  auto done = run_transcriber(
      {.argv = argv, .on_err = percents_to(work.on_share), .silence = kTranscriberDeadline}, name, work.stop);
  if (!done) return std::unexpected(done.error());
  return read_answer(name, name,
                     to_file ? read_file(file.path()) : Result<std::string>(std::move(done->out)));
}

Result<Transcript> run_whisper(const TranscriberWork& work) {
  const WorkFile file(work.folder / "whisper.json");
  const auto& language = work.settings.language;
  const Words argv{"whisper-cli",
                   "-m",
                   model_of(work.settings).native(),
                   "-f",
                   work.wav.native(),
                   "-l",
                   language.empty() ? "auto" : language,
                   "-t",
                   std::to_string(std::max(1u, std::thread::hardware_concurrency())),
                   "-pp",
                   "-ojf",
                   "-of",
                   (work.folder / "whisper").native()};
  const auto done =
      run_transcriber({.argv = argv, .on_err = percents_to(work.on_share), .silence = kTranscriberDeadline},
                      argv[0], work.stop);
  if (!done) return std::unexpected(done.error());
  return read_answer(argv[0], argv[0], read_file(file.path()));
}

/// `whisper` stands among ffmpeg's filters from 8.0 on, if it was built with whisper.cpp.
bool ffmpeg_knows_whisper() {
  bool knows = false;
  (void)run_child({.argv = {"ffmpeg", "-hide_banner", "-filters"},
                   .on_line = [&](std::string_view line) { knows |= line.contains(" whisper "); }},
                  {});
  return knows;
}

/// As SRT: its JSON does not escape what is said. The model and the subtitles have plain names in the
/// current folder, so that no path is part of a filter; and of a language only what is a plain tag is.
Result<Transcript> run_filter(const TranscriberWork& work) {
  constexpr const char *kName = "ffmpeg's filter whisper", *kModel = "whisper.model", *kSaid = "whisper.srt";
  const WorkFile model(work.folder / kModel), said(work.folder / kSaid);
  std::error_code error;
  fs::create_symlink(fs::absolute(model_of(work.settings), error), model.path(), error);
  if (error)
    return fail(Code::failed, fmt::format("{} gave no transcript: cannot link to the model in {}: {}", kName,
                                          path_text(work.folder), errno_text(error.value())));
  const std::string language = plain_language(work.settings.language);
  const Words argv =
      joined({ffmpeg(),
              {"-progress", "pipe:1"},
              media_input(work.wav),
              {"-af",
               fmt::format("whisper=model={}:language={}:queue={}:destination={}:format=srt", kModel,
                           language.empty() ? "auto" : language, kFilterSeconds, kSaid),
               "-f", "null", "-"}});
  const double length = static_cast<double>(fs::file_size(work.wav, error)) / kWavBytesASecond;
  const auto progress = progress_to([&](double seconds) {
    if (work.on_share && length > 0) work.on_share(std::clamp(seconds / length, 0.0, 1.0));
  });
  const auto done = run_media(
      {.argv = argv, .folder = work.folder, .on_line = progress, .stands_still = kTranscriberDeadline},
      fmt::format("{} gave no transcript", kName), work.stop);
  if (!done) return std::unexpected(done.error());
  return read_answer(kName, kName, read_file(said.path()));
}

}  // namespace

bool has_transcriber(const TranscriberSettings& settings) {
  return !settings.command.empty() ||
         (!model_of(settings).empty() && (is_on_path("whisper-cli") || ffmpeg_knows_whisper()));
}

std::vector<Transcriber> transcribers_for(const TranscriberSettings& settings) {
  std::vector<Transcriber> all;
  if (!settings.command.empty()) all.push_back(run_command);
  if (model_of(settings).empty()) return all;
  if (is_on_path("whisper-cli")) all.push_back(run_whisper);
  if (ffmpeg_knows_whisper()) all.push_back(run_filter);
  return all;
}

Result<Transcript> read_track(const TranscriberWork& work, int index) {
  constexpr const char* kName = "the subtitle track of the video";
  const WorkFile file(work.folder / "subtitles.srt");
  const Words argv = joined(
      {ffmpeg(),
       {"-y"},
       media_input(work.video),
       {"-map", fmt::format("0:s:{}", index), "-c:s", "srt", "-f", "srt", "file:" + file.path().native()}});
  const auto done = run_transcriber({.argv = argv, .silence = kTrackDeadline}, kName, work.stop);
  if (!done) return std::unexpected(done.error());
  return read_answer(kName, "a subtitle track of the video", read_file(file.path()));
}

Result<void> write_wav(const TranscriberWork& work) {
  const Words argv = joined({ffmpeg(),
                             {"-y"},
                             media_input(work.video),
                             {"-map", "0:a:0", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "-f", "wav",
                              "file:" + work.wav.native()}});
  const auto done =
      run_transcriber({.argv = argv, .silence = kTrackDeadline}, "the sound of the video", work.stop);
  return done ? Result<void>() : std::unexpected(done.error());
}

}  // namespace asfs::pipeline
