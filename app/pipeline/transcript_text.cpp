#include "app/pipeline/transcript_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr std::size_t kMostWords = 200'000;
constexpr std::size_t kLongestWord = 80;         ///< letters; what goes on without a blank is cut there
constexpr std::size_t kLongestUnspacedWord = 6;  ///< so that a caption's line can be broken
constexpr std::size_t kLongestNote = 80;         ///< bytes in [brackets]
constexpr double kAtOnce = 0.05;                 ///< seconds

constexpr std::string_view kNoBreakSpace = "\u00A0";

bool is_one_of(char32_t letter, std::u32string_view of) {
  return of.find(letter) != of.npos;
}

bool is_blank_letter(char32_t letter) {
  return letter <= U' ' || (letter >= 0x7F && letter <= 0xA0) || (letter >= 0x2000 && letter <= 0x200A) ||
         is_one_of(letter, U"\u2028\u2029\u202F\u205F\u3000\u2669\u266A\u266B\u266C\u266D\u266E\u266F");
}

/// Shows nothing, or turns the direction of what follows it.
bool is_invisible(char32_t letter) {
  return is_one_of(letter, U"\u00AD\u200B\u200E\u200F\uFEFF") || (letter >= 0x202A && letter <= 0x202E) ||
         (letter >= 0x2060 && letter <= 0x2069);
}

bool is_spoken(char32_t letter) {
  if (letter < 0x80)
    return (letter >= U'0' && letter <= U'9') || ((letter | 0x20) >= U'a' && (letter | 0x20) <= U'z');
  const bool mark =
      (letter >= 0xA1 && letter <= 0xBF && !is_one_of(letter, U"\u00AA\u00B2\u00B3\u00B5\u00BA")) ||
      (letter >= 0x2010 && letter <= 0x206F) || (letter >= 0x3001 && letter <= 0x3004) ||
      (letter >= 0x3008 && letter <= 0x301F) || (letter >= 0xFF01 && letter <= 0xFF0F) ||
      (letter >= 0xFF1A && letter <= 0xFF20) || letter == 0x30FB || letter == 0xFFFD;
  return !mark;
}

bool is_hiragana(char32_t letter) {
  return letter >= 0x3041 && letter <= 0x309F;
}

/// Never begins a line of Japanese.
bool clings(char32_t letter) {
  return is_one_of(letter,
                   U"\u3001\u3002\u300D\u300F\u3011\uFF01\uFF09\uFF0C\uFF0E\uFF1F\u2026\u30FC\u3041\u3043"
                   U"\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u30A1\u30A3\u30A5\u30A7\u30A9\u30C3\u30E3"
                   U"\u30E5\u30E7");
}

/// A word may end between these two, though no blank is there.
bool parts(char32_t before, char32_t after, std::size_t letters) {
  if (letters >= kLongestWord) return true;
  if (!is_unspaced(before) || clings(after)) return false;
  if (is_one_of(before, U"\u3001\u3002\uFF01\uFF0C\uFF1F")) return true;
  if (!is_unspaced(after)) return false;
  const bool opens = after == 0x300C || after == 0x300E;
  return opens || letters >= kLongestUnspacedWord || (is_hiragana(before) && !is_hiragana(after));
}

/// A word of a line, and where it stands there.
struct Token {
  std::size_t from = 0, to = 0;
  std::string text;
  std::size_t letters = 0;
  bool spoken = false;
};

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<Token> split() {
    while (at_ < text_.size()) step();
    finish();
    return std::move(tokens_);
  }

 private:
  void step() {
    std::string_view rest = text_.substr(at_);
    const char32_t letter = take_letter(rest);
    const std::size_t bytes = text_.size() - at_ - rest.size();
    if (const std::size_t note = letter == U'[' ? note_at(at_) : 0; note > 0) {
      finish();
      at_ += note;
      return;
    }
    if (is_blank_letter(letter)) {
      finish();
    } else if (!is_invisible(letter)) {
      if (word_.letters > 0 && parts(before_, letter, word_.letters)) finish();
      if (word_.letters++ == 0) word_.from = at_;
      word_.text += text_.substr(at_, bytes);
      word_.to = at_ + bytes;
      word_.spoken = word_.spoken || is_spoken(letter);
      before_ = letter;
    }
    at_ += bytes;
  }

  /// Bytes of `[Music]`; 0 when nothing closes it.
  std::size_t note_at(std::size_t at) const {
    const auto end = text_.substr(at, kLongestNote).find(']');
    return end == text_.npos ? 0 : end + 1;
  }

  /// A mark that stands alone belongs to the word before it (`Quoi ?`); at the beginning it is a dash.
  void finish() {
    Token word = std::exchange(word_, {});
    if (word.letters == 0) return;
    if (word.spoken) return tokens_.push_back(std::move(word));
    if (tokens_.empty() || tokens_.back().letters >= kLongestWord) return;
    Token& last = tokens_.back();
    if (last.to != word.from) last.text += kNoBreakSpace;
    last.text += word.text;
    last.letters += word.letters + 1;
    last.to = word.to;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Token word_;
  char32_t before_ = 0;
  std::vector<Token> tokens_;
};

/// `(applause)`, `*laughs*`: nothing else on the line.
bool is_note(std::string_view text) {
  text = trimmed(text);
  if (text.size() < 3) return false;
  const char closing = text.front() == '(' ? ')' : text.front() == '*' ? '*' : '\0';
  return closing != '\0' && text.find(closing, 1) == text.size() - 1;
}

