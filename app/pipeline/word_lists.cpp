#include "app/pipeline/word_lists.h"

#include <algorithm>
#include <map>

#include "app/pipeline/transcript_formats.h"
#include "assets/assets.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

WordList::Words set_of(const Json& list, std::string_view key) {
  WordList::Words words;
  for (const auto& word : child_at(list, key)) words.insert(word.get<std::string>());
  return words;
}

std::vector<WordList> read_lists() {
  const Json document = read_json(asset_text("pipeline_words.json"));
  std::vector<WordList> lists;
  for (const auto& [language, list] : document.items()) {
    WordList one{.language = language,
                 .connectors = set_of(list, "connectors"),
                 .pronouns = set_of(list, "pronouns"),
                 .second_person = set_of(list, "second_person"),
                 .contrast = set_of(list, "contrast"),
                 .fillers = set_of(list, "fillers"),
                 .stop = set_of(list, "stop"),
                 .greetings = {}};
    for (const auto& words : child_at(list, "greetings")) one.greetings.push_back(words.get<std::string>());
    lists.push_back(std::move(one));
  }
  return lists;
}

/// `en` of `en-US` and of `english`.
std::string code_of(std::string_view language) {
  static const std::map<std::string, std::string, std::less<>> kNames{{"english", "en"},    {"spanish", "es"},
                                                                      {"portuguese", "pt"}, {"german", "de"},
                                                                      {"french", "fr"},     {"hindi", "hi"}};
  const std::string plain = plain_language(language);
  const auto named = kNames.find(plain);
  return named != kNames.end() ? named->second : plain;
}

bool is_edge(unsigned char c) {
  return c < 128 && !std::isalnum(c) && c != '%' && c != '$';
}

}  // namespace

std::string folded(std::string_view word) {
  static constexpr std::string_view kWide[] = {"¿", "¡", "«", "»",  "…",  "„",  "“", "”",
                                               "‘", "’", "।", "。", "！", "？", "、"};
  for (bool again = true; again;) {
    again = false;
    while (!word.empty() && is_edge(static_cast<unsigned char>(word.front()))) word.remove_prefix(1);
    while (!word.empty() && is_edge(static_cast<unsigned char>(word.back()))) word.remove_suffix(1);
    for (const std::string_view mark : kWide) {
      if (word.starts_with(mark)) word.remove_prefix(mark.size()), again = true;
      if (word.ends_with(mark)) word.remove_suffix(mark.size()), again = true;
    }
  }
  std::string small = fold_case(word);
  for (std::size_t at = small.find("’"); at != small.npos; at = small.find("’")) small.replace(at, 3, "'");
  return small;
}

const WordList* words_for(const Transcript& transcript) {
  static const std::vector<WordList> kLists = read_lists();
  const std::string code = code_of(transcript.language);
  const auto named = std::ranges::find(kLists, code, &WordList::language);
  if (named != kLists.end()) return &*named;
  if (!code.empty()) return nullptr;
  const std::size_t looked_at = std::min<std::size_t>(transcript.words.size(), 500);
  const WordList* best = nullptr;
  std::size_t most = looked_at / 4;  // fewer are no sign of a language
  for (const WordList& list : kLists) {
    const auto known = std::ranges::count_if(
        transcript.words.begin(), transcript.words.begin() + static_cast<long>(looked_at),
        [&](const Word& word) { return list.stop.contains(folded(word.text)); });
    if (static_cast<std::size_t>(known) > most) most = static_cast<std::size_t>(known), best = &list;
  }
  return best;
}

}  // namespace asfs::pipeline
