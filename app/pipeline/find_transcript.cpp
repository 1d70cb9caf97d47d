// Where a transcript may come from, and in which order it is looked for.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/pipeline/transcribers.h"
#include "app/pipeline/transcript_formats.h"
#include "registry/base/files.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

namespace fs = std::filesystem;

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
  const TranscriberWork work{video, wav, folder, settings, on_share, stop};
  Search search(settings.language);
  for (const Sidecar& sidecar : sidecars_of(video, settings.language))
    if (search.settles(read_sidecar(sidecar))) return search.end();
  for (const int index : text_subtitles)
    if (search.settles(read_track(work, index))) return search.end();
  if (stop.stop_requested()) return fail(Code::cancelled, "stopped");
  const auto transcribers = transcribers_for(settings);
  std::error_code ignored;
  if (!transcribers.empty() && !fs::exists(wav, ignored))
    if (const auto written = write_wav(work); !written) {
      search.settles(std::unexpected(written.error()));
      return search.end();
    }
  for (const Transcriber& transcribe : transcribers)
    if (search.settles(transcribe(work))) break;
  if (on_share) on_share(1.0);
  return search.end();
}

}  // namespace asfs::pipeline
