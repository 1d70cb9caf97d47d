#include "app/pipeline/spoken.h"

#include <algorithm>
#include <cctype>

namespace asfs::pipeline {
namespace {

constexpr double kHookSeconds = 3.0;

bool says_number(std::string_view word) {
  return std::ranges::any_of(word, [](unsigned char c) { return std::isdigit(c); }) ||
         word.find('%') != word.npos || word.find('$') != word.npos || word.find("€") != word.npos ||
         word.find("£") != word.npos;
}

bool asks(std::string_view word) {
  return word.find('?') != word.npos || word.find("？") != word.npos;
}

/// Do they begin with one of the greetings, or say one right after the first word?
bool greets(const WordList& list, const std::vector<std::string>& words) {
  std::string said;
  for (const std::string& word : words) said += " " + word;
  said += " ";
  const std::size_t second = said.find(' ', 1);
  return std::ranges::any_of(list.greetings, [&](const std::string& greeting) {
    const std::size_t at = said.find(" " + greeting + " ");
    return at == 0 || (at != said.npos && at == second);
  });
}

}  // namespace

Opening opening_of(const Measure& measure, const WordList* list, Span span, std::size_t first,
                   std::size_t end) {
  const auto& words = measure.material().transcript.words;
  Opening opening{.pause = std::max(0.0, words[first].start - span.start)};
  std::vector<std::string> said;
  std::size_t at = first;
  for (; at < end && words[at].start < span.start + kHookSeconds; ++at) {
    said.push_back(folded(words[at].text));
    opening.question |= asks(words[at].text);
    opening.number |= says_number(words[at].text);
    if (list == nullptr) continue;
    opening.second_person |= list->second_person.contains(said.back());
    opening.contrast |= list->contrast.contains(said.back());
  }
  opening.words = said.size();
  // The sentence that the opening is in the middle of may turn out to be a question.
  for (; at < end && !opening.question && !measure.begins_sentence(at); ++at)
    opening.question = asks(words[at].text);
  if (list == nullptr || said.empty()) return opening;
  opening.connector = list->connectors.contains(said.front());
  opening.greeting = greets(*list, said);
  return opening;
}

}  // namespace asfs::pipeline
