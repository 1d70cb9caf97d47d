// How a written line becomes words with times, for every format that a transcript is read from. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/pipeline/transcript.h"

namespace asfs::pipeline {

/// The bytes `from` to `to` of a line are said from `start` to `end`.
struct Stamp {
  std::size_t from = 0, to = 0;
  double start = 0.0, end = 0.0;
};

/// What is said in a row, as its source has it: a subtitle, a whisper segment.
struct Line {
  double start = 0.0, end = 0.0;
  std::string text;           ///< valid UTF-8, without tags
  std::vector<Stamp> stamps;  ///< in order of bytes; what none covers lies in time between its neighbours
};

/// Words and lines (as `sentences`), in order of time. A line that overlaps the next ends with its beginning;
/// two that begin at once are one. Not said aloud, and left out: [Music], a whole line (in brackets), notes.
/// Code::failed: more words than a day of talk has.
Result<Transcript> transcript_of_lines(std::vector<Line> lines);

/// With blanks between, but for scripts that have none.
std::string joined(std::span<const Word> words);

/// As repair() makes them: of words in order of time, each of which is in one.
std::vector<Sentence> sentences_of(std::span<const Word> words);

/// The first character of valid UTF-8, taken off it; 0 at the end.
char32_t take_letter(std::string_view& text);

/// A line may be broken between these two, though no blank is there.
bool may_break(char32_t before, char32_t after);

/// Chinese and Japanese, which have no blanks between words.
bool is_unspaced(char32_t letter);

}  // namespace asfs::pipeline
