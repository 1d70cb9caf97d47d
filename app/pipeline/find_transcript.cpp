// Where a transcript may come from, and who is asked for one.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>
#include <utility>

#include "app/pipeline/transcript.h"
#include "app/pipeline/transcript_formats.h"
#include "registry/base/files.h"
#include "registry/base/process.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kTranscriberDeadline{24}, kTrackDeadline{1};
constexpr std::array<std::string_view, 5> kSidecarEndings{".json", ".vtt", ".srt", ".ass", ".ssa"};

/// A file beside the video that may be its transcript; the smallest is asked first.
struct Sidecar {
  std::size_t ending = 0;  ///< in kSidecarEndings
  int kind = 0;  ///< 0: of the language asked for; 1: `talk.srt`; 2: `talk.transcript.json`; 3: another
  fs::path path;
  std::string language;  ///< as the name says
  auto operator<=>(const Sidecar&) const = default;
};

/// `en`, `pt-BR`, `zh-Hans`.
bool is_language_tag(std::string_view text) {
  const auto first = text.substr(0, text.find('-'));
  const auto plain = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  return first.size() >= 2 && first.size() <= 3 && std::ranges::all_of(first, plain) && text.size() <= 12;
}

std::optional<Sidecar> sidecar_of(const fs::path& video, const fs::path& path, std::string_view language) {
  const std::string ending = fold_case(path.extension().native());
  const auto place = std::ranges::find(kSidecarEndings, ending);
  if (place == kSidecarEndings.end() || path.filename() == video.filename()) return std::nullopt;
  const std::string name = path.stem().native(), whole = video.filename().native();
  const std::string stem = video.stem().native();
  std::string_view middle = name;
  if (!middle.starts_with(stem)) return std::nullopt;
  middle.remove_prefix(middle.starts_with(whole) ? whole.size() : stem.size());
  Sidecar sidecar{static_cast<std::size_t>(place - kSidecarEndings.begin()), 1, path, {}};
  if (middle.empty()) return sidecar;
  if (!middle.starts_with('.')) return std::nullopt;
  middle.remove_prefix(1);
  if (!is_language_tag(middle) && middle != "transcript") return std::nullopt;
  sidecar.kind = middle == "transcript" ? 2 : 3;
  if (sidecar.kind == 3) sidecar.language = plain_language(middle);
  if (!sidecar.language.empty() && sidecar.language == plain_language(language)) sidecar.kind = 0;
  return sidecar;
}

std::vector<Sidecar> sidecars_of(const fs::path& video, std::string_view language) {
  std::vector<Sidecar> found;
  std::error_code error;
  const fs::path folder = video.has_parent_path() ? video.parent_path() : fs::path(".");
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (auto sidecar = sidecar_of(video, at->path(), language)) found.push_back(*std::move(sidecar));
  std::ranges::sort(found);
  return found;
}

Result<Transcript> read_sidecar(const Sidecar& sidecar) {
  const auto content = read_file(sidecar.path);
  auto transcript =
      content ? read_transcript(*content) : Result<Transcript>(std::unexpected(content.error()));
  const std::string name = one_line(path_text(sidecar.path.filename()), 100);
  if (!transcript && transcript.error().code == Code::not_found && sidecar.ending == 0) return transcript;
  if (!transcript)
    return fail(Code::failed,
                fmt::format("{} beside the video was not used: {}", name, transcript.error().message));
  if (transcript->language.empty()) transcript->language = sidecar.language;
  transcript->origin = name;
  return transcript;
}

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

bool has_transcriber(const TranscriberSettings& settings) {
  return !settings.command.empty() || (!model_of(settings).empty() && is_on_path("whisper-cli"));
}