/// The line's stamps, with those that are missing between them: all of the text is covered.
std::vector<Stamp> whole_cover(const Line& line) {
  std::vector<Stamp> cover;
  std::size_t at = 0;
  double time = line.start;
  const auto fill = [&](std::size_t to, double until) {
    const std::size_t from = std::min(line.text.find_first_not_of(" \t\r\n", at), to);
    if (from < to) cover.push_back({from, to, time, std::max(time, until)});
  };
  for (const Stamp& stamp : line.stamps) {
    if (stamp.from < at || stamp.to <= stamp.from || stamp.to > line.text.size()) continue;
    fill(stamp.from, stamp.start);
    cover.push_back(stamp);
    at = stamp.to;
    time = stamp.end;
  }
  fill(line.text.size(), line.end);
  return cover;
}

/// When the byte `at` is said, if the stamp's time is shared out over its bytes.
double time_within(const Stamp& stamp, std::size_t at) {
  const double share = static_cast<double>(std::clamp(at, stamp.from, stamp.to) - stamp.from) /
                       static_cast<double>(stamp.to - stamp.from);
  return stamp.start + (stamp.end - stamp.start) * share;
}

void add_words(Transcript& transcript, const Line& line, std::vector<Token> tokens) {
  const std::vector<Stamp> cover = whole_cover(line);
  if (cover.empty()) return;
  std::size_t first = 0, last = 0;  // stamps that hold a word's first and last byte
  const std::size_t begin = transcript.words.size();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto ends_before = [&](std::size_t stamp, std::size_t byte) {
      return stamp + 1 < cover.size() && cover[stamp].to <= byte;
    };
    while (ends_before(first, tokens[i].from)) ++first;
    last = std::max(first, last);
    while (ends_before(last, tokens[i].to - 1)) ++last;
    // Blanks within a stamp are no pauses.
    const std::size_t next = i + 1 < tokens.size() ? tokens[i + 1].from : line.text.size();
    const std::size_t to = next < cover[last].to ? next : cover[last].to;
    transcript.words.push_back(
        {time_within(cover[first], tokens[i].from), time_within(cover[last], to), std::move(tokens[i].text)});
  }
  const auto added = std::span(transcript.words).subspan(begin);
  transcript.sentences.push_back({begin, added.size(), line.start, line.end, joined(added)});
}

/// An end that is no end is guessed from the text, as somebody reads it aloud.
std::size_t mend_ends(std::vector<Line>& lines) {
  std::size_t mended = 0;
  for (Line& line : lines) {
    if (line.end > line.start) continue;
    line.end = line.start + std::max(0.3, 0.06 * static_cast<double>(code_points(line.text)));
    ++mended;
  }
  return mended;
}

/// Subtitles in two places of the picture, or drawn twice for their shadow.
std::vector<Line> without_overlaps(std::vector<Line> lines) {
  std::vector<Line> parted;
  for (Line& line : lines) {
    const bool at_once = !parted.empty() && line.start - parted.back().start < kAtOnce;
    if (!at_once) {
      if (!parted.empty()) parted.back().end = std::min(parted.back().end, line.start);
      parted.push_back(std::move(line));
    } else if (Line& last = parted.back(); last.text != line.text) {
      if (last.text.size() + line.text.size() > (1 << 16)) continue;  // nobody says so much at once
      for (Stamp& stamp : line.stamps) {
        stamp.from += last.text.size() + 1;
        stamp.to += last.text.size() + 1;
        last.stamps.push_back(stamp);
      }
      last.text += ' ' + line.text;
      last.end = std::max(last.end, line.end);
    }
  }
  return parted;
}

}  // namespace

char32_t take_letter(std::string_view& text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t letter = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < std::min(length, text.size()); ++i)
    letter = (letter << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  text.remove_prefix(std::min(length, text.size()));
  return letter;
}

bool may_break(char32_t before, char32_t after) {
  const bool opens = before == 0x300C || before == 0x300E || before == 0x3010 || before == 0xFF08;
  return is_unspaced(before) && !opens && !clings(after) && after != ' ';
}

bool is_unspaced(char32_t letter) {
  return (letter >= 0x3000 && letter <= 0x30FF) || (letter >= 0x3400 && letter <= 0x9FFF) ||
         (letter >= 0xF900 && letter <= 0xFAFF) || (letter >= 0xFF00 && letter <= 0xFF9F) ||
         (letter >= 0x20000 && letter <= 0x3FFFF);
}

std::string joined(std::span<const Word> words) {
  std::string text;
  char32_t before = 0;
  for (const Word& word : words) {
    std::string_view rest = word.text;
    char32_t letter = take_letter(rest);
    if (!text.empty() && !(is_unspaced(before) && is_unspaced(letter))) text += ' ';
    text += word.text;
    for (before = letter; !rest.empty();) before = take_letter(rest);
  }
  return text;
}

Result<Transcript> transcript_of_lines(std::vector<Line> lines) {
  Transcript transcript;
  const std::size_t mended = mend_ends(lines);
  std::ranges::stable_sort(lines, {}, &Line::start);
  std::size_t stamped = 0, one_word = 0;
  for (const Line& line : without_overlaps(std::move(lines))) {
    if (is_note(line.text)) continue;
    auto tokens = Splitter(line.text).split();
    if (tokens.empty()) continue;
    if (transcript.words.size() + tokens.size() > kMostWords)
      return fail(Code::failed, fmt::format("it has more than {} words: too many for one video", kMostWords));
    if (!line.stamps.empty()) stamped += tokens.size();
    if (tokens.size() == 1) ++one_word;
    add_words(transcript, line, std::move(tokens));
  }
  // A subtitle for each word is as good as a time for each word.
  transcript.timed_words = std::max(stamped, one_word) * 2 > transcript.words.size();
  if (mended > 0)
    transcript.warnings.push_back(
        fmt::format("{} of the lines ended before they began; their ends are guessed.", mended));
  return transcript;
}

}  // namespace asfs::pipeline
