// What recognition of speech gets wrong about times is put right by the sound; then words become sentences.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/pipeline/transcript.h"
#include "app/pipeline/transcript_text.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr double kLongestSaid = 1.5;    ///< seconds of one word
constexpr double kLongSilence = 1.0;    ///< what is said in it is invented
constexpr double kSilenceSlack = 0.02;  ///< a silence's edges are so exact
constexpr double kBareStart = 0.1;      ///< less than that before a silence is no beginning of a word
constexpr double kShownAtLeast = 0.1;   ///< a word without a length gets so much, where there is room
constexpr double kWorthSaying = 0.2;    ///< what is taken off a word
constexpr int kMostRepetitions = 2;

/// How many words (`repeated`: lines), for the warnings.
struct Repairs {
  std::size_t repeated = 0, outside = 0, invented = 0, shortened = 0, backwards = 0;
};

/// The lines as they were read; all words as one when what there is does not fit them.
std::vector<Sentence> lines_read(const Transcript& transcript, double duration) {
  std::size_t at = 0;
  for (const Sentence& line : transcript.sentences) {
    if (line.first != at || line.count > transcript.words.size() - at) break;
    at += line.count;
  }
  if (at == transcript.words.size()) return transcript.sentences;
  return {{0, transcript.words.size(), 0.0, duration, {}}};
}

/// Whisper falls into loops, and says one line again and again.
std::vector<Sentence> without_loops(const std::vector<Sentence>& lines, std::size_t words, Repairs& repairs) {
  const bool word_by_word = words * 2 < lines.size() * 3;  // there, a third `no` is a third `no`
  std::vector<Sentence> kept;
  std::string before;
  int times = 0;
  for (const Sentence& line : lines) {
    std::string text = fold_case(line.text);
    times = text == before ? times + 1 : 1;
    before = std::move(text);
    if (times > kMostRepetitions && !word_by_word)
      ++repairs.repeated;
    else
      kept.push_back(line);
  }
  return kept;
}

/// The part of start..end that is not silent.
class Sounding {
 public:
  Sounding(std::span<const Span> silences, double start, double end) {
    double at = start;
    auto silence = std::ranges::upper_bound(silences, start, {}, &Span::end);
    for (; silence != silences.end() && silence->start < end; ++silence) {
      if (silence->start > at) parts_.push_back({at, silence->start});
      at = std::max(at, silence->end);
    }
    if (at < end) parts_.push_back({at, end});
    for (const Span& part : parts_) seconds_ += part.length();
  }

  double seconds() const { return seconds_; }

  /// When so many seconds of it have sounded; at a silence its beginning, for what ends there, else its end.
  double time_at(double sounded, bool ends) const {
    for (const Span& part : parts_) {
      if (sounded < part.length() || (ends && sounded <= part.length())) return part.start + sounded;
      sounded -= part.length();
    }
    return parts_.back().end;
  }

 private:
  std::vector<Span> parts_;
  double seconds_ = 0;
};

/// Words that only share the time of their line are where something sounds.
void share_anew(std::span<Word> words, const Sentence& line, const Sound& sound) {
  const Sounding sounding(sound.silences, line.start, line.end);
  if (sounding.seconds() < kBareStart || words.empty()) return;
  double all = 0, before = 0;
  for (const Word& word : words) all += static_cast<double>(code_points(word.text) + 1);
  for (Word& word : words) {
    word.start = sounding.time_at(before / all * sounding.seconds(), false);
    before += static_cast<double>(code_points(word.text) + 1);
    word.end = std::max(word.start, sounding.time_at(before / all * sounding.seconds(), true));
  }
}

enum class Fit { stays, shortened, invented };

/// Out of the silences that a word reaches into; not longer than a word takes.
Fit fit_into_sound(Word& word, const std::vector<Span>& silences) {
  const double start = word.start, end = word.end;
  auto silence = std::ranges::upper_bound(silences, word.start, {}, &Span::end);
  for (; silence != silences.end() && silence->start < word.end; ++silence) {
    const bool within =
        word.start >= silence->start - kSilenceSlack && word.end <= silence->end + kSilenceSlack;
    if (within && silence->length() >= kLongSilence) return Fit::invented;
    if (within) break;
    const double before = silence->start - word.start, after = word.end - silence->end;
    if (before <= 0 || (before < kBareStart && after > before))
      word.start = silence->end;
    else
      word.end = silence->start;
  }
  if (word.end - word.start > kLongestSaid) word.end = word.start + kLongestSaid;
  const double taken = (word.start - start) + (end - word.end);
  return taken > kWorthSaying ? Fit::shortened : Fit::stays;
}

