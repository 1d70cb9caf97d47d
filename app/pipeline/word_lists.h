// What the words of a language say about a clip: assets/pipeline/words.json. Read once; any thread.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/pipeline/transcript.h"

namespace asfs::pipeline {

/// Words as folded() makes them.
struct WordList {
  using Words = std::set<std::string, std::less<>>;
  std::string language;  ///< `en`
  Words connectors, pronouns, second_person, contrast, fillers, stop;
  std::vector<std::string> greetings;  ///< a word or several, with one blank between
};

/// Small letters, without punctuation around it.
std::string folded(std::string_view word);

/// Of the transcript's language; where it does not say which, of the one whose most frequent words it is made
/// of. Null where there is none: then what needs a list does not count.
const WordList* words_for(const Transcript& transcript);

}  // namespace asfs::pipeline
