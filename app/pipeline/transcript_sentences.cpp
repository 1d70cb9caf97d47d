// Where a sentence ends, by marks, pauses and length.
#include <algorithm>
#include <cstddef>

#include "app/pipeline/transcript_text.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr double kPauseAfterMark = 0.15, kPauseAlone = 0.6;  // seconds
constexpr double kLongestSentence = 20.0, kShortestPart = 8.0;
constexpr double kCommaIsWorth = 0.3;      ///< seconds of a pause, where a long sentence is parted
constexpr std::size_t kWordsToAMark = 60;  ///< fewer marks than that: the words have no punctuation

bool is_any(char32_t letter, std::u32string_view of) {
  return of.find(letter) != of.npos;
}

/// What stands behind the mark at a sentence's end, and in front of its first letter.
bool is_quote_or_bracket(char32_t letter) {
  return is_any(
      letter,
      U"\"')]}([\u00AB\u00BB\u2018\u2019\u201C\u201D\u201E\u300C\u300D\u300E\u300F\uFF09\u00A0\u00BF\u00A1");
}

/// The last character that is no quote.
char32_t last_mark(std::string_view text) {
  char32_t last = 0;
  while (!text.empty())
    if (const char32_t letter = take_letter(text); !is_quote_or_bracket(letter)) last = letter;
  return last;
}

enum class Ending { none, likely, certain };

Ending ending_of(std::string_view word) {
  const char32_t last = last_mark(word);
  if (is_any(last, U"\u3002\uFF01\uFF1F\u0964\u061F\u06D4")) return Ending::certain;
  return is_any(last, U".!?\u2026") ? Ending::likely : Ending::none;
}

/// A capital, a figure, or a letter of a script without capitals.
bool may_begin_sentence(std::string_view word) {
  char32_t letter = take_letter(word);
  while (letter != 0 && is_quote_or_bracket(letter)) letter = take_letter(word);
  if (letter < 0x80) return (letter >= U'A' && letter <= U'Z') || (letter >= U'0' && letter <= U'9');
  if (letter >= 0x590) return true;
  std::string text{static_cast<char>(0xC0 | (letter >> 6)), static_cast<char>(0x80 | (letter & 0x3F))};
  return fold_case(text) != text;
}

/// `Dr.`, `J.`: a capital after them says nothing.
bool is_abbreviation(std::string_view word) {
  constexpr std::string_view kTitles[] = {"dr.", "mr.",  "mrs.", "ms.", "prof.", "st.",
                                          "sr.", "sra.", "jr.",  "vs.", "nr."};
  if (word.size() == 2 && word[0] >= 'A' && word[0] <= 'Z' && word[0] != 'I' && word[1] == '.') return true;
  return word.size() <= 5 && std::ranges::find(kTitles, fold_case(word)) != std::end(kTitles);
}

class SentenceMaker {
 public:
  explicit SentenceMaker(std::span<const Word> words) : words_(words) {
    const auto marks =
        std::ranges::count_if(words, [](const Word& word) { return ending_of(word.text) != Ending::none; });
    punctuated_ = static_cast<std::size_t>(marks) * kWordsToAMark >= words.size();
  }

  std::vector<Sentence> make() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      while (i > first_ && words_[i].end - words_[first_].start > kLongestSentence) finish(best_part(i));
      if (ends_after(i)) finish(i + 1);
    }
    if (first_ < words_.size()) finish(words_.size());
    return std::move(sentences_);
  }

 private:
  double gap_before(std::size_t i) const { return words_[i].start - words_[i - 1].end; }

  bool ends_after(std::size_t i) const {
    if (i + 1 == words_.size()) return true;
    const double gap = gap_before(i + 1);
    if (!punctuated_ && gap >= kPauseAlone) return true;
    const Ending ending = ending_of(words_[i].text);
    if (ending != Ending::likely) return ending == Ending::certain;
    return gap >= kPauseAfterMark ||
           (may_begin_sentence(words_[i + 1].text) && !is_abbreviation(words_[i].text));
  }

  /// The widest pause, rather after a comma; not too near the beginning.
  std::size_t best_part(std::size_t until) const {
    std::size_t best = until;
    double widest = -1;
    for (std::size_t i = first_ + 1; i <= until; ++i) {
      if (words_[i].start - words_[first_].start < kShortestPart) continue;
      const char32_t mark = last_mark(words_[i - 1].text);
      const double worth = gap_before(i) + (is_any(mark, U",;:\u3001\uFF0C\u060C") ? kCommaIsWorth : 0);
      if (worth < widest) continue;
      widest = worth;
      best = i;
    }
    return best;
  }

  void finish(std::size_t end) {
    const auto said = words_.subspan(first_, end - first_);
    sentences_.push_back({first_, said.size(), said.front().start, said.back().end, joined(said)});
    first_ = end;
  }

  std::span<const Word> words_;
  bool punctuated_ = true;
  std::size_t first_ = 0;
  std::vector<Sentence> sentences_;
};

}  // namespace

std::vector<Sentence> sentences_of(std::span<const Word> words) {
  return SentenceMaker(words).make();
}

}  // namespace asfs::pipeline