/// The words of the lines that stay, each within its line and the video.
std::vector<Word> words_of_lines(Transcript& transcript, const Sound& sound, double duration,
                                 Repairs& repairs) {
  std::vector<Word> kept;
  const auto lines = lines_read(transcript, duration);
  for (Sentence line : without_loops(lines, transcript.words.size(), repairs)) {
    const auto words = std::span(transcript.words).subspan(line.first, line.count);
    line.start = std::clamp(line.start, 0.0, duration);
    line.end = std::clamp(line.end, line.start, duration);
    if (!transcript.timed_words) share_anew(words, line, sound);
    for (Word& word : words) {
      if (!(word.start < duration)) {
        ++repairs.outside;
        continue;
      }
      word.start = std::clamp(word.start, line.start, line.end);
      word.end = std::clamp(word.end, word.start, line.end);
      kept.push_back(std::move(word));
    }
  }
  return kept;
}

/// Each begins when or after the one before has ended; where two overlap, the first one gives way.
void put_in_order(std::vector<Word>& words, Repairs& repairs) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    Word &before = words[i - 1], &word = words[i];
    if (word.start < before.start) {
      ++repairs.backwards;
      word.start = before.end;
      word.end = std::max(word.end, word.start);
    }
    before.end = std::min(before.end, word.start);
  }
}

void leave_silences(std::vector<Word>& words, const std::vector<Span>& silences, Repairs& repairs) {
  std::vector<Word> heard;
  heard.reserve(words.size());
  for (Word& word : words) {
    const Fit fit = fit_into_sound(word, silences);
    if (fit == Fit::shortened) ++repairs.shortened;
    if (fit == Fit::invented)
      ++repairs.invented;
    else
      heard.push_back(std::move(word));
  }
  words = std::move(heard);
}

/// What has no length gets one, up to the next word or silence.
void lengthen(std::vector<Word>& words, const std::vector<Span>& silences, double duration) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].end > words[i].start) continue;
    double room = i + 1 < words.size() ? words[i + 1].start : duration;
    const auto silence = std::ranges::lower_bound(silences, words[i].start, {}, &Span::start);
    if (silence != silences.end()) room = std::min(room, silence->start);
    words[i].end = std::min(words[i].start + kShownAtLeast, room);
  }
}

void say(const Repairs& repairs, std::vector<std::string>& warnings) {
  const auto count = [&](std::size_t number, std::string_view one, std::string_view many) {
    if (number > 0) warnings.push_back(number == 1 ? std::string(one) : fmt::format("{} {}", number, many));
  };
  count(repairs.repeated, "A line that was said for the third time in a row was left out.",
        "lines that were said for the third time and more in a row were left out.");
  count(repairs.outside, "A word after the end of the video was left out.",
        "words after the end of the video were left out.");
  count(repairs.invented, "A word where nothing is to be heard was left out.",
        "words where nothing is to be heard were left out.");
  count(repairs.shortened, "A word that lasted too long, or into a silence, was shortened.",
        "words that lasted too long, or into a silence, were shortened.");
  count(repairs.backwards, "A word that was said before the one in front of it was put after it.",
        "words that were said before the one in front of them were put after it.");
}

}  // namespace

void repair(Transcript& transcript, const Sound& sound, double duration) {
  Repairs repairs;
  if (!std::isfinite(duration) || duration < 0) duration = 0;
  transcript.words = words_of_lines(transcript, sound, duration, repairs);
  put_in_order(transcript.words, repairs);
  leave_silences(transcript.words, sound.silences, repairs);
  lengthen(transcript.words, sound.silences, duration);
  transcript.sentences = sentences_of(transcript.words);
  if (!transcript.timed_words) repairs.shortened = 0;  // their times were guessed by us
  say(repairs, transcript.warnings);
}

}  // namespace asfs::pipeline