/// What a program said last, in one line.
std::string last_words(const ProcessOutput& ended) {
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

/// Asks one after the other.
class Transcribers {
 public:
  Transcribers(const fs::path& video, const fs::path& folder, const TranscriberSettings& settings,
               std::stop_token stop)
      : video_(video), folder_(folder), settings_(settings), stop_(std::move(stop)) {}

  /// A subtitle track: `0:s:INDEX`.
  Result<Transcript> read_track(int index) const {
    const WorkFile file(folder_ / "subtitles.srt");
    const auto done = run("the subtitle track of the video",
                          {"ffmpeg", "-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file", "-i",
                           "file:" + video_.native(), "-map", fmt::format("0:s:{}", index), "-c:s", "srt",
                           "-f", "srt", "file:" + file.path().native()},
                          kTrackDeadline);
    if (!done) return std::unexpected(done.error());
    return read_answer("the subtitle track of the video", "a subtitle track of the video",
                       read_file(file.path()));
  }

  /// The command of the user's; without `{output}` in it, its stdout is the transcript.
  Result<Transcript> run_command(const fs::path& wav) const {
    const WorkFile file(folder_ / "transcribed.json");
    bool to_file = false;
    std::vector<std::string> argv = settings_.command;
    for (std::string& argument : argv) {
      replace(argument, "{audio}", wav.native());
      to_file = replace(argument, "{output}", file.path().native()) || to_file;
    }
    const std::string name = one_line(path_text(fs::path(argv[0]).filename()), 60);
    auto done = run(name, argv, kTranscriberDeadline);
    if (!done) return std::unexpected(done.error());
    return read_answer(name, name,
                       to_file ? read_file(file.path()) : Result<std::string>(std::move(done->out)));
  }

  Result<Transcript> run_whisper(const fs::path& wav) const {
    const WorkFile file(folder_ / "whisper.json");
    const auto threads = std::to_string(std::max(1u, std::thread::hardware_concurrency()));
    const auto done = run("whisper-cli",
                          {"whisper-cli", "-m", model_of(settings_).native(), "-f", wav.native(), "-l",
                           settings_.language.empty() ? "auto" : settings_.language, "-t", threads, "-ojf",
                           "-of", (folder_ / "whisper").native()},
                          kTranscriberDeadline);
    if (!done) return std::unexpected(done.error());
    return read_answer("whisper-cli", "whisper-cli", read_file(file.path()));
  }

  /// A subtitle track was promised, so that nobody has written the sound: for the transcribers after all.
  Result<void> write_wav(const fs::path& wav) const {
    const auto done = run("the sound of the video",
                          {"ffmpeg",
                           "-nostdin",
                           "-v",
                           "error",
                           "-y",
                           "-protocol_whitelist",
                           "file",
                           "-i",
                           "file:" + video_.native(),
                           "-map",
                           "0:a:0",
                           "-ac",
                           "1",
                           "-ar",
                           "16000",
                           "-c:a",
                           "pcm_s16le",
                           "-f",
                           "wav",
                           "file:" + wav.native()},
                          kTrackDeadline);
    return done ? Result<void>() : std::unexpected(done.error());
  }

 private:
  /// Its output, when it ended well.
  Result<ProcessOutput> run(std::string_view what, const std::vector<std::string>& argv,
                            std::chrono::milliseconds deadline) const {
    auto done = run_process(argv, deadline, stop_);
    if (!done && done.error().code == Code::cancelled) return done;
    const std::string why = !done                  ? done.error().message
                            : done->exit_code != 0 ? last_words(*done)
                                                   : std::string();
    if (why.empty()) return done;
    return fail(Code::failed, fmt::format("{} gave no transcript: {}", what, why));
  }

  static Result<Transcript> read_answer(std::string_view what, std::string_view origin,
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

  static bool replace(std::string& argument, std::string_view name, const std::string& by) {
    bool found = false;
    for (auto at = argument.find(name); at != argument.npos; at = argument.find(name, at + by.size())) {
      argument.replace(at, name.size(), by);
      found = true;
    }
    return found;
  }

  const fs::path& video_;
  const fs::path& folder_;
  const TranscriberSettings& settings_;
  std::stop_token stop_;
};

/// What was found, or why not, one after the other.
class Search {
 public:
  explicit Search(std::string_view language) : language_(plain_language(language)) {}

  /// Is it over? Else the next one is to be asked.
  bool settles(Result<Transcript> answer) {
    if (!answer && answer.error().code == Code::cancelled) {
      end_ = std::move(answer);
      return true;
    }
    if (!answer && answer.error().code != Code::not_found)
      warnings_.push_back(sentence(answer.error().message));
    if (!answer) return false;
    if (answer->words.empty()) {
      warnings_.push_back(sentence(answer->origin + " has no words in it"));
      return false;
    }
    end_ = std::move(answer);
    return true;
  }

  Result<Transcript> end() {
    if (!end_) return std::move(end_);
    if (end_->language.empty()) end_->language = language_;
    end_->warnings.insert(end_->warnings.begin(), warnings_.begin(), warnings_.end());
    return std::move(end_);
  }

 private:
  static std::string sentence(std::string text) {
    if (text.front() >= 'a' && text.front() <= 'z' && text.starts_with("the ")) text.front() = 'T';
    if (text.starts_with("a subtitle")) text.front() = 'A';
    if (!text.ends_with('.')) text += '.';
    return text;
  }

  std::string language_;
  std::vector<std::string> warnings_;
  Result<Transcript> end_;
};

}  // namespace

bool needs_wav(const fs::path& video, const std::vector<int>& text_subtitles,
               const TranscriberSettings& settings) {
  if (!text_subtitles.empty() || !has_transcriber(settings)) return false;
  return std::ranges::none_of(sidecars_of(video, settings.language), [](const Sidecar& sidecar) {
    const auto transcript = read_sidecar(sidecar);
    return transcript && !transcript->words.empty();
  });
}

Result<Transcript> find_transcript(const fs::path& video, const std::vector<int>& text_subtitles,
                                   const fs::path& wav, const fs::path& folder,
                                   const TranscriberSettings& settings,
                                   const std::function<void(double)>& on_share, std::stop_token stop) {
  const Transcribers transcribers(video, folder, settings, stop);
  Search search(settings.language);
  for (const Sidecar& sidecar : sidecars_of(video, settings.language))
    if (search.settles(read_sidecar(sidecar))) return search.end();
  for (const int index : text_subtitles)
    if (search.settles(transcribers.read_track(index))) return search.end();
  if (stop.stop_requested()) return fail(Code::cancelled, "stopped");
  if (!has_transcriber(settings)) return search.end();
  std::error_code ignored;
  if (!fs::exists(wav, ignored)) {
    const auto written = transcribers.write_wav(wav);
    if (!written) {
      search.settles(std::unexpected(written.error()));
      return search.end();
    }
  }
  if (!settings.command.empty() && search.settles(transcribers.run_command(wav))) return search.end();
  if (!model_of(settings).empty() && is_on_path("whisper-cli")) search.settles(transcribers.run_whisper(wav));
  if (on_share) on_share(1.0);
  return search.end();
}

}  // namespace asfs::pipeline
