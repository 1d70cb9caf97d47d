// A person's words in place of those that were heard.
#include <algorithm>
#include <cstdint>
#include <span>

#include "app/pipeline/captions.h"
#include "app/pipeline/transcript_text.h"
#include "app/pipeline/word_lists.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr std::size_t kMostCompared = 4'000'000;  ///< pairs of words; beyond, times are shared out
constexpr double kRounding = 1e-6;                ///< seconds

/// The text's words, as a transcript's are parted, spread over a length by their letters.
std::vector<Word> parted_words(std::string_view text, double length) {
  auto read = transcript_of_lines({Line{.start = 0, .end = length, .text = valid_utf8(text), .stamps = {}}});
  return read ? std::move(read->words) : std::vector<Word>();
}

/// Which words stand for which: of each pair the places in `wanted` and `spoken`, both rising.
std::vector<std::pair<std::size_t, std::size_t>> pairs_of(const std::vector<std::string>& wanted,
                                                          const std::vector<std::string>& spoken) {
  const std::size_t rows = wanted.size(), columns = spoken.size();
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  if (rows == 0 || columns == 0 || rows > kMostCompared / columns) return pairs;
  // longest[i][j]: how many pairs there are at most from word i and word j on.
  std::vector<std::uint16_t> longest((rows + 1) * (columns + 1), 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint16_t& {
    return longest[i * (columns + 1) + j];
  };
  for (std::size_t i = rows; i-- > 0;)
    for (std::size_t j = columns; j-- > 0;)
      at(i, j) = wanted[i] == spoken[j] ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                                        : std::max(at(i + 1, j), at(i, j + 1));
  for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
    if (wanted[i] == spoken[j])
      pairs.emplace_back(i++, j++);
    else
      at(i + 1, j) >= at(i, j + 1) ? ++i : ++j;
  }
  return pairs;
}

std::vector<std::string> folded_words(const std::vector<Word>& words) {
  std::vector<std::string> all;
  for (const Word& word : words) all.push_back(folded(word.text));
  return all;
}

/// Words share the time of others by their letters; as many as there are take theirs.
void share_time(std::span<Word> words, std::span<const Word> spoken) {
  std::size_t letters = 0, told = 0;
  for (const Word& word : words) letters += code_points(word.text);
  const double start = spoken.front().start, length = spoken.back().end - start;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const double from = length * static_cast<double>(told) / static_cast<double>(letters);
    told += code_points(words[i].text);
    const double to = length * static_cast<double>(told) / static_cast<double>(letters);
    words[i].start = words.size() == spoken.size() ? spoken[i].start : start + from;
    words[i].end = words.size() == spoken.size() ? spoken[i].end : start + to;
  }
}

}  // namespace

std::vector<Word> laid_over(std::string_view text, const std::vector<Word>& spoken, double length) {
  std::vector<Word> words = parted_words(text, length);
  if (spoken.empty() || words.empty()) return words;
  auto pairs = pairs_of(folded_words(words), folded_words(spoken));
  pairs.emplace_back(words.size(), spoken.size());
  std::size_t word = 0, said = 0;  // the first of each that has no pair yet
  for (const auto& [to, until] : pairs) {
    const auto left = std::span(words).subspan(word, to - word);
    std::vector<Word> slots(spoken.begin() + static_cast<long>(said),
                            spoken.begin() + static_cast<long>(until));
    if (to < words.size()) words[to].start = spoken[until].start, words[to].end = spoken[until].end;
    if (!left.empty() && !slots.empty()) {
      share_time(left, slots);
    } else if (!left.empty() && word > 0) {  // only added: it shares the time of the word before it
      slots = {words[word - 1]};
      share_time(std::span(words).subspan(word - 1, left.size() + 1), slots);
    } else if (!left.empty()) {
      slots = {words[to]};
      share_time(std::span(words).first(to + 1), slots);
    }
    word = to + 1;
    said = until + 1;
  }
  return words;
}

std::string moved_words(std::string_view text, const Transcript& transcript, Span from, Span to) {
  std::vector<Word> kept;
  for (Word& word : laid_over(text, words_in(transcript, from), from.length())) {
    word.start += from.start;
    word.end += from.start;
    if (word.start >= to.start - kRounding && word.end <= to.end + kRounding) kept.push_back(std::move(word));
  }
  for (const Word& word : transcript.words)
    if (word.start >= to.start && word.end <= to.end && (word.start < from.start || word.end > from.end))
      kept.push_back(word);
  std::ranges::stable_sort(kept, {}, &Word::start);
  return joined(kept);
}

}  // namespace asfs::pipeline
